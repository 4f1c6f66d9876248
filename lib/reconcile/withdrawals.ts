import { afterOf, beforeOf, type Change } from '../model/change.ts';
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
 * Instances that live on without what the changes take from a set, or with a shorter TTL, each with the longest TTL with
 * which resolvers may have a set that named it. Of those that nobody drains too: one that is sick, was retagged or stopped
 * may be drained before resolvers have forgotten it.
 */
export function withdrawnBy(
  changes: readonly Change[],
  ledger: readonly LedgerSet[],
  ended: ReadonlySet<string>,
): NonNullable<Intent['withdrawn']> {
  const touched = new Set(changes.map(keyOf));
  const owned = new Map(
    ledger.flatMap((each) => {
      const key = `${each.role}|${setKey(each.set)}`;
      return touched.has(key) ? [[key, each] as const] : [];
    }),
  );
  const longest = new Map<string, number>();
  for (const change of changes) {
    const known = owned.get(keyOf(change));
    if (known === undefined) continue;
    // Hands may have put another in its place, or none: resolvers may have either.
    const shown = [beforeOf(change), known.set, known.ours].flatMap((set) =>
      set === undefined ? [] : [{ ttlSeconds: set.ttlSeconds, values: new Set(set.values) }],
    );
    for (const [instanceId, values] of Object.entries(known.contributors)) {
      if (!isInstanceId(instanceId) || ended.has(instanceId)) continue;
      const kept = change.contributors[instanceId] ?? [];
      const isLost = values.some((value) => !kept.includes(value));
      const ttlSeconds = longestTtl(shown, values);
      if (isLost || ttlSeconds > (afterOf(change)?.ttlSeconds ?? 0))
        longest.set(instanceId, Math.max(ttlSeconds, longest.get(instanceId) ?? 0));
    }
  }
  return [...longest].map(([instanceId, ttlSeconds]) => ({ instanceId, ttlSeconds }));
}

interface Shown {
  readonly ttlSeconds: number;
  readonly values: ReadonlySet<string>;
}

/** Of the sets that have one of the values. */
function longestTtl(sets: readonly Shown[], values: readonly string[]): number {
  const naming = sets.filter((set) => values.some((value) => set.values.has(value)));
  return Math.max(0, ...naming.map(({ ttlSeconds }) => ttlSeconds));
}

function keyOf(change: Change): string {
  const set = change.action === 'create' ? change.after : change.before;
  return `${change.role}|${setKey(set)}`;
}
