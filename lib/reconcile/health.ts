import type { AlarmChange } from '../events/observation.ts';
import { type Fact, isLive, withHealth } from '../model/fact.ts';
import { foldAlarm, foldAlarmList, foldStatusCheck, type StatusVerdict } from '../model/health.ts';
import { claimedRoles } from '../model/instance.ts';
import type { HealthPolicy, Installation } from '../model/role.ts';
import { fitsPattern } from '../model/wildcard.ts';
import { roleOf } from './groups.ts';
import type { HealthReads } from './ports.ts';

/** What one sweep read; a part that could not be read whole is absent, and changes nothing. */
export interface HealthRead {
  readonly statuses?: ReadonlyMap<string, StatusVerdict>;
  readonly alarms?: AlarmLists;
}

interface AlarmLists {
  readonly prefixes: readonly string[];
  /** By instance, then the alarm's name to when it changed. */
  readonly byInstance: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

const NO_ALARMS: ReadonlyMap<string, number> = new Map();

type Attempt = <Result>(what: string, work: () => Promise<Result>, otherwise: Result) => Promise<Result>;

/** Reads what the roles that anybody claims ask for, and nothing else. */
export async function readHealth(
  installation: Installation,
  facts: readonly Fact[],
  attempt: Attempt,
  reads: HealthReads,
): Promise<HealthRead> {
  const policies = policiesInUse(installation, facts);
  const asksStatuses = policies.some(({ kind }) => kind === 'status-checks');
  const prefixes = prefixesOf(policies);
  const statuses = asksStatuses ? await attempt('status checks', () => reads.statuses(), undefined) : undefined;
  const alarms =
    prefixes.length > 0 ? await attempt('alarms', () => readAlarms(prefixes, reads), undefined) : undefined;
  return { ...(statuses === undefined ? {} : { statuses }), ...(alarms === undefined ? {} : { alarms }) };
}

function policiesInUse(installation: Installation, facts: readonly Fact[]): HealthPolicy[] {
  const claimed = new Set(
    facts.filter(isLive).flatMap(({ description }) => claimedRoles(description?.tags ?? {}).roles),
  );
  return [...claimed].flatMap((role) => roleOf(installation, role)?.health ?? []);
}

/** What stands before the first `*`; one that begins with another is read with that. */
function prefixesOf(policies: readonly HealthPolicy[]): readonly string[] {
  const heads = policies.flatMap((policy) => (policy.kind === 'alarms' ? [policy.pattern.split('*')[0] ?? ''] : []));
  const distinct = [...new Set(heads)].sort();
  return distinct.filter((head) => !distinct.some((other) => other !== head && head.startsWith(other)));
}

async function readAlarms(prefixes: readonly string[], reads: HealthReads): Promise<AlarmLists> {
  const byInstance = new Map<string, Map<string, number>>();
  for (const prefix of prefixes) {
    for (const { name, instanceIds, atMs } of await reads.inAlarm(prefix)) {
      for (const instanceId of instanceIds) {
        const ofInstance = byInstance.get(instanceId) ?? new Map<string, number>();
        byInstance.set(instanceId, ofInstance.set(name, atMs));
      }
    }
  }
  return { prefixes, byInstance };
}

/** Folds what a sweep read into a fact. Returns the same object when it changes nothing. */
export function foldHealthRead(fact: Fact, { statuses, alarms }: HealthRead, readAtMs: number): Fact {
  const { instanceId, description } = fact;
  if (description === undefined || !isLive(fact)) return fact;
  let { health } = fact;
  if (statuses !== undefined) {
    health = foldStatusCheck(health, description.launchTimeMs, statuses.get(instanceId), readAtMs);
  }
  if (alarms !== undefined) {
    const listed = alarms.byInstance.get(instanceId) ?? NO_ALARMS;
    const isCovered = (name: string) => alarms.prefixes.some((prefix) => name.startsWith(prefix));
    health = foldAlarmList(health, listed, isCovered, readAtMs);
  }
  return withHealth(fact, health);
}

/** Whether any role asks for this alarm. */
export function isWatched(installation: Installation | undefined, alarmName: string): boolean {
  const roles = [
    ...(installation?.roles ?? []),
    ...(installation?.openRole === undefined ? [] : [installation.openRole]),
  ];
  return roles.some(({ health }) => health.kind === 'alarms' && fitsPattern(health.pattern, alarmName));
}

/** Folds an alarm event about the instance in, in whatever order they come. */
export function foldAlarmEvent(fact: Fact, { alarmName, state, atMs }: AlarmChange): Fact {
  return fact.gone === undefined ? withHealth(fact, foldAlarm(fact.health, alarmName, state === 'ALARM', atMs)) : fact;
}
