import {
  asksInEffect,
  asksOfIncarnation,
  type DrainAsk,
  isDrainTagged,
  STALE_READ_MS,
  withAsk,
  withDueAsks,
  withoutAsks,
} from './drain.ts';
import { alarmsOf, type Health, isImpaired } from './health.ts';
import type { HostReport } from './host.ts';
import { claimedRoles, type InstanceDescription, type InstanceState } from './instance.ts';
import type { Member } from './member.ts';

/**
 * What we know of one instance. A fact with `gone` is a tombstone: nothing makes the instance live again.
 *
 * ```
 * evidence                                   effect
 * shutting-down, terminated (event, read)    gone, for ever
 * stopping, stopped (event at T)             closes everything up to T; an older stop changes nothing
 * stopped (read, launch time L)              closes the incarnation L only
 * pending, running (event at T)              opens a new incarnation when T is later than what is closed
 * pending, running (read, launch time L)     live when L, or such an event, is later than what is closed
 * not listed                                 counts; two complete sweeps make it `absent`
 * ```
 */
export interface Fact {
  readonly instanceId: string;
  readonly account: string;
  readonly region: string;
  readonly gone?: { readonly atMs: number; readonly source: EvidenceSource };
  /** A stop closed every incarnation that began up to this time; 0 when none. */
  readonly closedUpToMs: number;
  /** The launch time of the last incarnation known to be closed; 0 when none. */
  readonly closedLaunchTimeMs: number;
  /** The newest `pending` or `running` event; 0 when none. */
  readonly openedAtMs: number;
  /** When that event reached us: only a read begun since then shows the incarnation that it opened. */
  readonly openedSeenAtMs: number;
  /** The newest read that was not older than what we had. */
  readonly description?: InstanceDescription;
  /** When that read was started. */
  readonly readAtMs: number;
  /** Complete sweeps in a row that did not list a live instance, and when the last of them started. */
  readonly absentSweeps: number;
  readonly absentCountedAtMs: number;
  /** Absent while nothing speaks against it. */
  readonly health?: Health;
  /** What asks it to leave, and what no longer does. */
  readonly drains?: readonly DrainAsk[];
  /** Of a host outside EC2, which tells of itself; no read, event or sweep of EC2 says anything of it. */
  readonly host?: HostReport;
  /** Rises with each write: the condition of every write. 0: not stored yet. */
  readonly version: number;
}

export type EvidenceSource = 'event' | 'describe' | 'sweep' | 'host';

export const ABSENT_AFTER_SWEEPS = 2;
const ABSENCE_INTERVAL_MS = 60_000;
/** Until a sweep has read all instances. Where that takes longer, it counts as one that was begun so much before it had. */
const USUAL_READ_MS = 5_000;
/** After so many, one more tells nothing new. */
const MAX_ABSENT_SWEEPS = 10;
export const TOMBSTONE_DAYS = 30;
/** EventBridge's times are whole seconds. */
const TAG_EVENT_RESOLUTION_MS = 1_000;

export function unknownInstance(instanceId: string, account: string, region: string): Fact {
  return {
    instanceId,
    account,
    region,
    closedUpToMs: 0,
    closedLaunchTimeMs: 0,
    openedAtMs: 0,
    openedSeenAtMs: 0,
    readAtMs: 0,
    absentSweeps: 0,
    absentCountedAtMs: 0,
    version: 0,
  };
}

/**
 * Folds a state-change event of time `atMs` in, which reached us at `seenAtMs`. Returns the same object when it changes
 * nothing.
 */
export function foldEvent(fact: Fact, state: InstanceState, atMs: number, seenAtMs: number = atMs): Fact {
  if (fact.gone !== undefined) return fact;
  switch (state) {
    case 'shutting-down':
    case 'terminated':
      return { ...fact, gone: { atMs, source: 'event' } };
    case 'stopping':
    case 'stopped':
      return close(fact, atMs, seenAtMs);
    case 'pending':
    case 'running':
      return atMs > fact.openedAtMs ? { ...fact, openedAtMs: atMs, openedSeenAtMs: seenAtMs } : fact;
  }
}

