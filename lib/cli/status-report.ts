import type { Mark, Note } from '../model/ledger.ts';
import type { JournalRecord } from '../model/journal.ts';
import { setKey } from '../model/record-set.ts';
import type { RoleState } from '../reconcile/ports.ts';
import { knownHealthChecks } from './health-check-cost.ts';
import { isoTime, type Knowledge, readKnowledge, type ZoneKnowledge } from './knowledge.ts';
import { drainIn, type Leavings, readLeavings } from './leaving.ts';
import { standingOf } from './member-standing.ts';
import { type QueueDepth, readQueueDepths } from './queue-depths.ts';
import type { RoleStatus, StandingNote, Status, ToDo, ZoneStatus } from './status-schema.ts';
import { idleUsdAMonth } from './status-lines.ts';
import type { Target } from './target.ts';

/** A sweep runs each minute; one that is older than this has failed more than once. */
const LATE_SWEEP_MS = 150_000;
/** The schedule begins with the deploy, and its first sweep takes in what runs already. */
const FIRST_SWEEP_MS = 120_000;
const DRIFT_WINDOW_MS = 3_600_000;

/** What the registry and the queues know: health first, then roles, zones and addresses. */
export async function readStatus(target: Target): Promise<Status> {
  const startedAtMs = target.clock.now();
  const [knowledge, queues, recent] = await Promise.all([
    readKnowledge(target),
    queueDepths(target),
    target.history.readJournal(startedAtMs - DRIFT_WINDOW_MS, startedAtMs),
  ]);
  const { installation, roles, zones, addresses } = knowledge;
  const leavings = await readLeavings(knowledge, target);
  const zoneStatuses = zones.map(zoneStatus);
  const idle = roles.flatMap(({ slots }) => slots).filter(({ holder, publicIpv4 }) => publicIpv4 && !holder).length;
  return {
    target: target.name,
    owner: installation.owner,
    retired: installation.retired ?? false,
    health: healthOf(knowledge, queues, recent),
    roles: roles.map((state) => roleStatus(state, knowledge, leavings)),
    zones: zoneStatuses,
    healthChecks: { ...knownHealthChecks(knowledge) },
    addresses: { idle, idleUsdAMonth: idleUsdAMonth(idle), toDo: addresses.marks.map(toDo) },
  };
}

