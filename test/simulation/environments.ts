import type { Answer } from '../../lambdas/custom-resource.ts';
import type { Runtime } from '../../lambdas/runtime.ts';
import type { JournalEntry } from '../../lib/model/journal.ts';
import type { Account } from '../../local/account.ts';
import { type ClientCall, ClientPool, type Clients } from '../../local/in-process.ts';
import { isRecord } from '../../local/json.ts';
import type { Handler } from '../../local/runtime/in-process-host.ts';
import {
  FunctionError,
  functionErrorOf,
  type InvocationContext,
  type LambdaFunction,
  type LambdaHost,
  noSuchFunction,
  timedOut,
} from '../../local/runtime/lambda-host.ts';
import { type Deployment, type Kind, KINDS, type Rollouts, type Version } from './rollouts.ts';

/** One run of a handler, as the checkers see it. */
export interface Invocation {
  readonly id: number;
  readonly kind: Kind;
  /** Whose code it runs. */
  readonly version: Version;
  readonly event: unknown;
  readonly startedAtMs: number;
  /** When it last began to read what there is to do in a group: what it plans for the group rests on what was there since. */
  readonly readAtMs: Map<string, number>;
  isOver: boolean;
}

/** What may happen to the calls of an invocation. */
export interface Mishaps {
  before(call: ClientCall, invocation: Invocation, kill: () => Promise<never>): Promise<void>;
  after(call: ClientCall, invocation: Invocation, kill: () => Promise<never>): Promise<void>;
  /** By how much a new environment's clock is wrong. */
  clockSkewMs(): number;
}

/** What the surroundings want to be told. */
export interface Witness {
  journal(entry: JournalEntry, invocation: Invocation): void;
  error(message: string, invocation: Invocation): void;
  ended(invocation: Invocation, result: unknown): void;
  failed(invocation: Invocation, error: unknown): void;
  /** A call that was begun then leaves for AWS now: it may have been held up in between. */
  sent(call: ClientCall, begunAtMs: number): void;
  /** What a call asked for is done, or refused. */
  answered(call: ClientCall, invocation: Invocation): void;
  /** It begins to read what there is to do in a group. */
  reads(group: string, invocation: Invocation): void;
  /** A random id was drawn, such as a batch's. */
  generated(id: string, invocation: Invocation): void;
}

/** One for all seeds that this process lives through. */
export const POOL = new ClientPool();

interface Environment {
  readonly name: string;
  readonly deployment: Deployment;
  readonly handler: Handler;
  readonly clients: Clients;
  current: Invocation | undefined;
  end: ((error: FunctionError) => void) | undefined;
  isDead: boolean;
}

/**
 * AWS Lambda as handlers live in it: an environment runs one invocation at a time, is used again while it lives, and
 * another is made when all are busy. One that dies takes its invocation with it; one that runs out of time is not used
 * again, though what it has begun may still take effect.
 */
export class Environments implements LambdaHost {
  readonly #account: Account;
  readonly #mishaps: Mishaps;
  readonly #witness: Witness;
  readonly #rollouts: Pick<Rollouts, 'deploymentFor'>;
  readonly #newId: () => string;
  readonly #respond: (requestId: string, answer: Answer) => void;
  readonly #definitions = new Map<string, LambdaFunction>();
  readonly #idle = new Map<Kind, Environment[]>();
  #invocations = 0;
  #environments = 0;

  constructor(parts: {
    readonly account: Account;
    readonly mishaps: Mishaps;
    readonly witness: Witness;
    readonly rollouts: Pick<Rollouts, 'deploymentFor'>;
    readonly newId: () => string;
    readonly respond: (requestId: string, answer: Answer) => void;
  }) {
    this.#account = parts.account;
    this.#mishaps = parts.mishaps;
    this.#witness = parts.witness;
    this.#rollouts = parts.rollouts;
    this.#newId = parts.newId;
    this.#respond = parts.respond;
  }

  create(definition: LambdaFunction): void {
    this.#definitions.set(definition.name, definition);
  }

  async remove(name: string): Promise<void> {
    this.#definitions.delete(name);
  }

