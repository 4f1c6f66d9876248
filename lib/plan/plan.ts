import type { Change, DesiredSet, Plan, Withheld } from '../model/change.ts';
import type { LedgerSet, Mark, Note } from '../model/ledger.ts';
import {
  isOpaque,
  type ObservedSet,
  type RecordSet,
  sameRecordSet,
  setIdentifierOf,
  setKey,
} from '../model/record-set.ts';
import type { Zone } from '../model/zone.ts';
import { type Cause, causeOf, indexMarks, type MarkIndex } from './reasons.ts';

/** An owned set that is not in the zone as the ledger has it; `observed` is absent when it is not there at all. */
export interface Drift {
  readonly key: string;
  readonly observed?: ObservedSet;
}

export interface PlanInput {
  readonly zone: Zone;
  readonly roles: readonly {
    readonly role: string;
    readonly desired: readonly DesiredSet[];
    readonly withheld: readonly Withheld[];
  }[];
  /** Every set that we own in this zone for these roles. */
  readonly ledger: readonly LedgerSet[];
  readonly notes: readonly Note[];
  readonly marks: readonly Mark[];
  readonly drift: readonly Drift[];
}

interface Context {
  readonly drift: ReadonlyMap<string, Drift>;
  readonly conflicts: ReadonlyMap<string, Note>;
  readonly marks: MarkIndex;
}

/**
 * What has to change in one zone.
 *
 * ```
 * desired  in the ledger  found in the zone   →
 * yes      no             –                   create; withheld where a conflict stands
 * yes      the same       as in the ledger    nothing, whoever now contributes the values
 * yes      another        as in the ledger    update: ledger → desired
 * yes      yes            another             update: found → desired, for `drift`
 * yes      yes            nothing             create, for `drift`; withheld where a conflict stands
 * no       yes            as in the ledger    delete
 * no       yes            another             delete what was found
 * no       yes            nothing             delete of no values: the ledger alone forgets it
 * any      yes            opaque              withheld: it is no longer ours
 * ```
 *
 * An update from what was found to the same is a change too: it alone brings the ledger back to the truth.
 */
export function makePlan(input: PlanInput): Plan {
  const context: Context = {
    drift: new Map(input.drift.map((drift) => [drift.key, drift])),
    conflicts: new Map(
      input.notes.filter(({ kind }) => kind === 'conflict').map((note) => [`${note.name}|${note.type}`, note]),
    ),
    marks: indexMarks(input.marks),
  };
  const { desired, taken } = claimNames(input);
  const wanted = byName(desired);
  const planned = new Set(input.roles.map(({ role }) => role));
  const matched = new Set<DesiredSet>();
  const outcomes: (Change | Withheld | undefined)[] = [];
  for (const owned of input.ledger) {
    if (!planned.has(owned.role)) continue;
    const match = wanted
      .get(owned.set.name)
      ?.find((each) => each.role === owned.role && isOfOnePlace(each.set, owned.set));
    if (match !== undefined) matched.add(match);
    outcomes.push(planSet(match, owned, context));
  }
  for (const each of desired) if (!matched.has(each)) outcomes.push(planSet(each, undefined, context));
  return collected(outcomes, [...input.roles.flatMap((role) => role.withheld), ...taken]);
}

/**
 * A name belongs to one role: the one that owns it as long as it wants it, else the first by alphabet. Where the owner
 * no longer wants it, its delete and the other's create go in one batch.
 */
function claimNames(input: PlanInput): { desired: readonly DesiredSet[]; taken: readonly Withheld[] } {
  const planned = new Set(input.roles.map(({ role }) => role));
  const all = input.roles.flatMap(({ desired }) => desired);
  // One role alone, as most passes have it, contests nothing: not worth an index of all its names.
  if (planned.size === 1 && input.ledger.every(({ role }) => planned.has(role))) return { desired: all, taken: [] };
  const first = new Map<string, string>();
  const contested = new Map<string, Set<string>>();
  for (const { role, set } of all) {
    const other = first.get(set.name);
    if (other === undefined) first.set(set.name, role);
    else if (other !== role) contested.set(set.name, (contested.get(set.name) ?? new Set([other])).add(role));
  }
  const owners = new Map<string, string>();
  for (const { role, set } of input.ledger) {
    const rival = first.get(set.name);
    if (rival === undefined || (rival === role && !contested.has(set.name))) continue;
    const isWanted = !planned.has(role) || rival === role || contested.get(set.name)?.has(role) === true;
    const owner = owners.get(set.name);
    if (isWanted && (owner === undefined || role < owner)) owners.set(set.name, role);
  }
  for (const [name, roles] of contested) if (!owners.has(name)) owners.set(name, [...roles].sort()[0] ?? '');
  if (owners.size === 0) return { desired: all, taken: [] };

  const isTaken = ({ role, set }: DesiredSet) => (owners.get(set.name) ?? role) !== role;
  const taken = all.filter(isTaken).map(({ role, set: { name, type } }): Withheld => {
    return { role, name, type, reason: 'name-taken', detail: `${name} belongs to the role ${owners.get(name)}` };
  });
  return { desired: all.filter((each) => !isTaken(each)), taken };
}

