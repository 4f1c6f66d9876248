import type { Observation } from '../events/parse.ts';
import { ServiceFailure } from '../model/errors.ts';
import { type Fact, foldDescription, foldEvent, isLive, unknownInstance } from '../model/fact.ts';
import { claimedRoles, type InstanceDescription, TAG_PREFIX } from '../model/instance.ts';
import type { Installation } from '../model/role.ts';
import { ADDRESSES_GROUP, DRAINS_GROUP } from '../model/zone.ts';
import { factUpdate, isWorthKeeping, refusals } from './claims.ts';
import { type DrainFold, drainFolds } from './drain-asks.ts';
import { roleOf, zonesFirst } from './groups.ts';
import { foldAlarmEvents, isWatched } from './health.ts';
import { takeActions } from './lifecycle-actions.ts';
import type { FactUpdate, ComputePorts, WakeUp } from './ports.ts';

/** An observation, and when its message was sent to us. */
export interface Received {
  readonly observation: Observation;
  readonly sentAtMs: number;
}

type StateEvent = Extract<Observation, { kind: 'instance-state' }> & { readonly sentAtMs: number };

/** How often an instance is read again when a read did not show what an event said; then the sweep takes over. */
export const MAX_READS_AGAIN = 5;
const SAVE_ROUNDS = 6;

/**
 * Turns a batch of observations into facts and dirty marks, and wakes the groups that have work.
 * Departures come first and need no call to EC2; everything else is read from EC2, once for the whole batch.
 */
export async function observe(batch: readonly Received[], ports: ComputePorts): Promise<void> {
  const states: StateEvent[] = batch.flatMap(({ observation, sentAtMs }) =>
    observation.kind === 'instance-state' ? [{ ...observation, sentAtMs }] : [],
  );
  const drains = batch.flatMap(({ observation, sentAtMs }) =>
    drainFolds(observation).map((drain) => ({ ...drain, sentAtMs })),
  );
  await depart(states.filter(isDeparture), drains, ports);
  const actions = batch.flatMap(({ observation }) => (observation.kind === 'lifecycle' ? [observation] : []));
  await takeActions(
    actions.filter(({ transition }) => transition === 'terminating'),
    new Map(),
    ports,
  );
  await forward(batch, ports);
  await heedAlarms(batch, ports);
  const facts = await arrive(
    batch,
    states.filter((event) => !isDeparture(event)),
    ports,
  );
  await takeActions(
    actions.filter(({ transition }) => transition === 'launching'),
    facts,
    ports,
  );
}

function isDeparture({ state }: StateEvent): boolean {
  return state !== 'pending' && state !== 'running';
}

async function depart(
  events: readonly StateEvent[],
  drains: readonly (DrainFold & { readonly sentAtMs: number })[],
  ports: ComputePorts,
): Promise<void> {
  const origin = [...events, ...drains];
  if (origin.length === 0) return;
  const nowMs = ports.clock.now();
  const folded = (fact: Fact) =>
    drains
      .filter(({ instanceId }) => instanceId === fact.instanceId)
      .reduce((before, { fold }) => fold(before, nowMs), fact);
  await save(
    origin.map(({ instanceId }) => instanceId),
    (fact) => foldEvents(folded(fact), events, nowMs),
    origin,
    ports,
  );
}

function foldEvents(fact: Fact, events: readonly StateEvent[], nowMs: number): Fact {
  return events
    .filter((event) => event.instanceId === fact.instanceId)
    .reduce((folded, event) => foldEvent(folded, event.state, event.atMs, nowMs), fact);
}

/** An alarm about an instance that we do not know is found by the sweep once we do. */
async function heedAlarms(batch: readonly Received[], ports: ComputePorts): Promise<void> {
  const events = batch.flatMap(({ observation, sentAtMs }) =>
    observation.kind === 'alarm' ? [{ ...observation, sentAtMs }] : [],
  );
  const ids = [...new Set(events.flatMap(({ instanceIds }) => instanceIds))];
  if (ids.length === 0) return;
  const known = await ports.registry.readFacts(ids);
  const watched = events.filter(({ alarmName }) => isWatched(known.installation, alarmName));
  const concerned = known.facts
    .map(({ instanceId }) => instanceId)
    .filter((id) => watched.some(({ instanceIds }) => instanceIds.includes(id)));
  if (concerned.length === 0) return;
  const origin = watched.flatMap((event) => event.instanceIds.map((instanceId) => ({ ...event, instanceId })));
  await save(concerned, (fact) => foldAlarmEvents(fact, watched), origin, ports, known);
}

