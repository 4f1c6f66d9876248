import { isDeepStrictEqual } from 'node:util';
import { InvalidInput } from '../../lib/model/errors.ts';
import { type Bindings, referencesOf, resolveIntrinsics, resolveProperties } from './intrinsics.ts';
import { createResource, type Resource, type ResourceRequest, type StackHome } from './resources.ts';
import type { Assembly, Template, TemplateResource } from './template.ts';

interface Existing {
  readonly resource: Resource;
  readonly type: string;
  readonly retained: boolean;
  properties: Readonly<Record<string, unknown>>;
}

/** A stack of the local account, created from what `cdk synth` wrote. */
export class Stack {
  readonly #home: StackHome;
  readonly #stackId: string;
  /** In the order of creation. */
  readonly #existing = new Map<string, Existing>();
  #assembly: Assembly;

  private constructor(assembly: Assembly, home: StackHome) {
    this.#assembly = assembly;
    this.#home = home;
    this.#stackId = `arn:aws:cloudformation:${home.region}:${home.accountId}:stack/${assembly.stackName}/${home.newId()}`;
  }

  /** Creates every resource after those that it depends on; removes them again when one fails. */
  static async create(assembly: Assembly, home: StackHome): Promise<Stack> {
    const stack = new Stack(assembly, home);
    try {
      for (const logicalId of creationOrder(assembly.template)) await stack.#create(logicalId);
    } catch (error) {
      await stack.#rollBack();
      throw error;
    }
    return stack;
  }

  get outputs(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      Object.entries(this.#assembly.template.Outputs).map(([name, { Value }]) => [
        name,
        String(resolveIntrinsics(Value, this.#bindings())),
      ]),
    );
  }

  /**
   * Changes the stack to what another assembly of it says: new resources first, then changes in place, then removals.
   *
   * @throws InvalidInput for a change in place of anything that has an effect here, but of a custom resource.
   */
  async update(assembly: Assembly): Promise<void> {
    this.#assembly = assembly;
    for (const logicalId of creationOrder(assembly.template)) {
      const existing = this.#existing.get(logicalId);
      if (existing === undefined) await this.#create(logicalId);
      else await this.#change(logicalId, existing);
    }
    for (const logicalId of [...this.#existing.keys()].reverse()) {
      if (!(logicalId in assembly.template.Resources)) await this.#remove(logicalId);
    }
  }

  /** Removes every resource that is not retained, those that depend on others first. */
  async delete(): Promise<void> {
    for (const logicalId of [...this.#existing.keys()].reverse()) await this.#remove(logicalId);
  }

  /** Nothing of it happens by itself any more; what is there stays. */
  halt(): void {
    for (const { resource } of this.#existing.values()) resource.halt?.();
  }

  async #create(logicalId: string): Promise<void> {
    const request = this.#request(logicalId);
    const resource = await createResource(request, this.#home);
    const { type, properties } = request;
    const retained = this.#described(logicalId).DeletionPolicy === 'Retain';
    this.#existing.set(logicalId, { resource, type, properties, retained });
  }

  async #change(logicalId: string, existing: Existing): Promise<void> {
    const request = this.#request(logicalId);
    if (isDeepStrictEqual(request.properties, existing.properties)) return;
    if (existing.resource.update === undefined) {
      throw new InvalidInput(
        `${logicalId} (${existing.type}) differs from what the stack has; the local account changes custom resources only. Start it anew.`,
      );
    }
    await existing.resource.update(request, existing.properties);
    existing.properties = request.properties;
  }

  async #remove(logicalId: string): Promise<void> {
    const existing = this.#existing.get(logicalId);
    if (existing !== undefined && !existing.retained) await existing.resource.remove();
    this.#existing.delete(logicalId);
  }

  /** The failure that led here is what the user must see: what follows from it is left aside. */
  async #rollBack(): Promise<void> {
    for (const { resource } of [...this.#existing.values()].reverse()) await resource.remove().catch(() => {});
    this.#existing.clear();
  }

  #request(logicalId: string): ResourceRequest {
    const { Type: type, Properties } = this.#described(logicalId);
    return {
      stackName: this.#assembly.stackName,
      stackId: this.#stackId,
      logicalId,
      type,
      properties: resolveProperties(Properties, this.#bindings()),
      assetFolder: this.#assembly.assetFolder,
    };
  }

  #described(logicalId: string): TemplateResource {
    const described = this.#assembly.template.Resources[logicalId];
    if (described === undefined) throw new InvalidInput(`the template has no resource ${logicalId}.`);
    return described;
  }

  #bindings(): Bindings {
    const { accountId, region } = this.#home;
    const pseudo: Readonly<Record<string, string>> = {
      'AWS::AccountId': accountId,
      'AWS::Partition': 'aws',
      'AWS::Region': region,
      'AWS::StackId': this.#stackId,
      'AWS::StackName': this.#assembly.stackName,
      'AWS::URLSuffix': 'amazonaws.com',
    };
    return {
      ref: (name) => pseudo[name] ?? this.#existing.get(name)?.resource.ref,
      attribute: (logicalId, name) => this.#existing.get(logicalId)?.resource.attributes[name],
    };
  }
}

/**
 * Each resource after all that it refers to or names in DependsOn.
 *
 * @throws InvalidInput when resources depend on each other in a circle.
 */
function creationOrder({ Resources }: Template): string[] {
  const done = new Set<string>();
  const under = new Set<string>();
  const visit = (logicalId: string): void => {
    const described = Resources[logicalId];
    if (described === undefined || done.has(logicalId)) return;
    if (under.has(logicalId))
      throw new InvalidInput(`resources depend on each other in a circle: ${[...under].join(', ')}.`);
    under.add(logicalId);
    const { DependsOn, Properties } = described;
    for (const needed of [DependsOn].flat()) visit(needed);
    for (const needed of referencesOf(Properties)) visit(needed);
    under.delete(logicalId);
    done.add(logicalId);
  };
  for (const logicalId of Object.keys(Resources)) visit(logicalId);
  return [...done];
}