async function queueDepths(target: Target): Promise<QueueDepth[] | string> {
  try {
    return await readQueueDepths(await target.clients.sqs(), target);
  } catch (error) {
    return `the queues cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function healthOf(
  knowledge: Knowledge,
  queues: readonly QueueDepth[] | string,
  recent: readonly JournalRecord[],
): Status['health'] {
  const { nowMs, zones, addresses, roles, lastSweep } = knowledge;
  const notes = [...zones, addresses].flatMap((group) => group.notes);
  const conflicts = notes.filter(({ kind }) => kind === 'conflict').length;
  const claims = notes.filter(({ type }) => type === 'claim').length;
  const standbys = notes.filter(({ reason }) => reason === 'pool-too-small').length;
  const unknown = roles.filter(({ definition }) => definition === undefined).flatMap(({ members }) => members).length;
  const depths = typeof queues === 'string' ? [] : [...queues];
  const troubles = [
    ...sweepTroubles(knowledge),
    ...zones.flatMap(({ zone, head }) => (head?.trouble === undefined ? [] : [`${zone.name}: ${head.trouble}`])),
    ...(typeof queues === 'string' ? [queues] : []),
    ...depths.flatMap(({ queue, deadLetters = 0 }) =>
      deadLetters === 0 ? [] : [`${deadLetters} in the dead-letter queue of ${queue}`],
    ),
  ];
  return {
    ok: troubles.length === 0 && conflicts === 0,
    ...(lastSweep === undefined
      ? {}
      : {
          lastSweep: {
            startedAt: isoTime(lastSweep.startedAtMs),
            endedAt: isoTime(lastSweep.endedAtMs),
            ageSeconds: Math.max(0, Math.round((nowMs - lastSweep.endedAtMs) / 1000)),
            woken: [...lastSweep.woken],
            failures: [...lastSweep.failures],
          },
        }),
    conflicts,
    withheld: notes.length - conflicts - claims - standbys,
    refused: claims + unknown,
    drift: recent.filter(({ entry }) => entry.kind === 'drift').length,
    toDo: [...zones, addresses].reduce((sum, { marks }) => sum + marks.length, 0),
    queues: depths,
    troubles,
  };
}

export function sweepTroubles({ nowMs, installation, lastSweep }: Knowledge): string[] {
  const isYoung = nowMs - (installation.configuredAtMs ?? 0) < FIRST_SWEEP_MS;
  if (lastSweep === undefined) return isYoung ? [] : ['no sweep has run to its end yet: one starts each minute'];
  const ageMs = nowMs - lastSweep.endedAtMs;
  return [
    ...(ageMs > LATE_SWEEP_MS && !isYoung
      ? [`the last sweep ended ${Math.round(ageMs / 1000)} s ago: one starts each minute`]
      : []),
    ...lastSweep.failures.map((failure) => `the last sweep: ${failure}`),
  ];
}

function roleStatus(state: RoleState, { zones, addresses }: Knowledge, leavings: Leavings): RoleStatus {
  const { role, definition, members, slots } = state;
  const standings = members.map((member) => ({ member, standing: standingOf(state, member) }));
  const short =
    definition?.elasticIp === undefined ? 0 : standings.filter((each) => each.standing === 'standby').length;
  return {
    role,
    configured: definition !== undefined,
    members: standings.map(({ member: { instanceId, sinceMs, privateIpv4, publicIpv4, absentSweeps }, standing }) => ({
      instanceId,
      standing,
      ...drainIn(leavings, role, instanceId),
      since: isoTime(sinceMs),
      ...(privateIpv4 === undefined ? {} : { privateIpv4 }),
      ...(publicIpv4 === undefined ? {} : { publicIpv4 }),
      absentSweeps,
    })),
    slots: slots.map(({ ordinal, allocationId, publicIpv4, holder }) => ({
      ordinal,
      ...(allocationId === '' ? {} : { allocationId, publicIpv4 }),
      ...(holder === undefined ? {} : { holder }),
    })),
    ...(short === 0 ? {} : { poolShort: short }),
    names: zones.flatMap(({ zone, sets }) =>
      sets
        .filter((owned) => owned.role === role)
        .toSorted((one, other) => (setKey(one.set) < setKey(other.set) ? -1 : 1))
        .map(({ set: { name, type, ttlSeconds, values } }) => ({
          zone: zone.name,
          name,
          type,
          ttlSeconds,
          values: [...values],
        })),
    ),
    notes: [...zones, addresses]
      .flatMap(({ notes }) => notes)
      .filter((note) => note.role === role)
      .map(standingNote),
  };
}

function zoneStatus({ zone, head, marks }: ZoneKnowledge): ZoneStatus {
  return {
    ...zone,
    ...(head?.serial === undefined ? {} : { serial: head.serial }),
    ...(head?.trouble === undefined ? {} : { trouble: head.trouble }),
    ownedSets: head?.ownedSets ?? 0,
    toDo: marks.map(toDo),
  };
}

function toDo({ subject, reason, sinceMs }: Mark): ToDo {
  return { subject: subjectOf(subject), reason, since: isoTime(sinceMs) };
}

export function subjectOf(subject: Mark['subject']): string {
  switch (subject.kind) {
    case 'instance':
      return subject.instanceId;
    case 'role':
      return subject.role;
    case 'set':
      return subject.key;
    case 'serial':
      return 'serial';
  }
}

function standingNote({ kind, reason, sinceMs, name, type, instance, detail }: Note): StandingNote {
  return {
    kind,
    reason,
    since: isoTime(sinceMs),
    name,
    type,
    ...(instance === undefined ? {} : { instanceId: instance }),
    ...(detail === undefined ? {} : { detail }),
  };
}
