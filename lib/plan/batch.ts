import { afterOf, beforeOf, type Change, type WireChange } from '../model/change.ts';
import { assert } from '../model/errors.ts';
import type { RecordSet } from '../model/record-set.ts';

/** Of one ChangeResourceRecordSets request: "Quotas" (Amazon Route 53 Developer Guide). */
export const MAX_ELEMENTS = 1000;
export const MAX_CHARACTERS = 32_000;
/** The batch is one registry item before it is sent; an item holds 400 KB ("Constraints in Amazon DynamoDB"). */
export const MAX_BYTES = 300_000;

/** The serial's DELETE and CREATE ride with every batch. */
const SERIAL_ELEMENTS = 2;
const SERIAL_CHARACTERS = 400;

export interface Limits {
  /** Record elements with those of the serial; lower than `MAX_ELEMENTS` after throttling. */
  readonly maxElements: number;
}

/** Changes that go together. */
interface Unit {
  readonly name: string;
  readonly changes: readonly Change[];
  readonly order: number;
  /** Takes an answer away. */
  readonly removes: boolean;
  /** Creates what a foreign set may turn out to stand in the way of. */
  readonly ventures: boolean;
  /** Takes away what may wait until the name has another answer. */
  readonly awaits: boolean;
}

interface Cost {
  readonly elements: number;
  readonly characters: number;
  readonly bytes: number;
}

const NOTHING: Cost = { elements: 0, characters: 0, bytes: 0 };
const SERIAL: Cost = { elements: SERIAL_ELEMENTS, characters: SERIAL_CHARACTERS, bytes: 0 };

/**
 * The changes of the next request, and those that are left for later ones.
 *
 * ```
 * order  unit                                             rides with
 * 0      urgent removals                                  any removal, any update
 * 1      other removals                                   any removal, any update
 * 2      updates that only add                            everything
 * 3      creates                                          no removal of another name
 * 4      other removals where their name gets a create    that create, or once it is done
 * ```
 *
 * A create that fails on a foreign set fails its whole request: no removal waits for that. Changes of one name and type
 * are never torn apart, nor a name's CNAME from what takes its place; all changes of one name go together where they fit.
 * A name that goes from one type to another is not left without an answer in between, but for what is proved to be gone.
 */
export function nextBatch(
  changes: readonly Change[],
  limits: Limits,
): { readonly batch: readonly Change[]; readonly rest: readonly Change[] } {
  const batch: Change[] = [];
  const removed = new Set<string>();
  const ventured = new Set<string>();
  const postponed = new Set<string>();
  let cost = SERIAL;
  for (const unit of unitsOf(changes, limits)) {
    if (unit.ventures && !holdsOnly(removed, unit.name)) {
      postponed.add(unit.name);
      continue;
    }
    if (unit.removes && !holdsOnly(ventured, unit.name)) continue;
    if (unit.awaits && postponed.has(unit.name)) continue;
    const grown = plus(cost, costOf(unit.changes));
    if (!fits(grown, limits.maxElements)) {
      if (batch.length > 0) break;
      assert(fits(grown, MAX_ELEMENTS), `the changes of ${unit.name} are too many for one request`);
    }
    cost = grown;
    batch.push(...unit.changes);
    if (unit.removes) removed.add(unit.name);
    if (unit.ventures) ventured.add(unit.name);
  }
  const inBatch = new Set(batch);
  return { batch, rest: changes.filter((change) => !inBatch.has(change)) };
}

/** The changes of a request as they go over the wire: every DELETE before every CREATE, those of the serial first. */
export function wireChanges(batch: readonly Change[], serialBefore?: RecordSet, serialAfter?: RecordSet): WireChange[] {
  // A set that was found missing has no values left to delete: only the ledger forgets it.
  const gone = batch.flatMap((change) => beforeOf(change) ?? []).filter(({ values }) => values.length > 0);
  const come = batch.flatMap((change) => afterOf(change) ?? []);
  const deletes = serialBefore === undefined ? gone : [serialBefore, ...gone];
  const creates = serialAfter === undefined ? come : [serialAfter, ...come];
  return [
    ...deletes.map((set): WireChange => ({ action: 'DELETE', set })),
    ...creates.map((set): WireChange => ({ action: 'CREATE', set })),
  ];
}

