import { beforeOf, type Change } from '../model/change.ts';
import { isInstanceId } from '../model/instance.ts';
import type { Intent, LedgerSet, Mark } from '../model/ledger.ts';
import type { ChangeReason } from '../model/reason.ts';
import { setKey } from '../model/record-set.ts';

/** Of these nobody drains what is gone. One that stopped, or is not listed, may be back before resolvers have forgotten it. */
const ENDS: ReadonlySet<ChangeReason> = new Set(['terminated', 'retired']);

/** Instances that have ended, by what the marks say of them. */
export function endedBy(marks: readonly Mark[]): ReadonlySet<string> {
  return new Set(
    marks.flatMap(({ subject, reason }) =>
      subject.kind === 'instance' && ENDS.has(reason) ? [subject.instanceId] : [],
    ),
  );
}

/**
 * Instances that live on without what the changes take from a set, each with the longest TTL of the sets that named it. Of
 * those that nobody drains too: one that is sick, was retagged or stopped may be drained before resolvers have forgotten it.
 */
export function withdrawnBy(
  changes: readonly Change[],
  ledger: readonly LedgerSet[],
  ended: ReadonlySet<string>,
): NonNullable<Intent['withdrawn']> {
  const touched = new Set(changes.flatMap((change) => keyBefore(change) ?? []));
  const owned = new Map(
    ledger.flatMap((each) => {
      const key = `${each.role}|${setKey(each.set)}`;
      return touched.has(key) ? [[key, each.contributors] as const] : [];
    }),
  );
  const longest = new Map<string, number>();
  for (const change of changes) {
    const before = beforeOf(change);
    if (before === undefined) continue;
    const contributed = owned.get(keyBefore(change) ?? '') ?? {};
    for (const [instanceId, values] of Object.entries(contributed)) {
      if (!isInstanceId(instanceId) || ended.has(instanceId)) continue;
      const kept = change.contributors[instanceId] ?? [];
      if (values.some((value) => !kept.includes(value)))
        longest.set(instanceId, Math.max(before.ttlSeconds, longest.get(instanceId) ?? 0));
    }
  }
  return [...longest].map(([instanceId, ttlSeconds]) => ({ instanceId, ttlSeconds }));
}

function keyBefore(change: Change): string | undefined {
  const before = beforeOf(change);
  return before === undefined ? undefined : `${change.role}|${setKey(before)}`;
}
