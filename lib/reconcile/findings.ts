import type { DesiredSet } from '../model/change.ts';
import { afterOf, beforeOf } from '../model/change.ts';
import type { Intent, LedgerSet, Mark, Note } from '../model/ledger.ts';
import {
  isOpaque,
  type ObservedSet,
  type RecordSet,
  sameRecordSet,
  setIdentifierOf,
  setKey,
} from '../model/record-set.ts';
import type { Drift } from '../plan/plan.ts';
import type { Dns, DnsCursor } from './ports.ts';
import type { SerialSeen } from './serial.ts';

/** What Route 53 was found to hold at some names, before the first batch or after it rejected one: all sets of each, none left out. */
export interface Findings {
  readonly serial: SerialSeen;
  /** Where it was looked for. */
  readonly serialName: string;
  readonly byName: ReadonlyMap<string, readonly ObservedSet[]>;
}

/** Up to this many names are read one by one; beyond, the whole zone is listed. */
export const SINGLE_READS = 8;
const MAX_PAGES = 40;

/** Reads every set at these names. `A` is the first type in Route 53's order. Throws `ServiceFailure`. */
export async function inspect(
  dns: Dns,
  zoneId: string,
  names: Iterable<string>,
  serialName: string,
): Promise<Findings> {
  const wanted = new Set([...names, serialName]);
  const sets: ObservedSet[] = [];
  if (wanted.size <= SINGLE_READS) {
    for (const name of wanted) sets.push(...(await dns.page(zoneId, { name, type: 'A' })).sets);
  } else {
    let cursor: DnsCursor | undefined;
    for (let pages = 0; pages === 0 || (cursor !== undefined && pages < MAX_PAGES); pages += 1) {
      const page = await dns.page(zoneId, cursor);
      sets.push(...page.sets);
      cursor = page.next;
    }
  }
  const byName = new Map<string, ObservedSet[]>([...wanted].map((name) => [name, []]));
  const seen = new Set<string>();
  for (const set of sets) {
    if (seen.has(setKey(set))) continue;
    seen.add(setKey(set));
    byName.get(set.name)?.push(set);
  }
  const serial = byName.get(serialName)?.find((set) => set.type === 'TXT');
  return { serial: { set: serial }, serialName, byName };
}

/** Owned sets that are not in the zone as the ledger has them. */
export function driftOf(ledger: readonly LedgerSet[], findings: Findings | undefined, marks: readonly Mark[]): Drift[] {
  const audited = new Map(
    marks.flatMap(({ subject }) => (subject.kind === 'set' ? [[subject.key, subject] as const] : [])),
  );
  if (findings === undefined && audited.size === 0) return [];
  return ledger.flatMap(({ set, serial }) => {
    const found = findings?.byName.get(set.name);
    const key = setKey(set);
    if (found !== undefined) {
      const observed = found.find((each) => setKey(each) === key);
      if (isKnown(observed, set)) return [];
      return [{ key, ...(observed === undefined ? {} : { observed }) }];
    }
    const seen = audited.get(key);
    if (seen?.ledgerSerial !== serial) return [];
    return [{ key, ...(seen.observed === undefined ? {} : { observed: seen.observed }) }];
  });
}

/** Whether the zone has a set as the ledger has it: one without values is not there, or another's is in its place. */
export function isKnown(observed: ObservedSet | undefined, owned: RecordSet): boolean {
  if (observed === undefined || isOpaque(observed)) return owned.values.length === 0;
  return sameRecordSet(observed, owned);
}

/** Desired sets whose place is taken by a set that we do not own; where hands took ours away, an owned one's too. */
export function conflictsOf(
  desired: readonly DesiredSet[],
  ledger: readonly LedgerSet[],
  findings: Findings | undefined,
  nowMs: number,
): Note[] {
  if (findings === undefined) return [];
  const owned = new Set(ledger.map(({ set }) => setKey(set)));
  return desired.flatMap(({ role, set }) => {
    const there = findings.byName.get(set.name) ?? [];
    const key = setKey(set);
    // What hands took away is still ours where nothing else has taken its place.
    if (owned.has(key) && there.some((found) => !isOpaque(found) && setKey(found) === key)) return [];
    const foreign = there.find((found) => (isOpaque(found) || !owned.has(setKey(found))) && excludes(found, set));
    if (foreign === undefined) return [];
    const detail = isOpaque(foreign)
      ? `an ${foreign.type} set of another routing`
      : `${foreign.type} ${foreign.values.join(', ')}`;
    const inTheWay = setKey(foreign);
    const { name, type } = set;
    return [{ kind: 'conflict', role, name, type, reason: 'foreign-record', detail, sinceMs: nowMs, inTheWay }];
  });
}

/**
 * RFC 1034 §3.6.2: a CNAME stands alone at its name. Sets of one name and type stand side by side where they have the same
 * routing policy and other identifiers ("Choosing a routing policy", Amazon Route 53 Developer Guide).
 */
function excludes(found: ObservedSet, set: RecordSet): boolean {
  if (found.type !== set.type) return found.type === 'CNAME' || set.type === 'CNAME';
  const isBeside =
    !isOpaque(found) &&
    found.routing.kind !== 'simple' &&
    found.routing.kind === set.routing.kind &&
    setIdentifierOf(found) !== setIdentifierOf(set);
  return !isBeside;
}

/** Whether all of a batch is to be seen in the zone, though its serial is not. */
export function tookEffect(intent: Intent, findings: Findings): boolean {
  return (
    intent.changes.length > 0 &&
    intent.changes.every((change) => {
      const after = afterOf(change);
      if (after !== undefined)
        return (findings.byName.get(after.name) ?? []).some((found) => sameRecordSet(found, after));
      const before = beforeOf(change);
      return (
        before !== undefined &&
        !(findings.byName.get(before.name) ?? []).some((found) => setKey(found) === setKey(before))
      );
    })
  );
}