  async close(): Promise<void> {
    this.#definitions.clear();
    // Those of environments that died or are at work may still wait for an answer, and are never used again.
    for (const { clients } of [...this.#idle.values()].flat()) POOL.giveBack(clients);
    this.#idle.clear();
  }

  nameOf(kind: Kind): string {
    return [...this.#definitions.keys()].find((name) => name.includes(kind)) ?? kind;
  }

  async invoke(name: string, event: unknown): Promise<unknown> {
    const definition = this.#definitions.get(name);
    const kind = KINDS.find((each) => name.includes(each));
    if (definition === undefined || kind === undefined) throw noSuchFunction(name);
    const deployment = this.#rollouts.deploymentFor(kind);
    const environment = this.#takeIdle(kind, deployment) ?? this.#newEnvironment(kind, definition, deployment);
    const { timeline } = this.#account;
    this.#invocations += 1;
    const startedAtMs = timeline.now();
    const invocation: Invocation = {
      id: this.#invocations,
      kind,
      version: deployment.version,
      event,
      startedAtMs,
      readAtMs: new Map(),
      isOver: false,
    };
    environment.current = invocation;
    const deadlineMs = timeline.now() + definition.timeoutMs;
    const context: InvocationContext = {
      awsRequestId: this.#newId(),
      functionName: definition.name,
      invokedFunctionArn: definition.arn,
      memoryLimitInMB: String(definition.memoryMegabytes),
      getRemainingTimeInMillis: () => Math.max(0, deadlineMs - timeline.now()),
    };
    try {
      const result = await new Promise<unknown>((resolve, reject) => {
        environment.end = reject;
        const cancel = timeline.after(definition.timeoutMs, () => reject(timedOut(definition)));
        void environment
          .handler(JSON.parse(JSON.stringify(event)), context)
          .then(
            (value) => resolve(JSON.parse(JSON.stringify(value ?? null))),
            (error: unknown) => reject(functionErrorOf(error)),
          )
          .finally(cancel);
      });
      invocation.isOver = true;
      this.#witness.ended(invocation, result);
      this.#idle.set(kind, [...(this.#idle.get(kind) ?? []), environment]);
      return result;
    } catch (error) {
      environment.isDead = true;
      invocation.isOver = true;
      this.#witness.failed(invocation, error);
      throw error;
    }
  }

  /** The one that was last at work. */
  #takeIdle(kind: Kind, deployment: Deployment): Environment | undefined {
    const idle = this.#idle.get(kind) ?? [];
    const place = idle.findLastIndex((each) => each.deployment === deployment);
    return place < 0 ? undefined : idle.splice(place, 1)[0];
  }

  #newEnvironment(kind: Kind, definition: LambdaFunction, deployment: Deployment): Environment {
    this.#environments += 1;
    const { code, version } = deployment;
    const name = `${kind}#${this.#environments}${version === 'this' ? '' : ' of the other version'}`;
    const skewMs = this.#mishaps.clockSkewMs();
    const { timeline } = this.#account;
    const invocationNow = (): Invocation => {
      if (environment.current === undefined) throw new Error(`${name} calls without being called`);
      return environment.current;
    };
    const kill = (): Promise<never> => {
      environment.isDead = true;
      environment.end?.(new FunctionError('Runtime.ExitError', 'RequestId: Error: Runtime exited'));
      return new Promise<never>(() => {});
    };
    const clients = POOL.lend(this.#account, name, {
      before: async (call) => {
        const invocation = invocationNow();
        const group = groupRead(call);
        if (group !== undefined) {
          invocation.readAtMs.set(group, timeline.now());
          this.#witness.reads(group, invocation);
        }
        const begunAtMs = timeline.now();
        await this.#mishaps.before(call, invocation, kill);
        this.#witness.sent(call, begunAtMs);
      },
      after: (call) => {
        this.#witness.answered(call, invocationNow());
        return this.#mishaps.after(call, invocationNow(), kill);
      },
    });
    const runtime: Runtime = {
      clock: { now: () => timeline.now() + skewMs, sleep: (milliseconds) => timeline.sleep(milliseconds) },
      random: {
        id: () => {
          const id = this.#newId();
          this.#witness.generated(id, invocationNow());
          return id;
        },
      },
      log: {
        journal: (entry) => this.#witness.journal(entry, invocationNow()),
        measure: () => {},
        error: (message, fields) => this.#witness.error(`${message} ${JSON.stringify(fields)}`, invocationNow()),
      },
    };
    const settings = code.settingsFrom(definition.environment);
    const handlers = {
      Observe: () => code.createObserve(settings, clients, runtime),
      Reconcile: () => code.createReconcile(settings, clients, runtime),
      Sweep: () => code.createSweep(settings, clients, runtime),
      Configure: () =>
        code.createConfigure(settings, clients, runtime, async ({ RequestId }, answer) =>
          this.#respond(RequestId, answer),
        ),
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- called with what the template wires it to
    const handler = handlers[kind]() as unknown as Handler;
    const environment: Environment = {
      name,
      deployment,
      handler,
      clients,
      current: undefined,
      end: undefined,
      isDead: false,
    };
    return environment;
  }
}

/** The group whose partition is read from its beginning, where that is what the call does. */
function groupRead({ operation, parameters }: ClientCall): string | undefined {
  if (operation !== 'Query' || 'ExclusiveStartKey' in parameters) return undefined;
  if (String(parameters['KeyConditionExpression']).includes('begins_with')) return undefined;
  const values = parameters['ExpressionAttributeValues'];
  const texts = isRecord(values) ? Object.values(values).map((value) => (isRecord(value) ? value['S'] : '')) : [];
  const group = texts.find((text) => typeof text === 'string' && text.startsWith('group#'));
  return typeof group === 'string' ? group.slice('group#'.length) : undefined;
}
