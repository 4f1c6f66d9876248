import type { DesiredSet } from '../model/change.ts';
import type { LedgerSet } from '../model/ledger.ts';

/** A configuration may take away this part of a zone's sets unasked, where there are enough for a part to mean something. */
export const LARGE_CHANGE_FRACTION = 0.3;
export const LARGE_CHANGE_MIN_SETS = 10;

export interface LargeChangeInput {
  /** What the roles that change own in the zone. */
  readonly ledger: readonly LedgerSet[];
  /** What these roles will want there. */
  readonly desired: readonly DesiredSet[];
  /** What all roles own in the zone. */
  readonly ownedSets: number;
}

export interface LargeChange {
  readonly removed: number;
  readonly owned: number;
}

/**
 * How many sets a change of the configuration takes away, if that is more than is done unasked. A set that another of
 * the same name and type replaces is not taken away.
 */
export function largeChange({ ledger, desired, ownedSets }: LargeChangeInput): LargeChange | undefined {
  const owned = Math.max(ownedSets, ledger.length);
  if (owned < LARGE_CHANGE_MIN_SETS) return undefined;
  const wanted = new Set(desired.map(({ set }) => `${set.name}|${set.type}`));
  const removed = ledger.filter(({ set }) => !wanted.has(`${set.name}|${set.type}`)).length;
  return removed > LARGE_CHANGE_FRACTION * owned ? { removed, owned } : undefined;
}
