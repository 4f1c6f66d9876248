import type { LedgerSet } from '../model/ledger.ts';
import { fitsOneSet } from './routing.ts';
import type { Group } from './scene.ts';

/**
 * Whether a group asks for just the set that the ledger has, of just these contributors: nothing then has to be built, or
 * compared once more. Only where each gives one value to one set, as nearly always: `false` says no more than that it takes
 * a closer look.
 */
export function isAsOwned(
  { ttlSeconds, routing, shares }: Group,
  { set, contributors }: Pick<LedgerSet, 'set' | 'contributors'>,
): boolean {
  if (routing.kind !== 'simple' || set.routing.kind !== 'simple' || set.healthCheckId !== undefined) return false;
  if (set.ttlSeconds !== ttlSeconds || set.values.length !== shares.length) return false;
  if (Object.keys(contributors).length !== shares.length) return false;
  const only = shares.length === 1 ? shares[0] : undefined;
  if (only !== undefined)
    return isOnly(only.values, set.values[0]) && isOnly(contributors[only.contributor], set.values[0]);
  // Hands may have made it larger than we would.
  if (!fitsOneSet(shares)) return false;
  const missing = new Set(set.values);
  return shares.every(({ contributor, values }) => {
    const value = values[0] ?? '';
    return values.length === 1 && isOnly(contributors[contributor], value) && missing.delete(value);
  });
}

function isOnly(values: readonly string[] | undefined, value: string | undefined): boolean {
  return values?.length === 1 && values[0] === value;
}
