import { isAdmitted } from '../desired/entitlement.ts';
import { isSick } from '../desired/standing.ts';
import { type Fact, membersOf } from '../model/fact.ts';
import type { JournalEntry } from '../model/journal.ts';
import type { GroupHead, Note } from '../model/ledger.ts';
import type { Measurement, MetricName } from '../model/measurement.ts';
import type { Installation } from '../model/role.ts';
import { roleOf } from './groups.ts';

/** What an entry of the journal adds to the metrics; what has ended adds nothing. */
export function measurementsOf(entry: JournalEntry): Measurement[] {
  switch (entry.kind) {
    case 'change':
      return [{ name: 'Changes', value: 1 }, ...absences(entry), ...delays(entry)];
    case 'conflict':
      return begun(entry, 'Conflicts');
    case 'withheld':
      return begun(entry, 'Withheld');
    case 'refused':
      return begun(entry, 'RefusedClaims');
    case 'drift':
      return [{ name: 'Drift', value: 1 }];
    case 'moved':
      return [{ name: 'Moves', value: 1 }];
    case 'drained':
      return [{ name: 'Drains', value: 1 }];
  }
}

function begun({ cleared }: { readonly cleared?: true }, name: MetricName): Measurement[] {
  return cleared === true ? [] : [{ name, value: 1 }];
}

type Changed = Extract<JournalEntry, { kind: 'change' }>;

function absences({ reason, action }: Changed): Measurement[] {
  return reason === 'absent' && action !== 'create' ? [{ name: 'RemovedAsAbsent', value: 1 }] : [];
}

/** Exposure: how long a resolver may go on with what was taken away. */
function delays({ action, role, eventToAcceptedMs, ttl }: Changed): Measurement[] {
  if (eventToAcceptedMs === undefined) return [];
  const seconds = eventToAcceptedMs / 1000;
  const accepted: Measurement = { name: 'SecondsToAccepted', value: seconds, role };
  return action === 'create' ? [accepted] : [accepted, { name: 'Exposure', value: seconds + ttl, role }];
}

/** What stands unsolved in one work group, as a sweep finds it. */
export function standingMeasurements(head: GroupHead | undefined, notes: readonly Note[]): Measurement[] {
  const count = (name: MetricName, counts: (note: Note) => boolean): Measurement => ({
    name,
    value: notes.filter(counts).length,
  });
  return [
    count('StandingConflicts', ({ reason }) => reason === 'foreign-record'),
    count('StandingRejections', ({ reason }) => reason === 'rejected' || reason === 'zone-full'),
    count('StandingRefusals', ({ reason }) => reason === 'not-allowed' || reason === 'unknown-role'),
    count('PoolsEmpty', ({ reason }) => reason === 'pool-empty'),
    count('PoolsTooSmall', ({ reason }) => reason === 'pool-too-small'),
    count('HealthChecksMissing', ({ reason }) => reason === 'no-health-check'),
    { name: 'ZonesLost', value: head?.trouble === undefined ? 0 : 1 },
  ];
}

/** Members that their role's policy calls sick, withdrawn or not: the last one of a name stays. */
export function sicknessMeasurement(installation: Installation, facts: readonly Fact[]): Measurement {
  const sick = facts.flatMap(membersOf).filter((member) => {
    const role = roleOf(installation, member.role);
    return role !== undefined && isAdmitted(role, member) && isSick(role.health, member);
  });
  return { name: 'MembersSick', value: sick.length };
}

/** One value a metric: the sum over all groups. */
export function summed(measurements: readonly Measurement[]): Measurement[] {
  const totals = new Map<MetricName, number>();
  for (const { name, value } of measurements) totals.set(name, (totals.get(name) ?? 0) + value);
  return [...totals].map(([name, value]) => ({ name, value }));
}