/** A read that is wanted, how often it was tried, and whether it must show the instance running. */
interface Wanted {
  readonly attempt: number;
  readonly expectsRunning: boolean;
}

/** Of several reasons to read an instance, `running` asks for the most: a pending one is told of again. */
function wantedReads(batch: readonly Received[]): Map<string, Wanted> {
  const wanted = new Map<string, Wanted>();
  const want = (id: string, attempt: number, expectsRunning: boolean) => {
    const before = wanted.get(id);
    wanted.set(id, {
      attempt: Math.min(attempt, before?.attempt ?? attempt),
      expectsRunning: expectsRunning || before?.expectsRunning === true,
    });
  };
  for (const { observation } of batch) {
    if (observation.kind === 'tags-changed' && observation.changedKeys.some((key) => key.startsWith(TAG_PREFIX))) {
      want(observation.instanceId, 0, false);
    }
    if (observation.kind === 'lifecycle' && observation.transition === 'launching')
      want(observation.instanceId, 0, true);
    if (observation.kind === 'instance-state' && observation.state === 'running') want(observation.instanceId, 0, true);
    if (observation.kind === 'read-again')
      for (const id of observation.instanceIds) want(id, observation.attempt, true);
  }
  return wanted;
}

async function arrive(
  batch: readonly Received[],
  events: readonly StateEvent[],
  ports: ComputePorts,
): Promise<ReadonlyMap<string, Fact>> {
  const nowMs = ports.clock.now();
  const wanted = wantedReads(batch);
  const ids = [...new Set([...wanted.keys(), ...events.map((event) => event.instanceId)])];
  if (ids.length === 0) return new Map();

  const known = await ports.registry.readFacts(ids);
  const gone = new Set(known.facts.filter((fact) => fact.gone !== undefined).map((fact) => fact.instanceId));
  const reads = await readInstances(
    [...wanted.keys()].filter((id) => !gone.has(id)),
    ports,
  );
  const tagged = new Map(
    batch.flatMap(({ observation, sentAtMs }) =>
      observation.kind === 'tags-changed' ? [[observation.instanceId, { ...observation, sentAtMs }] as const] : [],
    ),
  );
  const origin = [...events, ...tagged.values()];
  const facts = await save(
    ids.filter((id) => !gone.has(id)),
    (fact) => {
      const folded = foldEvents(fact, events, nowMs);
      const read = reads.found.get(fact.instanceId);
      return read === undefined ? folded : foldDescription(folded, read, reads.atMs);
    },
    origin,
    ports,
    known,
  );
  await readAgain(wanted, gone, facts, ports);
  return facts.facts;
}

interface Reads {
  readonly atMs: number;
  readonly found: ReadonlyMap<string, InstanceDescription>;
}

/** A failed read loses nothing: the instances are read again later. */
async function readInstances(ids: readonly string[], ports: ComputePorts): Promise<Reads> {
  const atMs = ports.clock.now();
  if (ids.length === 0) return { atMs, found: new Map() };
  try {
    const read = await ports.compute.describe(ids);
    return { atMs, found: new Map(read.map((description) => [description.instanceId, description])) };
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    ports.log.error('DescribeInstances failed; the instances will be read again', {
      code: error.code,
      message: error.message,
      instances: ids,
    });
    return { atMs, found: new Map() };
  }
}

/** What an event promised and the read did not show yet: not listed, still pending, or without its public address. */
async function readAgain(
  wanted: ReadonlyMap<string, Wanted>,
  gone: ReadonlySet<string>,
  saved: Saved,
  ports: ComputePorts,
): Promise<void> {
  const byAttempt = new Map<number, string[]>();
  for (const [id, { attempt, expectsRunning }] of wanted) {
    const fact = saved.facts.get(id);
    const isComplete = gone.has(id) || (fact !== undefined && !isIncomplete(fact, expectsRunning, saved.installation));
    if (!isComplete && attempt < MAX_READS_AGAIN) byAttempt.set(attempt, [...(byAttempt.get(attempt) ?? []), id]);
  }
  for (const [attempt, instanceIds] of byAttempt) {
    await ports.queue.later(
      { kind: 'read-again', instanceIds: instanceIds.sort(), attempt: attempt + 1 },
      2 ** attempt,
    );
  }
}

