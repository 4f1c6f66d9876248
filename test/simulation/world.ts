import type { Answer } from '../../lambdas/custom-resource.ts';
import type { JournalEntry } from '../../lib/model/journal.ts';
import { Account } from '../../local/account.ts';
import type { Table } from '../../local/dynamodb/table.ts';
import type { Lifecycle } from '../../local/ec2/settings.ts';
import type { Clients } from '../../local/in-process.ts';
import type { Change, ResourceRecordSet } from '../../local/route53/resource-record-set.ts';
import type { Created, CustomResource, CustomResourceRequest } from '../../local/runtime/custom-resource.ts';
import { homeIn } from '../../local/runtime/home.ts';
import { Stack } from '../../local/runtime/stack.ts';
import { VirtualTimeline } from '../../local/timeline.ts';
import { Chance } from './chance.ts';
import { Chronicle } from './chronicle.ts';
import { Environments, type Invocation, POOL } from './environments.ts';
import { anyWeather, Trouble, type Weather } from './mishaps.ts';
import { isOwnFault } from './own-faults.ts';
import {
  anySetting,
  ROLE_NAMES,
  type Setting,
  settingBeside,
  SHARED_ROLES,
  withPools,
  withPrivateNames,
  type ZoneKey,
  ZONES,
  type Zones,
} from './setting.ts';
import { Post, type RawEvent } from './post.ts';
import { Mingling } from './mingling.ts';
import { Rollouts } from './rollouts.ts';
import { anyStrands, type Strand } from './strands.ts';
import { templateFor } from './template.ts';

const START_MS = Date.UTC(2026, 0, 5, 12, 0, 0);
/** One turn lets every promise run that waits for no timer; the SDK has none that waits for more. */
const TURNS = 1;
/** More than a seed ever needs. */
const MOST_ADDRESSES = 300;

export class Violated extends Error {
  readonly invariant: string;

  constructor(invariant: string, message: string) {
    super(`${invariant}: ${message}`);
    this.name = 'Violated';
    this.invariant = invariant;
  }
}

/** One seed: an account, the stack in it, what goes wrong, and what really happened. */
export class World {
  readonly seed: number;
  readonly timeline: VirtualTimeline;
  readonly account: Account;
  readonly chronicle: Chronicle;
  readonly trouble: Trouble;
  readonly environments: Environments;
  /** Which code its Lambdas run. */
  readonly rollouts: Rollouts;
  readonly journal: JournalEntry[] = [];
  readonly trace: string[] = [];
  readonly counts = new Map<string, number>();
  /** Every event that was delivered, for late repetition. */
  readonly delivered: { readonly event: RawEvent; readonly deliver: (event: RawEvent) => void }[] = [];
  readonly completeSweeps: { readonly startedAtMs: number; readonly endedAtMs: number }[] = [];
  readonly strands: ReadonlySet<Strand>;
  /** Another Rolecall's world, of which only the zones and the time are the same. */
  other: World | undefined;
  /** The one that was there before, of whom this one has the time. */
  readonly first: World | undefined;
  /** Events that come hours late. */
  readonly withheld: (() => void)[] = [];
  /** How often hands are quicker than Rolecall where they reach for the same address. */
  grasp = 0.3;
  setting: Setting;
  /** What configurations choose from. */
  readonly choice: readonly string[];
  /** Those that are configured. */
  zones: Zones = ZONES;
  /** The deployments so far, one after another. */
  configuring: Promise<void> = Promise.resolve();
  stack: Stack | undefined;
  onStep: () => void = () => {};
  onEnded: (invocation: Invocation, result: unknown) => void = () => {};
  onSaid: (entry: JournalEntry) => void = () => {};
  /** A Lambda has done with the event of a lifecycle action. */
  onToldOfHook: (token: string) => void = () => {};
  readonly #base: unknown;
  readonly #post: Post;
  readonly #answers = new Map<string, (answer: Answer) => void>();
  /** The clients that deployed the stack: every call of theirs was answered. */
  #deployer: Clients | undefined;
  #ids = 0;
  #problem: unknown;

