import { beforeOf, type Change } from '../model/change.ts';
import type { Intent, LedgerSet } from '../model/ledger.ts';
import { setKey } from '../model/record-set.ts';

/** Members on their way out that the changes take from a set, each with the longest TTL of the sets that named it. */
export function withdrawnBy(
  changes: readonly Change[],
  ledger: readonly LedgerSet[],
  leaving: ReadonlySet<string>,
): NonNullable<Intent['withdrawn']> {
  if (leaving.size === 0) return [];
  const owned = new Map(ledger.map((each) => [`${each.role}|${setKey(each.set)}`, each.contributors]));
  const longest = new Map<string, number>();
  for (const change of changes) {
    const before = beforeOf(change);
    if (before === undefined) continue;
    const contributed = owned.get(`${change.role}|${setKey(before)}`) ?? {};
    for (const [instanceId, values] of Object.entries(contributed)) {
      const kept = change.contributors[instanceId] ?? [];
      if (leaving.has(instanceId) && values.some((value) => !kept.includes(value)))
        longest.set(instanceId, Math.max(before.ttlSeconds, longest.get(instanceId) ?? 0));
    }
  }
  return [...longest].map(([instanceId, ttlSeconds]) => ({ instanceId, ttlSeconds }));
}