function close(fact: Fact, atMs: number, seenAtMs: number): Fact {
  if (atMs <= fact.closedUpToMs) return fact;
  const launchTimeMs = fact.description?.launchTimeMs ?? 0;
  // One launched in the second of the stop may be the one that stopped, or the next: a later read tells. It has told
  // when the event is so late that reads since then would have shown the instance stopped.
  if (launchTimeMs === atMs && isLive(fact) && seenAtMs - atMs >= STALE_READ_MS) return fact;
  const closedLaunchTimeMs =
    launchTimeMs >= atMs ? fact.closedLaunchTimeMs : Math.max(fact.closedLaunchTimeMs, launchTimeMs);
  return { ...fact, closedUpToMs: atMs, closedLaunchTimeMs };
}

/** Folds one read in, started at `readAtMs`. Returns the same object when it changes nothing that counts. */
export function foldDescription(
  fact: Fact,
  read: InstanceDescription,
  readAtMs: number,
  source: 'describe' | 'sweep' = 'describe',
): Fact {
  if (fact.gone !== undefined) return fact;
  if (read.state === 'shutting-down' || read.state === 'terminated') {
    return { ...fact, gone: { atMs: readAtMs, source } };
  }
  if (readAtMs < fact.readAtMs || isBefore(read, fact.description)) return fact;
  const closes = read.state === 'stopping' || read.state === 'stopped';
  const next: Fact = {
    ...withDrains(fact, asksOfIncarnation(fact.drains ?? [], read, readAtMs, fact.description)),
    description: read,
    readAtMs,
    closedLaunchTimeMs: closes ? Math.max(fact.closedLaunchTimeMs, read.launchTimeMs) : fact.closedLaunchTimeMs,
    openedAtMs: closes ? 0 : fact.openedAtMs,
    absentSweeps: 0,
    absentCountedAtMs: 0,
  };
  const unchanged =
    fact.description !== undefined &&
    fact.absentSweeps === 0 &&
    isLive(fact) === isLive(next) &&
    fact.closedLaunchTimeMs === next.closedLaunchTimeMs &&
    fact.drains === next.drains &&
    JSON.stringify(fact.description) === JSON.stringify(read);
  return unchanged ? fact : next;
}

/** Whether it shows the instance as it was before the other read, whatever the clocks of those who read it say. */
function isBefore(read: InstanceDescription, known: InstanceDescription | undefined): boolean {
  if (known === undefined || read.launchTimeMs !== known.launchTimeMs)
    return read.launchTimeMs < (known?.launchTimeMs ?? 0);
  // What runs is pending again only after a stop ("Amazon EC2 instance state changes", Amazon EC2 User Guide).
  return read.state === 'pending' && known.state === 'running';
}

/** Counts a complete sweep, started at `sweptAtMs`, that did not list the instance; it had read all at `listedAtMs`. */
export function foldAbsence(fact: Fact, sweptAtMs: number, listedAtMs: number): Fact {
  if (fact.host !== undefined || !isLive(fact) || fact.readAtMs >= sweptAtMs || fact.absentSweeps >= MAX_ABSENT_SWEEPS)
    return fact;
  if (fact.absentSweeps > 0 && sweptAtMs - fact.absentCountedAtMs < ABSENCE_INTERVAL_MS) return fact;
  const absentCountedAtMs = Math.max(sweptAtMs, listedAtMs - USUAL_READ_MS);
  return { ...fact, absentSweeps: fact.absentSweeps + 1, absentCountedAtMs };
}

/** Folds in that the instance is asked to leave. Returns the same object when that is known, or of an earlier incarnation. */
export function foldDrain(fact: Fact, ask: DrainAsk): Fact {
  const isOld = ask.atMs < (fact.description?.launchTimeMs ?? 0) || ask.atMs < fact.closedUpToMs;
  return fact.gone !== undefined || isOld ? fact : withDrains(fact, withAsk(fact.drains ?? [], ask));
}

/** Takes back what the trigger asked up to `atMs`. */
export function foldDrainEnd(fact: Fact, by: DrainAsk['by'], atMs: number): Fact {
  return fact.gone !== undefined ? fact : withDrains(fact, withoutAsks(fact.drains ?? [], by, atMs));
}

/**
 * The tags after a change at `atMs`; a read that cannot be older than that knows better. So it is with one told so late that
 * the read which every change of a tag brings about cannot be older: that read decides.
 */
export function foldDrainTag(fact: Fact, tags: Readonly<Record<string, string>>, atMs: number, nowMs: number): Fact {
  if (fact.gone !== undefined || Math.max(fact.readAtMs, nowMs) >= atMs + STALE_READ_MS) return fact;
  const asks = fact.drains ?? [];
  if (isDrainTagged(tags)) return withDrains(fact, withAsk(asks, { by: 'tag', atMs }));
  return withDrains(fact, withoutAsks(asks, 'tag', atMs + TAG_EVENT_RESOLUTION_MS - 1));
}