function isIncomplete(fact: Fact, expectsRunning: boolean, installation: Installation | undefined): boolean {
  const read = fact.description;
  if (fact.gone !== undefined) return false;
  if (read === undefined) return true;
  if (!isLive(fact)) return expectsRunning;
  if (read.state === 'pending') return expectsRunning;
  const needsPublic = claimedRoles(read.tags).roles.some((name) => {
    const role = roleOf(installation, name);
    return role?.elasticIp === undefined && role?.names.some(({ addresses }) => addresses.includes('public')) === true;
  });
  return needsPublic && read.publicIpv4 === undefined;
}

interface Saved {
  readonly installation: Installation | undefined;
  readonly facts: ReadonlyMap<string, Fact>;
}

/** Folds and stores, re-reading what another has written in between; then wakes every group that is dirty. */
async function save(
  instanceIds: readonly string[],
  fold: (fact: Fact) => Fact,
  origin: readonly {
    readonly instanceId: string;
    readonly sentAtMs: number;
    readonly account: string;
    readonly region: string;
  }[],
  ports: ComputePorts,
  alreadyRead?: Awaited<ReturnType<ComputePorts['registry']['readFacts']>>,
): Promise<Saved> {
  const facts = new Map<string, Fact>();
  const groups = new Set<string>();
  const unchanged: { instanceId: string; groups: string[] }[] = [];
  let installation: Installation | undefined;
  let pending: readonly string[] = [...new Set(instanceIds)].sort();
  let read = alreadyRead;
  for (let round = 0; pending.length > 0; round += 1) {
    if (round === SAVE_ROUNDS)
      throw new ServiceFailure('throttled', `the facts of ${pending.join(', ')} are being written by others`);
    const known = read ?? (await ports.registry.readFacts(pending));
    read = undefined;
    installation = known.installation;
    const updates: FactUpdate[] = [];
    for (const instanceId of pending) {
      const seen = origin.find((each) => each.instanceId === instanceId);
      const before =
        known.facts.find((fact) => fact.instanceId === instanceId) ??
        unknownInstance(
          instanceId,
          seen?.account ?? installation?.account ?? '',
          seen?.region ?? installation?.region ?? '',
        );
      const after = fold(before);
      facts.set(instanceId, after);
      const update = factUpdate(before, after, installation, seen?.sentAtMs ?? ports.clock.now());
      if (after === before || !isWorthKeeping(before, after)) unchanged.push({ instanceId, groups: update.groups });
      else updates.push(update.write);
    }
    pending = updates.length === 0 ? [] : await ports.registry.saveFacts(updates);
    const written = updates.filter((update) => !pending.includes(update.after.instanceId));
    for (const mark of written.flatMap((update) => update.marks)) groups.add(mark.group);
    if (written.some(({ drainAtMs }) => drainAtMs !== undefined)) groups.add(DRAINS_GROUP);
    await sayRefused(written, installation, ports);
  }
  for (const group of await ports.registry.dirtyGroups(unchanged.filter((each) => each.groups.length > 0)))
    groups.add(group);
  await wake(groups, ports);
  return { installation, facts };
}

async function sayRefused(
  written: readonly FactUpdate[],
  installation: Installation | undefined,
  ports: ComputePorts,
): Promise<void> {
  const entries = written.flatMap(({ before, after }) => refusals(before, after, installation));
  if (entries.length === 0) return;
  for (const entry of entries) ports.log.journal(entry);
  await ports.registry.journal(entries);
}

async function wake(groups: Iterable<string>, ports: ComputePorts): Promise<void> {
  const wakeUps = zonesFirst(groups).map((group): WakeUp => ({ kind: 'wake', group, attempt: 0 }));
  if (wakeUps.length > 0) await ports.queue.wake(wakeUps);
}

/** Delayed wake-ups go on to their group; a change of a pool's tags is the addresses' business. */
async function forward(batch: readonly Received[], ports: ComputePorts): Promise<void> {
  const wakeUps = batch.flatMap(({ observation }) => (observation.kind === 'wake' ? [observation] : []));
  if (wakeUps.length > 0) await ports.queue.wake(wakeUps);
  const pooled = batch.find(({ observation }) => observation.kind === 'address-tags-changed');
  if (pooled === undefined) return;
  const installation = await ports.registry.readInstallation();
  const roles = (installation?.roles ?? []).filter((role) => role.elasticIp !== undefined).map((role) => role.role);
  if (roles.length === 0) return;
  await ports.registry.putMarks(
    roles.map((role) => ({
      group: ADDRESSES_GROUP,
      subject: { kind: 'role', role },
      roles: [role],
      reason: 'address',
      sinceMs: pooled.sentAtMs,
    })),
  );
  await wake([ADDRESSES_GROUP], ports);
}