  /** Of two that share their zones, the second is given the first. */
  constructor(seed: number, base: unknown, first?: World) {
    this.seed = seed;
    this.first = first;
    this.choice = first === undefined ? ROLE_NAMES : SHARED_ROLES;
    this.strands = first === undefined ? anyStrands(seed) : new Set();
    this.#base = base;
    const chance = new Chance(seed, 'world');
    this.#post = new Post(this, new Chance(seed, 'events'));
    const afterEach = () => {
      this.#afterStep();
      if (this.other !== undefined) this.other.#afterStep();
    };
    this.timeline = first?.timeline ?? new VirtualTimeline(START_MS, { turns: TURNS, afterEach });
    const drawn = first === undefined ? anySetting(chance) : settingBeside(first.setting, chance);
    const pools = new Chance(seed, 'pools');
    const pooled = this.strands.has('hands') ? withPools(drawn, pools) : drawn;
    const setting = this.strands.has('hands') && pools.happens(0.6) ? withPrivateNames(pooled) : pooled;
    this.setting = this.strands.has('reporting') ? { ...setting, defaults: { drift: 'report' } } : setting;
    const weather: Weather = anyWeather(chance);
    const lifecycle: Partial<Lifecycle> = {
      pendingMs: chance.pick([300, 700, 5_000] as const),
      stoppingMs: chance.pick([500, 1_500, 8_000] as const),
      shuttingDownMs: chance.pick([500, 1_500, 8_000] as const),
      tagsKeptMs: chance.pick([0, 600_000] as const),
      quarantineMs: chance.pick([0, 0, 20_000] as const),
      pageSize: chance.pick([1_000, 5] as const),
      spotNoticeMs: 20_000,
    };
    this.account = new Account({
      timeline: this.timeline,
      newId: () => this.newId(),
      random: () => chance.next(),
      lifecycle,
      ...(first === undefined ? {} : { besides: first.account }),
      route53: {
        inSyncMs: chance.pick([400, 4_000] as const),
        processingMs: weather.calls === 0 ? 0 : chance.pick([0, 0, 300, 1_500] as const),
        throttling: weather.calls > 0 && chance.happens(0.3),
      },
    });
    // No public address is ever given out in two places.
    if (first !== undefined)
      for (let count = 0; count < MOST_ADDRESSES; count += 1) this.account.ec2.fleet.takePublicAddress();
    this.chronicle = new Chronicle(this.account);
    this.trouble = new Trouble(this.account, new Chance(seed, 'trouble'), weather, (what) => this.count(what));
    if (this.strands.has('remoteness')) this.trouble.distanceMs = 1_500;
    this.trouble.isCrowded = this.strands.has('crowding');
    if (this.strands.has('stalling')) this.trouble.stalls = new Chance(seed, 'stalls');
    this.rollouts = new Rollouts(this.timeline, new Chance(seed, 'rollouts'));
    const mingling = new Mingling(this);
    this.environments = new Environments({
      account: this.account,
      rollouts: this.rollouts,
      mishaps: this.trouble,
      newId: () => this.newId(),
      respond: (requestId, answer) => this.#answers.get(requestId)?.(answer),
      witness: {
        journal: (entry) => {
          this.journal.push(entry);
          this.count(`said ${entry.kind} ${entry.reason}`);
          this.note(`journal ${JSON.stringify(entry)}`);
          this.#said(entry);
        },
        error: (message, { kind, id }) => {
          this.note(`error ${kind} ${id}: ${message}`);
          this.#failWhereOurs(message);
        },
        ended: (invocation, result) => this.#ended(invocation, result),
        failed: (invocation, error) => this.#failed(invocation, error),
        sent: (call, begunAtMs) => this.chronicle.sent(call, begunAtMs),
        generated: (id, invocation) => this.chronicle.drew(id, invocation),
        answered: (call, invocation) => {
          if (this.rollouts.isPossible) mingling.answered(call, invocation);
        },
        reads: (group, invocation) => mingling.reads(group, invocation),
      },
    });
  }

  newId(): string {
    this.#ids += 1;
    return `${this.first === undefined ? '0' : '1'}0000000-0000-4000-8000-${this.#ids.toString(16).padStart(12, '0')}`;
  }