function holdsOnly(names: ReadonlySet<string>, name: string): boolean {
  return names.size === 0 || (names.size === 1 && names.has(name));
}

/** Every change in exactly one unit, in the order in which they are to go. */
function unitsOf(changes: readonly Change[], limits: Limits): Unit[] {
  return [...grouped(changes, nameOf)]
    .flatMap(([name, ofName]) => unitsOfName(name, ofName, limits))
    .sort((one, other) => one.order - other.order || (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
}

function unitsOfName(name: string, changes: readonly Change[], limits: Limits): Unit[] {
  if (changes.length === 1 || isCnameSwap(changes)) return [unitOf(name, changes)];
  const parts = [...grouped(changes, typeOf).values()].map((part) => unitOf(name, part));
  const removals = parts.filter((part) => part.removes);
  const additions = parts.filter((part) => !part.removes);
  const isAwaited = additions.some((part) => part.ventures);
  const units = [removals, additions].flatMap((together) => {
    if (together.length < 2) return together;
    const unit = unitOf(
      name,
      together.flatMap((part) => part.changes),
    );
    return fits(plus(SERIAL, costOf(unit.changes)), limits.maxElements) ? [unit] : together;
  });
  return isAwaited ? units.map(awaiting) : units;
}

function awaiting(unit: Unit): Unit {
  return unit.removes && unit.order > 0 ? { ...unit, order: 4, awaits: true } : unit;
}

function unitOf(name: string, changes: readonly Change[]): Unit {
  const removes = changes.some(isRemoval);
  const owned = new Set(changes.filter(({ action }) => action !== 'create').map(typeOf));
  const ventures = changes.some(
    (change) => change.action === 'create' && !owned.has(typeOf(change)) && !owned.has('CNAME'),
  );
  const urgent = changes.some((change) => change.urgent);
  return { name, changes, removes, ventures, awaits: false, order: urgent ? 0 : removes ? 1 : ventures ? 3 : 2 };
}

/** RFC 1034 §3.6.2: where a CNAME is, nothing else may be; Route 53 accepts the exchange only in one request. */
function isCnameSwap(changes: readonly Change[]): boolean {
  const types = new Set(changes.map(typeOf));
  return types.has('CNAME') && types.size > 1;
}

function isRemoval(change: Change): boolean {
  if (change.action === 'create') return false;
  const after = new Set(afterOf(change)?.values);
  return change.before.values.some((value) => !after.has(value));
}

function grouped(changes: readonly Change[], keyOf: (change: Change) => string): Map<string, Change[]> {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const key = keyOf(change);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [change]);
    else group.push(change);
  }
  return groups;
}

function nameOf(change: Change): string {
  return (afterOf(change) ?? beforeOf(change))?.name ?? '';
}

function typeOf(change: Change): string {
  return (afterOf(change) ?? beforeOf(change))?.type ?? '';
}

function costOf(changes: readonly Change[]): Cost {
  let cost = NOTHING;
  for (const change of changes) {
    const values = [...(beforeOf(change)?.values ?? []), ...(afterOf(change)?.values ?? [])];
    cost = plus(cost, {
      elements: values.length,
      characters: values.reduce((sum, value) => sum + value.length, 0),
      bytes: JSON.stringify(change).length,
    });
  }
  return cost;
}

function plus(one: Cost, other: Cost): Cost {
  return {
    elements: one.elements + other.elements,
    characters: one.characters + other.characters,
    bytes: one.bytes + other.bytes,
  };
}

function fits({ elements, characters, bytes }: Cost, maxElements: number): boolean {
  return elements <= Math.min(maxElements, MAX_ELEMENTS) && characters <= MAX_CHARACTERS && bytes <= MAX_BYTES;
}