/** By name, not by key: to put the key of each set together would be a good part of the time that a large zone takes. */
function byName(desired: readonly DesiredSet[]): ReadonlyMap<string, readonly DesiredSet[]> {
  const sets = new Map<string, DesiredSet[]>();
  for (const each of desired) {
    const atName = sets.get(each.set.name);
    if (atName === undefined) sets.set(each.set.name, [each]);
    else atName.push(each);
  }
  return sets;
}

/** Of two sets of one name. */
function isOfOnePlace(one: RecordSet, other: RecordSet): boolean {
  return one.type === other.type && setIdentifierOf(one) === setIdentifierOf(other);
}

function planSet(
  desired: DesiredSet | undefined,
  owned: LedgerSet | undefined,
  context: Context,
): Change | Withheld | undefined {
  if (owned === undefined) return desired === undefined ? undefined : planCreate(desired, undefined, context);
  const drift = context.drift.size === 0 ? undefined : context.drift.get(setKey(owned.set));
  const before = drift === undefined ? owned.set : drift.observed;
  if (before !== undefined && isOpaque(before)) {
    const { name, type } = owned.set;
    const detail = `an ${type} set that Rolecall did not write is at its place`;
    return { role: owned.role, name, type, reason: 'foreign-record', detail };
  }
  if (desired === undefined) return planDelete(owned, before ?? { ...owned.set, values: [] }, context);
  if (before === undefined) return planCreate(desired, owned, context);
  if (drift === undefined && sameRecordSet(before, desired.set)) return undefined;
  return {
    action: 'update',
    role: desired.role,
    ...causeFor(desired, owned, before, context),
    contributors: desired.contributors,
    before,
    after: desired.set,
  };
}

function planCreate(desired: DesiredSet, owned: LedgerSet | undefined, context: Context): Change | Withheld {
  const { role, set, contributors } = desired;
  const conflict = context.conflicts.get(`${set.name}|${set.type}`);
  if (conflict !== undefined) {
    const { reason, detail } = conflict;
    return { role, name: set.name, type: set.type, reason, ...(detail === undefined ? {} : { detail }) };
  }
  return { action: 'create', role, ...causeFor(desired, owned, undefined, context), contributors, after: set };
}

function planDelete(owned: LedgerSet, before: RecordSet, context: Context): Change {
  return {
    action: 'delete',
    role: owned.role,
    ...causeFor(undefined, owned, before, context),
    contributors: {},
    before,
  };
}

function causeFor(
  desired: DesiredSet | undefined,
  owned: LedgerSet | undefined,
  before: RecordSet | undefined,
  context: Context,
): Cause {
  const key = desired === undefined ? (owned === undefined ? '' : setKey(owned.set)) : setKey(desired.set);
  return causeOf(
    {
      role: desired?.role ?? owned?.role ?? '',
      key,
      contributorsBefore: owned?.contributors ?? {},
      contributorsAfter: desired?.contributors ?? {},
      valuesBefore: before?.values ?? [],
      valuesAfter: desired?.set.values ?? [],
      drifted: owned !== undefined && desired !== undefined && context.drift.has(key),
    },
    context.marks,
  );
}

/** In an order that does not depend on that of the input; what is withheld is said once. */
function collected(outcomes: readonly (Change | Withheld | undefined)[], asked: readonly Withheld[]): Plan {
  const changes: [string, Change][] = [];
  const withheld = new Map<string, Withheld>(asked.map((each) => [JSON.stringify(each), each]));
  for (const outcome of outcomes) {
    if (outcome === undefined) continue;
    if ('action' in outcome) changes.push([placeOf(outcome), outcome]);
    else withheld.set(JSON.stringify(outcome), outcome);
  }
  return { changes: withCompanions(inOrder(changes)), withheld: inOrder(withheld) };
}

/**
 * What comes or goes only because of another change at its name, such as the answer that a member displaces, has the
 * reason of that.
 */
function withCompanions(changes: readonly Change[]): readonly Change[] {
  if (!changes.some(isUnexplained)) return changes;
  const explained = new Map<string, Change>();
  for (const change of changes) {
    const { name } = setOf(change);
    if (!isUnexplained(change) && !explained.has(name)) explained.set(name, change);
  }
  return changes.map((change) => {
    const { reason, instances, sinceMs } = explained.get(setOf(change).name) ?? change;
    if (!isUnexplained(change)) return change;
    return { ...change, reason, instances, ...(sinceMs === undefined ? {} : { sinceMs }) };
  });
}

function isUnexplained({ reason, instances, sinceMs }: Change): boolean {
  return reason === 'address' && instances.length === 0 && sinceMs === undefined;
}

function inOrder<T>(placed: Iterable<readonly [string, T]>): T[] {
  return [...placed].sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)).map(([, each]) => each);
}

function placeOf(change: Change): string {
  return `${setKey(setOf(change))}|${change.action === 'delete' ? 0 : 1}|${change.role}`;
}

function setOf(change: Change): RecordSet {
  return change.action === 'delete' ? change.before : change.after;
}
