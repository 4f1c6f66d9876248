import type { AlarmChange, InstanceStateChange, Observation } from '../events/observation.ts';
import { type Fact, foldDescription, foldEvent } from '../model/fact.ts';
import { ADDRESSES_GROUP } from '../model/zone.ts';
import { drainFolds } from './drain-asks.ts';
import { foldAlarmEvent, isWatched } from './health.ts';
import { takeActions } from './lifecycle-actions.ts';
import type { ComputePorts } from './ports.ts';
import { readAgain, readInstances, wantedReads } from './reads.ts';
import { type FactFold, type KnownFacts, saveFacts } from './save-facts.ts';
import { wake } from './wake.ts';

/**
 * What another has stored since may rest on a newer read, whatever the two clocks say: a Lambda that was frozen for so long
 * with a read in hand reads anew.
 */
const BELIEVED_MS = 5_000;

/** An observation, and when its message was sent to us. */
export interface Received {
  readonly observation: Observation;
  readonly sentAtMs: number;
}

type Heard = FactFold & Pick<Received, 'sentAtMs'>;

/**
 * Turns a batch of observations into facts and dirty marks, and wakes the groups that have work.
 * Departures come first and need no call to EC2; everything else is read from EC2, once for the whole batch.
 */
export async function observe(batch: readonly Received[], ports: ComputePorts): Promise<void> {
  await foldIn([...heard(batch, drainFolds), ...heard(batch, departureFolds)], ports);
  const actions = batch.flatMap(({ observation }) => (observation.kind === 'lifecycle' ? [observation] : []));
  await takeActions(
    actions.filter(({ transition }) => transition === 'terminating'),
    new Map(),
    ports,
  );
  await forward(batch, ports);
  await heedAlarms(batch, ports);
  const facts = await arrive(batch, ports);
  await takeActions(
    actions.filter(({ transition }) => transition === 'launching'),
    facts,
    ports,
  );
}

function heard(batch: readonly Received[], foldsOf: (observation: Observation) => readonly FactFold[]): Heard[] {
  return batch.flatMap(({ observation, sentAtMs }) => foldsOf(observation).map((fold) => ({ ...fold, sentAtMs })));
}

function departureFolds(observation: Observation): FactFold[] {
  return observation.kind === 'instance-state' && isDeparture(observation) ? [stateFold(observation)] : [];
}

function arrivalFolds(observation: Observation): FactFold[] {
  return observation.kind === 'instance-state' && !isDeparture(observation) ? [stateFold(observation)] : [];
}

function isDeparture({ state }: InstanceStateChange): boolean {
  return state !== 'pending' && state !== 'running';
}

function stateFold({ instanceId, account, region, state, atMs }: InstanceStateChange): FactFold {
  return { instanceId, account, region, fold: (fact, nowMs) => foldEvent(fact, state, atMs, nowMs) };
}

/** In the order in which they are given. */
async function foldIn(folds: readonly Heard[], ports: ComputePorts, known?: KnownFacts): Promise<void> {
  if (folds.length === 0) return;
  await saveFacts(
    folds.map(({ instanceId }) => instanceId),
    // The time is asked anew at each round: a Lambda that was frozen in between is told how late its event has become.
    (fact) => folded(fact, folds, ports.clock.now()),
    folds,
    ports,
    known,
  );
}

function folded(before: Fact, folds: readonly Heard[], nowMs: number): Fact {
  return folds
    .filter(({ instanceId }) => instanceId === before.instanceId)
    .reduce((fact, { fold }) => fold(fact, nowMs), before);
}

/** An alarm about an instance that we do not know is found by the sweep once we do. */
async function heedAlarms(batch: readonly Received[], ports: ComputePorts): Promise<void> {
  const ids = batch.flatMap(({ observation }) => (observation.kind === 'alarm' ? observation.instanceIds : []));
  if (ids.length === 0) return;
  const known = await ports.registry.readFacts([...new Set(ids)]);
  const isKnown = new Set(known.facts.map(({ instanceId }) => instanceId));
  const alarmFolds = (observation: Observation) =>
    observation.kind === 'alarm' && isWatched(known.installation, observation.alarmName)
      ? observation.instanceIds.filter((id) => isKnown.has(id)).map((id) => alarmFold(id, observation))
      : [];
  await foldIn(heard(batch, alarmFolds), ports, known);
}

function alarmFold(instanceId: string, alarm: AlarmChange): FactFold {
  const { account, region } = alarm;
  return { instanceId, account, region, fold: (fact) => foldAlarmEvent(fact, alarm) };
}

async function arrive(batch: readonly Received[], ports: ComputePorts): Promise<ReadonlyMap<string, Fact>> {
  const nowMs = ports.clock.now();
  const wanted = wantedReads(batch.map(({ observation }) => observation));
  const arrivals = heard(batch, arrivalFolds);
  const ids = [...new Set([...wanted.keys(), ...arrivals.map(({ instanceId }) => instanceId)])];
  if (ids.length === 0) return new Map();

  const known = await ports.registry.readFacts(ids);
  const gone = new Set(known.facts.filter((fact) => fact.gone !== undefined).map((fact) => fact.instanceId));
  const reads = await readInstances(
    [...wanted.keys()].filter((id) => !gone.has(id)),
    ports,
  );
  const versions = new Map(known.facts.map(({ instanceId, version }) => [instanceId, version]));
  // An event tells of a change: what was read before it is no answer.
  const unread = new Set([...wanted.keys()].filter((id) => !reads.found.has(id)));
  const retagged = batch.flatMap(({ observation, sentAtMs }) =>
    observation.kind === 'tags-changed' ? [{ ...observation, sentAtMs }] : [],
  );
  const saved = await saveFacts(
    ids.filter((id) => !gone.has(id)),
    (before) => {
      const fact = folded(before, arrivals, nowMs);
      const read = reads.found.get(fact.instanceId);
      if (read === undefined) return fact;
      const isKnownSince = before.version !== (versions.get(fact.instanceId) ?? 0);
      if (isKnownSince && ports.clock.now() - reads.atMs > BELIEVED_MS) {
        unread.add(fact.instanceId);
        return fact;
      }
      return foldDescription(fact, read, reads.atMs);
    },
    [...arrivals, ...retagged],
    ports,
    known,
  );
  await readAgain(wanted, { gone, unread }, saved, ports);
  return saved.facts;
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