/** Brings into effect what was announced for later. */
export function foldDrainsDue(fact: Fact, nowMs: number): Fact {
  return fact.gone !== undefined || fact.drains === undefined
    ? fact
    : withDrains(fact, withDueAsks(fact.drains, nowMs));
}

function withDrains(fact: Fact, drains: readonly DrainAsk[]): Fact {
  if (drains === (fact.drains ?? drains) && (fact.drains !== undefined || drains.length === 0)) return fact;
  const { drains: _before, ...rest } = fact;
  return drains.length === 0 ? rest : { ...rest, drains };
}

/** Live: a read shows it pending or running, in an incarnation that nothing has closed. */
export function isLive(fact: Fact): boolean {
  const read = fact.description;
  if (fact.gone !== undefined || read === undefined || fact.host?.away !== undefined) return false;
  if (read.state !== 'pending' && read.state !== 'running') return false;
  const isReopened = fact.openedAtMs > fact.closedUpToMs;
  if (isReopened && fact.readAtMs >= fact.openedSeenAtMs) return true;
  if (read.launchTimeMs <= fact.closedLaunchTimeMs) return false;
  if (read.launchTimeMs > fact.closedUpToMs) return true;
  if (read.launchTimeMs < fact.closedUpToMs) return false;
  // Both times have a resolution of one second. A start in the second of the stop is told by an older incarnation that
  // the stop closed, or by a read so long after the stop that it cannot be older.
  return fact.closedLaunchTimeMs > 0 || fact.readAtMs >= fact.closedUpToMs + STALE_READ_MS;
}

/**
 * Down: gone, or stopped with nothing heard of it since. One that was told to start, and was not read since then, may run:
 * what hands gave it is not to be taken from it.
 */
export function isDown(fact: Fact): boolean {
  if (fact.gone !== undefined) return true;
  const hasStarted = fact.openedAtMs > fact.closedUpToMs && fact.openedSeenAtMs > fact.readAtMs;
  return !isLive(fact) && !hasStarted;
}

/** Every role that the instance claims, whether configured or not; none when it is not live. */
export function membersOf(fact: Fact): Member[] {
  const read = fact.description;
  if (read === undefined || !isLive(fact)) return [];
  return claimedRoles(read.tags).roles.map((role) => ({
    role,
    instanceId: fact.instanceId,
    phase: read.state === 'running' ? ('serving' as const) : ('pending' as const),
    sinceMs: read.launchTimeMs,
    absentSweeps: fact.absentSweeps,
    region: fact.region,
    ...placeOf(read),
    ...(fact.host === undefined ? {} : { offCloud: true as const }),
    ...ailmentsOf(fact.health, read.launchTimeMs),
    ipv6: read.ipv6,
    tags: read.tags,
    ...drainsOf(fact),
  }));
}

function ailmentsOf(health: Health | undefined, launchTimeMs: number): Pick<Member, 'impaired' | 'alarms'> {
  const alarms = alarmsOf(health);
  return {
    ...(isImpaired(health, launchTimeMs) ? { impaired: true } : {}),
    ...(alarms.length === 0 ? {} : { alarms }),
  };
}

/** The fact with another health; the same object when that is the same. */
export function withHealth(fact: Fact, health: Health | undefined): Fact {
  if (health === fact.health) return fact;
  const { health: _before, ...rest } = fact;
  return health === undefined ? rest : { ...rest, health };
}

/** One ask of each trigger is enough for a member: the first. */
function drainsOf(fact: Fact): Pick<Member, 'drains'> {
  const first = new Map<DrainAsk['by'], number>();
  for (const { by, atMs } of asksInEffect(fact.drains)) first.set(by, Math.min(atMs, first.get(by) ?? atMs));
  return first.size === 0 ? {} : { drains: [...first].map(([by, atMs]) => ({ by, atMs })) };
}

const PLACE = [
  'availabilityZone',
  'vpcId',
  'subnetId',
  'instanceProfile',
  'primaryInterfaceId',
  'privateIpv4',
  'publicIpv4',
  'publicDnsName',
] as const;

/** What is known of where the instance is, and nothing for what is not. */
function placeOf(read: InstanceDescription): Partial<Pick<Member, (typeof PLACE)[number]>> {
  return Object.fromEntries(PLACE.flatMap((key) => (read[key] === undefined ? [] : [[key, read[key]]])));
}
