import type { Configuration } from '../../../lib/config/configuration.ts';
import { createHistory } from '../../../lib/aws/registry/history.ts';
import type { JournalEntry } from '../../../lib/model/journal.ts';
import type { CallHooks } from '../../../local/in-process.ts';
import { type FunctionKind, World } from '../../../local/simulation/world.ts';

const IN_SYNC_MS = 700;
export const TTL_MS = 5_000;
const INT = 'Z0INT';
const PUB = 'Z0PUB';
const TTL = '5s';
/** After the deployment; the sweeps are at 60, 120, … */
const BEGINS_MS = 100_000;
const DRAIN_ON = ['hook', 'spot', 'tag', 'retirement', 'rebalance'] as const;

const NAMES: Configuration = {
  owner: 'test',
  zones: { int: { name: 'corp.internal', id: INT, private: true } },
  allowTerminate: true,
  roles: {
    web: { names: [{ zone: 'int', ttl: TTL }], drainOn: [...DRAIN_ON] },
    watched: { names: [{ zone: 'int', ttl: TTL }], health: { alarms: 'watched-*' } },
  },
};

const POOL: Configuration = {
  owner: 'test',
  zones: { pub: { name: 'example.com', id: PUB } },
  roles: {
    mail: {
      names: [{ zone: 'pub', name: 'mx{ordinal}', ttl: TTL }],
      elasticIp: { pool: 'mail' },
      whenEmpty: 'keep',
      drainOn: [...DRAIN_ON],
    },
  },
};

const CHECKS: Configuration = {
  owner: 'test',
  zones: { pub: { name: 'example.com', id: PUB } },
  roles: {
    checked: {
      names: [{ zone: 'pub', ttl: TTL, routing: 'multivalue' }],
      health: { route53: { type: 'HTTP', port: 80, path: '/' } },
    },
  },
};

/** Where the names of a role are. */
const PLACES = {
  web: { configuration: NAMES, zone: INT },
  watched: { configuration: NAMES, zone: INT },
  mail: { configuration: POOL, zone: PUB },
  checked: { configuration: CHECKS, zone: PUB },
} as const;
export type Role = keyof typeof PLACES;

/** `one` is who goes, or comes back; `two` stays; `three` is launched on the way. */
export type Who = 'one' | 'two' | 'three';

export type Moment =
  /** It begins. */
  | 'begun'
  /** Route 53 accepted the change that took the address of the subject out of the zone; then all its name servers had it. */
  | 'left'
  | 'left everywhere'
  /** The same of the change that put it in. */
  | 'joined'
  | 'joined everywhere'
  /** The Elastic IP was taken from `one`, or given to `two`. */
  | 'released'
  | 'given'
  /** A lifecycle action was completed. */
  | 'completed'
  /** EC2 began to terminate or to stop the subject. */
  | 'going'
  /** The journal says that the subject has drained. */
  | 'drained';

type RawEvent = Parameters<World['account']['events']['put']>[0];

/** One of two members of a role is about to go: the account, the stack in it, and when what happened. */
export class Stage {
  readonly world: World;
  readonly role: Role;
  readonly ids: Partial<Record<Who, string>> = {};
  readonly moments = new Map<Moment, number[]>();
  readonly completions: string[] = [];
  /** How an event comes to the event bus; what is given here may hold it, or repeat it. */
  deliver: (event: RawEvent, put: (event: RawEvent) => void) => void = (event, put) => put(event);
  readonly subject: Who;
  #address = '';
  #isNamed = false;
  #beganAtMs = Number.POSITIVE_INFINITY;

  private constructor(world: World, role: Role, subject: Who) {
    this.world = world;
    this.role = role;
    this.subject = subject;
  }

  /** Two members serve. */
  static async open(
    { role, subject, prepare }: Pick<Setting, 'role' | 'subject' | 'prepare'>,
    hooks: (kind: FunctionKind) => CallHooks,
  ): Promise<Stage> {
    const { configuration } = PLACES[role];
    const before = async ({ account }: World) => {
      if (role === 'mail') account.ec2.allocateAddress({ 'rolecall:pool': 'mail' });
    };
    const world = await World.open(configuration, { hooks, before, route53: { inSyncMs: IN_SYNC_MS } });
    const stage = new Stage(world, role, subject);
    stage.#watch();
    const openedAtMs = world.timeline.now();
    if (role === 'mail') {
      // The pool has one address, for the older.
      await stage.launch('one');
      await world.advance(5);
      await stage.launch('two');
    } else {
      await stage.launch('one', 'two');
    }
    await world.advance(5);
    await prepare?.(stage);
    await world.advance((BEGINS_MS - (world.timeline.now() - openedAtMs)) / 1000);
    return stage;
  }

  readonly id = (who: Who): string => this.ids[who] ?? '';

  async launch(...whos: readonly Who[]): Promise<void> {
    const ids = await this.world.launch(this.role, { count: whos.length });
    for (const [place, who] of whos.entries()) this.ids[who] = ids[place] ?? '';
    if (!whos.includes(this.subject)) return;
    this.#address = this.#instance(this.subject)?.interfaces[0]?.privateAddress ?? '';
    if (this.role !== 'checked') return;
    // Its public address is given when it runs.
    await this.world.advance(1);
    this.#address = this.#instance(this.subject)?.autoPublicAddress ?? '';
  }

