import type { Observation } from '../events/parse.ts';
import { type Fact, foldDescription, foldEvent } from '../model/fact.ts';
import { ADDRESSES_GROUP } from '../model/zone.ts';
import { type DrainFold, drainFolds } from './drain-asks.ts';
import { foldAlarmEvents, isWatched } from './health.ts';
import { takeActions } from './lifecycle-actions.ts';
import type { ComputePorts } from './ports.ts';
import { readAgain, readInstances, wantedReads } from './reads.ts';
import { saveFacts, wake } from './save-facts.ts';

/** An observation, and when its message was sent to us. */
export interface Received {
  readonly observation: Observation;
  readonly sentAtMs: number;
}

type StateEvent = Extract<Observation, { kind: 'instance-state' }> & { readonly sentAtMs: number };

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
  // Asked anew at each round: a Lambda that was frozen in between is told how late its event has become.
  const folded = (fact: Fact) =>
    drains
      .filter(({ instanceId }) => instanceId === fact.instanceId)
      .reduce((before, { fold }) => fold(before, ports.clock.now()), fact);
  await saveFacts(
    origin.map(({ instanceId }) => instanceId),
    (fact) => foldEvents(folded(fact), events, ports.clock.now()),
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
  await saveFacts(concerned, (fact) => foldAlarmEvents(fact, watched), origin, ports, known);
}

async function arrive(
  batch: readonly Received[],
  events: readonly StateEvent[],
  ports: ComputePorts,
): Promise<ReadonlyMap<string, Fact>> {
  const nowMs = ports.clock.now();
  const wanted = wantedReads(batch.map(({ observation }) => observation));
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
  const facts = await saveFacts(
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
