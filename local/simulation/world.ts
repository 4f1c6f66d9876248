import {
  CreateTagsCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  type ListResourceRecordSetsCommandOutput,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import { createHandler as createConfigure } from '../../lambdas/configure.ts';
import { settingsFrom } from '../../lambdas/environment.ts';
import { createHandler as createObserve } from '../../lambdas/observe.ts';
import { createHandler as createReconcile } from '../../lambdas/reconcile.ts';
import type { corePorts } from '../../lambdas/ports.ts';
import type { Runtime } from '../../lambdas/runtime.ts';
import { createHandler as createSweep } from '../../lambdas/sweep.ts';
import { createHandler as createUpdate } from '../../lambdas/update.ts';
import type { Configuration } from '../../lib/config/configuration.ts';
import type { JournalEntry } from '../../lib/model/journal.ts';
import type { Measurement } from '../../lib/model/measurement.ts';
import { Account, type AccountSettings } from '../account.ts';
import { type CallHooks, type Clients, clientsFor } from '../in-process.ts';
import { type UrlAnswer, urlAnswer, urlEvent, type UrlRequest } from '../function-url/event.ts';
import { CustomResourceDesk } from '../runtime/custom-resource.ts';
import { homeIn } from '../runtime/home.ts';
import { type Handler, InProcessHost } from '../runtime/in-process-host.ts';
import type { LambdaFunction } from '../runtime/lambda-host.ts';
import { Stack } from '../runtime/stack.ts';
import { parseTemplate } from '../runtime/template.ts';
import { VirtualTimeline } from '../timeline.ts';
import { templateOf } from './template.ts';

const START_MS = Date.UTC(2026, 0, 5, 12, 0, 0);
const ENDPOINT_URL = 'https://endpoint.lambda-url.us-east-1.on.aws/';
const FUNCTIONS = ['Observe', 'Reconcile', 'Sweep', 'Configure', 'Update'] as const;
export type FunctionKind = (typeof FUNCTIONS)[number];

export interface WorldOptions {
  readonly hooks?: (kind: FunctionKind) => CallHooks;
  /** What happens before the stack is deployed. */
  readonly before?: (world: World) => Promise<void>;
  /** By how much the clock of a function is wrong. @default - it is right */
  readonly skewMs?: (kind: FunctionKind) => number;
  /** How Route 53 takes its time, and whether it throttles. @default - quickly, and it does not */
  readonly route53?: AccountSettings['route53'];
}

/** The synthesized stack, with the real handlers and clients, in one process on virtual time. */
export class World {
  readonly timeline: VirtualTimeline;
  readonly account: Account;
  readonly user: Clients;
  readonly journal: JournalEntry[] = [];
  readonly measurements: Measurement[] = [];
  readonly errors: string[] = [];
  readonly failures: unknown[] = [];
  #stack: Stack | undefined;
  #host: InProcessHost | undefined;
  #desk: CustomResourceDesk | undefined;
  readonly #definitions = new Map<FunctionKind, LambdaFunction>();
  readonly #skewMs: (kind: FunctionKind) => number;
  #ids = 0;

  private constructor({ route53 = {}, skewMs = () => 0 }: WorldOptions) {
    this.#skewMs = skewMs;
    this.timeline = new VirtualTimeline(START_MS);
    this.account = new Account({ timeline: this.timeline, newId: () => this.#newId(), random: () => 0.5, route53 });
    this.user = clientsFor(this.account, 'user');
  }

  /** Ids that sort as they were given, in the form of a UUID. */
  #newId(): string {
    this.#ids += 1;
    return `00000000-0000-4000-8000-${this.#ids.toString(16).padStart(12, '0')}`;
  }

  static async open(configuration: Configuration, options: WorldOptions = {}): Promise<World> {
    const world = new World(options);
    for (const zone of Object.values(configuration.zones)) {
      if (zone.id === undefined) continue;
      const vpc = zone.private === true ? { vpc: { id: 'vpc-1', region: 'us-east-1' } } : {};
      world.account.route53.createZone({ id: zone.id, name: zone.name, callerReference: zone.id, ...vpc });
    }
    await options.before?.(world);
    await world.advance(5);
    const host = new InProcessHost({
      timeline: world.timeline,
      newId: () => world.#newId(),
      handlerOf: (definition) => {
        const kind = FUNCTIONS.find((each) => definition.name.includes(each));
        if (kind === undefined) throw new Error(`${definition.name} is none of our functions`);
        world.#definitions.set(kind, definition);
        return world.another(kind, options.hooks?.(kind) ?? {});
      },
    });
    world.#host = host;
    world.#desk = await CustomResourceDesk.open(host, () => world.#newId());
    const onFailure = (_name: string, error: unknown) => world.failures.push(error);
    const serveUrl = async () => ({ url: ENDPOINT_URL, close: async () => {} });
    const template = parseTemplate(await templateOf(configuration));
    const assembly = { stackName: 'Rolecall', template, assetFolder: () => '' };
    world.#stack = await Stack.create(
      assembly,
      homeIn(world.account, { host, desk: world.#desk, onFailure, serveUrl }),
    );
    return world;
  }

  /** One more instance of a function, with hooks of its own. */
  another(kind: FunctionKind, hooks: CallHooks): Handler {
    const settings = settingsFrom(this.#definitions.get(kind)?.environment ?? {});
    const clients = clientsFor(this.account, kind, { hooks });
    const runtime: Runtime = {
      clock: {
        now: () => this.timeline.now() + this.#skewMs(kind),
        sleep: (milliseconds) => this.timeline.sleep(milliseconds),
      },
      random: { id: () => this.#newId() },
      log: {
        journal: (entry) => this.journal.push(entry),
        measure: (measurements) => this.measurements.push(...measurements),
        error: (message, fields) => this.errors.push(`${kind}: ${message} ${JSON.stringify(fields)}`),
      },
    };
    const create = {
      Observe: createObserve,
      Reconcile: createReconcile,
      Sweep: createSweep,
      Configure: createConfigure,
      // The instances of this account have the addresses of documentation.
      Update: (...given: Parameters<typeof corePorts>) => createUpdate(...given, 'documentation'),
    }[kind];
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- called with what the template wires it to
    return create(settings, clients, runtime) as unknown as Handler;
  }

  /** One request to the endpoint of the stack; it takes the virtual time that its answer takes. */
  async request(target: string, given: Partial<UrlRequest> = {}): Promise<UrlAnswer> {
    const name = this.#definitions.get('Update')?.name ?? '';
    const asked: UrlRequest = { method: 'GET', headers: {}, sourceIp: '198.51.100.7', ...given, target };
    const state = { isOver: false };
    const answered = (
      this.#host?.invoke(name, urlEvent(asked, this.#newId(), this.timeline.now())) ?? Promise.resolve()
    )
      .then(urlAnswer)
      .finally(() => {
        state.isOver = true;
      });
    // It may fail while time goes on here, before anyone awaits it.
    answered.catch(() => undefined);
    for (let tries = 0; !state.isOver && tries < 200; tries += 1) await this.timeline.advance(100);
    return await answered;
  }

  get stack(): Stack {
    if (this.#stack === undefined) throw new Error('the stack is not there');
    return this.#stack;
  }

  /**
   * Deploys another configuration to the same functions.
   *
   * @returns the attributes of the custom resource.
   * @throws RolecallError when λ configure refuses it.
   */
  async update(configuration: Configuration): Promise<Readonly<Record<string, string>>> {
    const ids = Object.entries(configuration.zones).map(([key, { id }]) => [key, id]);
    const answered = await this.#desk?.request(
      {
        functionName: this.#definitions.get('Configure')?.name ?? '',
        serviceToken: 'arn:aws:lambda:us-east-1:123456789012:function:Configure',
        stackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/Rolecall/1',
        logicalId: 'Configuration',
        resourceType: 'Custom::RolecallConfiguration',
        properties: {
          Configuration: JSON.stringify(configuration),
          ZoneIds: Object.fromEntries(ids),
          ...(configuration.endpoint === true ? { EndpointUrl: ENDPOINT_URL } : {}),
        },
        timeoutMs: 60_000,
      },
      { RequestType: 'Update', OldResourceProperties: {}, PhysicalResourceId: 'configuration' },
    );
    return answered?.attributes ?? {};
  }

  /** A wake-up as the FIFO queue would deliver it. */
  wakeUp(group: string): { readonly Records: readonly unknown[] } {
    const body = JSON.stringify({ kind: 'wake', group, attempt: 0 });
    return { Records: [{ messageId: this.#newId(), body, attributes: { MessageGroupId: group } }] };
  }

  async advance(seconds: number): Promise<void> {
    await this.timeline.advance(seconds * 1000);
  }

  async launch(
    role: string,
    input: {
      readonly count?: number;
      readonly publicAddress?: boolean;
      readonly ipv6?: boolean;
      readonly subnetId?: string;
      readonly instanceProfile?: string;
      readonly tags?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<string[]> {
    const { count = 1, publicAddress = true, ipv6 = false, subnetId, instanceProfile, tags = {} } = input;
    const Tags = Object.entries({ ...(role === '' ? {} : { 'rolecall:role': role }), ...tags }).map(([Key, Value]) => ({
      Key,
      Value,
    }));
    const { Instances } = await this.user.ec2.send(
      new RunInstancesCommand({
        MinCount: count,
        MaxCount: count,
        InstanceType: 't3.micro',
        NetworkInterfaces: [
          {
            DeviceIndex: 0,
            AssociatePublicIpAddress: publicAddress,
            ...(ipv6 ? { Ipv6AddressCount: 1 } : {}),
            ...(subnetId === undefined ? {} : { SubnetId: subnetId }),
          },
        ],
        ...(instanceProfile === undefined ? {} : { IamInstanceProfile: { Name: instanceProfile } }),
        ...(Tags.length === 0 ? {} : { TagSpecifications: [{ ResourceType: 'instance', Tags }] }),
      }),
    );
    return (Instances ?? []).flatMap(({ InstanceId }) => InstanceId ?? []);
  }

  async tag(instanceId: string, role: string): Promise<void> {
    const Tags = [{ Key: 'rolecall:role', Value: role }];
    await this.user.ec2.send(new CreateTagsCommand({ Resources: [instanceId], Tags }));
  }

  async terminate(...InstanceIds: string[]): Promise<void> {
    await this.user.ec2.send(new TerminateInstancesCommand({ InstanceIds }));
  }

  async stop(...InstanceIds: string[]): Promise<void> {
    await this.user.ec2.send(new StopInstancesCommand({ InstanceIds }));
  }

  async start(...InstanceIds: string[]): Promise<void> {
    await this.user.ec2.send(new StartInstancesCommand({ InstanceIds }));
  }

  /** The zone's sets but NS, SOA and the serial: `name type ttl values`. */
  async zone(id: string): Promise<string[]> {
    return (await this.#sets(id))
      .filter(({ Type, Name }) => Type !== 'NS' && Type !== 'SOA' && !Name?.includes('._rolecall.'))
      .map(({ Name, Type, TTL, ResourceRecords }) =>
        [
          Name?.replace(/\.$/, '').replace('\\052', '*'),
          Type,
          TTL,
          ...(ResourceRecords ?? []).map(({ Value = '' }) => Value).sort((one, other) => (one < other ? -1 : 1)),
        ].join(' '),
      );
  }

  /** 0 where there is none. */
  async serial(id: string): Promise<number> {
    return Number(/serial=(\d+)/.exec((await this.#serialSet(id))?.ResourceRecords?.[0]?.Value ?? '')?.[1] ?? 0);
  }

  async deleteSerial(id: string): Promise<void> {
    const set = await this.#serialSet(id);
    const ChangeBatch = { Changes: [{ Action: 'DELETE' as const, ResourceRecordSet: set }] };
    await this.user.route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: id, ChangeBatch }));
  }

  async #serialSet(id: string): Promise<ResourceRecordSet | undefined> {
    return (await this.#sets(id)).find(({ Name }) => Name?.includes('._rolecall.'));
  }

  /** All pages: one has 300 sets at most. */
  async #sets(id: string): Promise<ResourceRecordSet[]> {
    const sets: ResourceRecordSet[] = [];
    for (let start: Partial<ListResourceRecordSetsCommandInput> | undefined = {}; start !== undefined; ) {
      const page: ListResourceRecordSetsCommandOutput = await this.user.route53.send(
        new ListResourceRecordSetsCommand({ HostedZoneId: id, ...start }),
      );
      sets.push(...(page.ResourceRecordSets ?? []));
      start = page.IsTruncated
        ? {
            StartRecordName: page.NextRecordName,
            StartRecordType: page.NextRecordType,
            StartRecordIdentifier: page.NextRecordIdentifier,
          }
        : undefined;
    }
    return sets;
  }

  /** A change by other hands. */
  async edit(
    zoneId: string,
    action: 'CREATE' | 'UPSERT' | 'DELETE',
    name: string,
    type: 'A' | 'CNAME' | 'TXT',
    ttl: number,
    ...values: string[]
  ): Promise<void> {
    await this.user.route53.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: zoneId,
        ChangeBatch: {
          Changes: [
            {
              Action: action,
              ResourceRecordSet: {
                Name: name,
                Type: type,
                TTL: ttl,
                ResourceRecords: values.map((Value) => ({ Value })),
              },
            },
          ],
        },
      }),
    );
  }

  /** An event as EventBridge would deliver it. */
  emit(instanceId: string, state: string, atMs: number): void {
    this.account.events.put({
      version: '0',
      id: this.#newId(),
      'detail-type': 'EC2 Instance State-change Notification',
      source: 'aws.ec2',
      account: '123456789012',
      time: new Date(atMs).toISOString().replace(/\.\d{3}Z$/, 'Z'),
      region: 'us-east-1',
      resources: [`arn:aws:ec2:us-east-1:123456789012:instance/${instanceId}`],
      detail: { 'instance-id': instanceId, state },
    });
  }

  /** @throws when an invocation failed: a fault of ours, since what AWS may refuse never fails a message. */
  async closeCleanly(): Promise<void> {
    await this.close();
    if (this.failures.length > 0)
      throw new Error(`${this.failures.length} invocations failed: ${String(this.failures[0])}`);
  }

  async close(): Promise<void> {
    await this.#host?.close();
    await this.#desk?.close();
    this.account.close();
  }
}