  #instance(who: Who) {
    return this.world.account.ec2.fleet.find(this.id(who));
  }

  /** Whatever happened until now is forgotten. */
  begin(): void {
    this.#beganAtMs = this.world.timeline.now();
    this.moments.clear();
    this.completions.length = 0;
    this.world.journal.length = 0;
    this.#note('begun');
  }

  #note(moment: Moment, atMs = this.world.timeline.now()): void {
    this.moments.set(moment, [...(this.moments.get(moment) ?? []), atMs]);
  }

  /** What really happens in the account is seen there: a call tells only what was tried. */
  #watch(): void {
    const { events, autoscaling, ec2, route53 } = this.world.account;
    const put = events.put.bind(events);
    events.put = (event) => {
      const { state, 'instance-id': id } = event['detail'] as { state?: string; 'instance-id'?: string };
      const isGoing = state === 'shutting-down' || state === 'stopping';
      if (isGoing && id === this.id(this.subject)) this.#note('going');
      this.deliver(event, put);
    };
    const complete = autoscaling.complete.bind(autoscaling);
    autoscaling.complete = (name, result) => {
      complete(name, result);
      this.completions.push(`${name.hook} ${result}`);
      this.#note('completed');
    };
    const { elasticIps } = ec2;
    const putAddress = elasticIps.put.bind(elasticIps);
    elasticIps.put = (address) => {
      const from = elasticIps.find(address.allocationId)?.association?.instanceId;
      const to = address.association?.instanceId;
      putAddress(address);
      if (from !== to && from === this.id('one')) this.#note('released');
      if (from !== to && to === this.id('two')) this.#note('given');
    };
    route53.onInSync(({ atMs }) => this.#lookAtZone(atMs));
  }

  #lookAtZone(acceptedAtMs: number): void {
    const sets = this.world.account.route53.zone(PLACES[this.role].zone).published.sorted();
    const isNamed = this.#address !== '' && sets.some(({ values }) => values.includes(this.#address));
    if (isNamed !== this.#isNamed) {
      this.#note(isNamed ? 'joined' : 'left', acceptedAtMs);
      this.#note(isNamed ? 'joined everywhere' : 'left everywhere');
    }
    this.#isNamed = isNamed;
  }

  async ending(): Promise<Ending> {
    const { world } = this;
    const said = await this.#journal();
    for (const { atMs, entry } of said)
      if (entry.kind === 'drained' && entry.instance === this.id(this.subject)) this.#note('drained', atMs);
    const addresses = world.account.ec2.elasticIps.addresses.current();
    return {
      zone: await world.zone(PLACES[this.role].zone),
      states: (['one', 'two', 'three'] as const).flatMap((who) => this.#instance(who)?.state ?? []).join(' '),
      holders: addresses.map(({ association }) => this.#who(association?.instanceId)),
      completions: [...this.completions],
      said: said.map(({ entry }) => this.#line(entry)),
    };
  }

  /** As it is stored: who dies between an entry and its line prints none. */
  async #journal() {
    const { user, stack, timeline } = this.world;
    const settings = { table: stack.outputs['RegistryTable'] ?? '' };
    const history = createHistory(user.dynamodb, settings, timeline, { id: () => 'none' });
    return await history.readJournal(this.#beganAtMs, timeline.now());
  }

  /** The printed lines of the journal. */
  printed(): string[] {
    return this.world.journal.map((entry) => this.#line(entry));
  }

  #who(id: string | undefined): string {
    return Object.entries(this.ids).find(([, each]) => each === id)?.[0] ?? '-';
  }

  #line(entry: JournalEntry): string {
    if (entry.kind === 'change')
      return `${entry.action} ${entry.name} ${entry.type}: ${entry.reason} ${this.#who(entry.instance)}`;
    if (entry.kind === 'moved') return `moved: ${entry.reason} ${this.#who(entry.from)} -> ${this.#who(entry.to)}`;
    if (entry.kind === 'drained') {
      const { asked, hooks = [], terminated = false } = entry;
      const more = [...hooks, ...(terminated ? ['terminated'] : [])].map((each) => `, ${each}`);
      return `drained: ${this.#who(entry.instance)} by ${asked.join(' ')}${more.join('')}`;
    }
    const isOver = 'cleared' in entry && entry.cleared;
    return `${entry.kind}: ${entry.reason}${isOver ? ' no more' : ''}`;
  }
}

/** All that is left when it is over. */
export interface Ending {
  readonly zone: readonly string[];
  /** Of one, two and three. */
  readonly states: string;
  /** Who has each address of the pool. */
  readonly holders: readonly string[];
  readonly completions: readonly string[];
  /** The journal, in its order. */
  readonly said: readonly string[];
}

/** What is there before. */
export interface Setting {
  readonly role: Role;
  readonly subject: Who;
  readonly prepare?: (stage: Stage) => Promise<unknown> | void;
}
