import { afterOf, beforeOf, type Change, type Plan } from '../model/change.ts';
import { assert } from '../model/errors.ts';
import type { LedgerSet } from '../model/ledger.ts';
import { isOpaque, RECORD_TYPES, sameRecordSet, setKey } from '../model/record-set.ts';
import type { Zone } from '../model/zone.ts';
import type { Drift } from './plan.ts';

export interface SafetyScope {
  readonly zone: Zone;
  readonly ledger: readonly LedgerSet[];
  readonly serialName: string;
  readonly drift: readonly Drift[];
}

/** Holds a plan against what no plan may do: a check on our own bugs, not on the world. Throws. */
export function assertSafe(plan: Plan, { zone, ledger, serialName, drift }: SafetyScope): void {
  const names = new Set(plan.changes.map((change) => (afterOf(change) ?? beforeOf(change))?.name));
  const owned = new Map(ledger.filter(({ set }) => names.has(set.name)).map((each) => [setKey(each.set), each]));
  const found = new Map(drift.map((each) => [each.key, each]));
  const deleted = new Set<string>();
  const written = new Set<string>();
  for (const change of plan.changes) {
    const { key, place } = identity(change, zone, serialName);
    const before = beforeOf(change);
    const seen = change.action === 'delete' ? deleted : written;
    assert(!seen.has(key), `the plan changes ${place} twice`);
    seen.add(key);
    if (before === undefined) continue;
    const truth = found.has(key) ? found.get(key)?.observed : owned.get(key)?.set;
    const isTrue = truth === undefined ? before.values.length === 0 : !isOpaque(truth) && sameRecordSet(truth, before);
    assert(owned.has(key) && isTrue, `the plan changes ${place}, which the ledger does not have like this`);
  }
  for (const change of plan.changes) {
    if (change.action !== 'create') continue;
    const key = setKey(change.after);
    const isMissing = found.has(key) && found.get(key)?.observed === undefined;
    const isFree = !owned.has(key) || deleted.has(key) || isMissing || owned.get(key)?.set.values.length === 0;
    assert(isFree, `the plan creates ${key}, which the ledger has already`);
  }
}

function identity(change: Change, zone: Zone, serialName: string): { readonly key: string; readonly place: string } {
  const before = beforeOf(change);
  const after = afterOf(change);
  const set = after ?? before;
  assert(set !== undefined, 'the plan has a change of nothing');
  const place = `${set.type} ${set.name}`;
  const key = setKey(set);
  assert(before === undefined || setKey(before) === key, `the plan turns ${place} into another set`);
  assert(after === undefined || after.values.length > 0, `the plan leaves ${place} without a value`);
  assert(set.name === zone.name || set.name.endsWith(`.${zone.name}`), `${place} is not in the zone ${zone.name}`);
  assert(
    RECORD_TYPES.some((type) => type === set.type),
    `${place} is of a type that Rolecall does not write`,
  );
  assert(set.name !== serialName, `the plan touches the serial of ${zone.name}`);
  return { key, place };
}
