import type { DesiredSet, Withheld } from '../model/change.ts';
import type { LedgerSet } from '../model/ledger.ts';
import type { RecordSet } from '../model/record-set.ts';

export interface Claimed {
  readonly desired: readonly DesiredSet[];
  readonly taken: readonly Withheld[];
}

/**
 * The addresses of a name belong to one role, and so do its sets of each other type: to the one that owns them as long as
 * it wants them, else to the first by alphabet; the name that an address points to is that of the first by alphabet,
 * whoever had it before, since one instance in several roles has but one. Where a CNAME has a part in it, the whole name does (RFC 1034 §3.6.2). Where the owner no longer wants it, its delete and the
 * other's create go in one batch. Both sides come in the order of their names.
 */
export function claimNames(
  planned: ReadonlySet<string>,
  all: readonly DesiredSet[],
  ledger: readonly LedgerSet[],
): Claimed {
  // One role alone, as most passes have it, contests nothing: not worth an index of all its names.
  if (planned.size === 1 && ledger.every(({ role }) => planned.has(role))) return { desired: all, taken: [] };
  const several = namesOfSeveral(all, ledger);
  if (several.size === 0) return { desired: all, taken: [] };
  const isOfSeveral = ({ set }: DesiredSet | LedgerSet) => several.has(set.name);
  const placeOf = placesOf([...all, ...ledger].filter(isOfSeveral));
  const owners = ownersOf(planned, all.filter(isOfSeveral), ledger.filter(isOfSeveral), placeOf);
  if (owners.size === 0) return { desired: all, taken: [] };

  const isTaken = ({ role, set }: DesiredSet) => (owners.get(placeOf(set)) ?? role) !== role;
  const taken = all.filter(isTaken).map(({ role, set }): Withheld => {
    const { name, type } = set;
    const detail = `${name} belongs to the role ${owners.get(placeOf(set))}`;
    return { role, name, type, reason: 'name-taken', detail };
  });
  return { desired: all.filter((each) => !isTaken(each)), taken };
}

/** Names that more than one role wants or owns: to walk both sides together takes less than an index of all names. */
function namesOfSeveral(all: readonly DesiredSet[], ledger: readonly LedgerSet[]): ReadonlySet<string> {
  const several = new Set([...contestedIn(all), ...contestedIn(ledger)]);
  let next = 0;
  for (const { role, set } of ledger) {
    for (let each = all[next]; each !== undefined && isUpTo(each.set, set); each = all[next]) {
      if (each.role !== role && each.set.name === set.name) several.add(set.name);
      next += 1;
    }
  }
  return several;
}

function isUpTo(one: RecordSet, other: RecordSet): boolean {
  return one === other || one.name <= other.name;
}

function contestedIn(side: readonly (DesiredSet | LedgerSet)[]): string[] {
  const isContested = ({ role, set }: DesiredSet | LedgerSet, index: number) => {
    const before = side[index - 1];
    return before !== undefined && before.role !== role && before.set.name === set.name;
  };
  return side.filter(isContested).map(({ set }) => set.name);
}

/** Place to the role that has it, where more than one wants or owns it. */
function ownersOf(
  planned: ReadonlySet<string>,
  all: readonly DesiredSet[],
  ledger: readonly LedgerSet[],
  placeOf: (set: RecordSet) => string,
): ReadonlyMap<string, string> {
  const first = new Map<string, string>();
  const contested = new Map<string, Set<string>>();
  for (const { role, set } of all) {
    const place = placeOf(set);
    const other = first.get(place);
    if (other === undefined) first.set(place, role);
    else if (other !== role) contested.set(place, (contested.get(place) ?? new Set([other])).add(role));
  }
  const owners = new Map<string, string>();
  for (const { role, set } of ledger) {
    if (set.type === 'PTR' && planned.has(role)) continue;
    const place = placeOf(set);
    const rival = first.get(place);
    if (rival === undefined || (rival === role && !contested.has(place))) continue;
    const isWanted = !planned.has(role) || rival === role || contested.get(place)?.has(role) === true;
    const owner = owners.get(place);
    if (isWanted && (owner === undefined || role < owner)) owners.set(place, role);
  }
  for (const [place, roles] of contested) if (!owners.has(place)) owners.set(place, [...roles].sort()[0] ?? '');
  return owners;
}

function placesOf(sets: readonly { readonly set: RecordSet }[]): (set: RecordSet) => string {
  const alone = new Set(sets.flatMap(({ set }) => (set.type === 'CNAME' ? [set.name] : [])));
  return ({ name, type }) => (alone.has(name) ? name : `${name}|${type === 'AAAA' ? 'A' : type}`);
}