  note(line: string): void {
    if (this.first !== undefined) return this.first.note(`(${this.setting.owner}) ${line}`);
    this.trace.push(`${new Date(this.timeline.now()).toISOString().slice(11, 23)} ${line}`);
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  /** The first violation, or bug, ends the seed. */
  fail(problem: unknown): void {
    this.#problem ??= problem;
    this.first?.fail(problem);
  }

  async advance(seconds: number): Promise<void> {
    await this.timeline.advance(seconds * 1000);
    if (this.#problem !== undefined) throw this.#problem;
  }

  /** Time goes on until the work is done. */
  async through<Result>(work: Promise<Result>): Promise<Result> {
    const state = { isOver: false };
    const watched = work.finally(() => {
      state.isOver = true;
    });
    // Awaited below; a rejection must not count as unhandled while time goes on.
    watched.catch(() => {});
    for (let step = 0; !state.isOver && step < 10_000; step += 1) await this.advance(0.05);
    return await watched;
  }

  /** Zones first, then what the people did before, then the stack. */
  async deploy(before: () => void): Promise<void> {
    for (const { id, name, private: isPrivate } of this.first === undefined ? Object.values(this.zones) : []) {
      const vpc = isPrivate === true ? { vpc: { id: 'vpc-1', region: 'us-east-1' } } : {};
      this.account.route53.createZone({ id, name, callerReference: id, ...vpc });
    }
    before();
    await this.advance(10);
    const clients = POOL.lend(this.account, 'cloudformation', {});
    const home = homeIn(this.account, {
      clients,
      host: this.environments,
      desk: { request: (resource, request) => this.#request(resource, request) },
      onFailure: () => {},
    });
    const assembly = {
      stackName: 'Rolecall',
      template: templateFor(this.#base, this.setting),
      assetFolder: () => '',
    };
    const creation = Stack.create(assembly, {
      ...home,
      addRule: (name, pattern, target) => home.addRule(name, pattern, (event) => this.#post.carry(event, target)),
    });
    this.stack = await this.through(creation);
    this.#deployer = clients;
    this.chronicle.configuredAtMs = this.timeline.now();
  }

  /** Deploys another configuration to the same functions. */
  async configure(setting: Setting): Promise<void> {
    const zoneIds = Object.fromEntries(Object.entries(setting.zones).map(([key, { id }]) => [key, id]));
    this.setting = setting;
    this.chronicle.configuredAtMs = this.timeline.now();
    await this.#request(
      {
        functionName: this.environments.nameOf('Configure'),
        serviceToken: 'arn:aws:lambda:us-east-1:123456789012:function:Configure',
        stackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/Rolecall/1',
        logicalId: 'Configuration',
        resourceType: 'Custom::RolecallConfiguration',
        properties: { Configuration: JSON.stringify(setting), ZoneIds: zoneIds },
        timeoutMs: 60_000,
      },
      { RequestType: 'Update', OldResourceProperties: {}, PhysicalResourceId: 'configuration' },
    );
    this.chronicle.configuredAtMs = this.timeline.now();
  }

  /** The registry. */
  get table(): Table | undefined {
    return this.account.dynamodb.tables.get(this.stack?.outputs['RegistryTable'] ?? '');
  }

  isThere(zone: string): boolean {
    return this.account.route53.zones().some(({ id }) => this.keyOf(id) === zone);
  }

  /** Whether the zone shows who holds what: hands may have changed what is only reported. */
  isReadable(zone: ZoneKey): boolean {
    const { id } = this.zones[zone];
    const isChanged = [...this.chronicle.handled].some((handled) => handled.startsWith(`${id} `));
    return this.isThere(zone) && !(this.strands.has('reporting') && isChanged);
  }

  keyOf(zoneId: string): string {
    return Object.entries(this.zones).find(([, { id }]) => id === zoneId)?.[0] ?? zoneId;
  }

  /** Whether anybody else ever changed something at a name. */
  isHandled(zone: string, name: string): boolean {
    const { handled, strangersNames } = this.chronicle;
    return Object.entries(this.zones).some(
      ([key, { id }]) => key === zone && (handled.has(`${id} ${name}`) || strangersNames.has(`${id} ${name}`)),
    );
  }

  /** Whether what hands made of a name is only reported, and stays. */
  isLeftToHands(zone: string, name: string): boolean {
    return this.strands.has('reporting') && this.isHandled(zone, name);
  }

  /** A change of a zone by other hands. */
  async edit(zoneId: string, changes: readonly Change[]): Promise<void> {
    const zone = this.account.route53.zones().find(({ id }) => id === zoneId);
    if (zone === undefined) return;
    const there = new Map(changes.map(({ set }) => [set, zone.current.get(set) !== undefined]));
    try {
      await this.account.route53.change(zoneId, changes, 'by hand');
    } catch {
      return;
    }
    for (const { action, set } of changes) {
      this.note(`by hand: ${action} ${shown(set)}`);
      for (const { chronicle } of this.other === undefined ? [this] : [this, this.other])
        chronicle.handChange(zoneId, action, set, there.get(set) === true);
    }
  }

  async close(): Promise<void> {
    if (this.first === undefined) await this.other?.close();
    this.stack?.halt();
    if (this.#deployer !== undefined) POOL.giveBack(this.#deployer);
    await this.environments.close();
    this.account.close();
  }

  #afterStep(): void {
    if (this.#problem !== undefined) return;
    try {
      this.onStep();
    } catch (error) {
      this.fail(error);
    }
  }

  /** A complaint of the checkers must not look like a mistake of the Lambda that spoke. */
  #said(entry: JournalEntry): void {
    try {
      this.onSaid(entry);
    } catch (error) {
      this.fail(error);
    }
  }

  #ended(invocation: Invocation, result: unknown): void {
    const { kind, id, startedAtMs } = invocation;
    this.note(`${kind} ${id} ended: ${JSON.stringify(result)}`);
    if (kind === 'Sweep' && this.#isComplete(result)) {
      this.completeSweeps.push({ startedAtMs, endedAtMs: this.timeline.now() });
    }
    this.onEnded(invocation, result);
  }

  /** It has seen everything but zones that are gone. */
  #isComplete(result: unknown): boolean {
    if (typeof result !== 'object' || result === null || !('failures' in result)) return false;
    const gone = Object.entries(this.zones).flatMap(([key, { name }]) => (this.isThere(key) ? [] : [name]));
    const { failures } = result;
    return (
      Array.isArray(failures) && failures.every((each) => gone.some((name) => String(each).startsWith(`${name}:`)))
    );
  }

  #failed({ kind, id }: Invocation, error: unknown): void {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.note(`${kind} ${id} failed: ${text}`);
    this.count(`${kind} failed`);
    this.#failWhereOurs(text);
  }

  #failWhereOurs(text: string): void {
    if (isOwnFault(text)) this.fail(new Violated('no bugs', text));
  }

  async #request(resource: CustomResource, request: CustomResourceRequest): Promise<Created> {
    const RequestId = this.newId();
    const answered = new Promise<Answer>((resolve) => this.#answers.set(RequestId, resolve));
    const invoked = this.environments.invoke(resource.functionName, {
      ...request,
      ServiceToken: resource.serviceToken,
      ResponseURL: `http://127.0.0.1/${RequestId}`,
      StackId: resource.stackId,
      RequestId,
      LogicalResourceId: resource.logicalId,
      ResourceType: resource.resourceType,
      ResourceProperties: { ServiceToken: resource.serviceToken, ...resource.properties },
    });
    const [answer] = await Promise.all([answered, invoked]);
    if (answer.status === 'FAILED') throw new Error(`the deployment failed: ${answer.reason}`);
    return { physicalId: 'configuration', attributes: answer.attributes ?? {} };
  }
}

export function shown({ name, type, setIdentifier, ttlSeconds, values }: ResourceRecordSet): string {
  const of = setIdentifier === undefined ? '' : ` [${setIdentifier}]`;
  return `${name} ${type}${of} ${ttlSeconds ?? ''} ${values.join(' ')}`;
}
