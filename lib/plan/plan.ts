import type { Change, DesiredSet, Plan, Withheld } from '../model/change.ts';
import type { LedgerSet, Mark, Note } from '../model/ledger.ts';
import { byPlace, isOpaque, type ObservedSet, type RecordSet, sameRecordSet, setKey } from '../model/record-set.ts';
import type { DriftPolicy } from '../model/role.ts';
import { subsetOf } from '../model/subset.ts';
import type { Zone } from '../model/zone.ts';
import { claimNames } from './claims.ts';
import { judgeHandEdit } from './hand-edit.ts';
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
    /** @default 'repair' */
    readonly drift?: DriftPolicy;
  }[];
  /** Every set that we own in this zone for these roles; those of others only say which names are theirs. */
  readonly ledger: readonly LedgerSet[];
  readonly notes: readonly Note[];
  readonly marks: readonly Mark[];
  readonly drift: readonly Drift[];
}

interface Context {
  readonly drift: ReadonlyMap<string, Drift>;
  readonly conflicts: ReadonlyMap<string, Note>;
  readonly marks: MarkIndex;
  /** Roles that leave what was changed by other hands. */
  readonly reporting: ReadonlySet<string>;
}

/** What becomes of one set; nothing at all where it is as it should be. */
interface Outcome {
  readonly change?: Change;
  readonly withheld?: Withheld;
  readonly restated?: LedgerSet;
}

const NOTHING: Outcome = {};

/**
 * What has to change in one zone.
 *
 * ```
 * desired  in the ledger  found in the zone   →
 * yes      no             –                   create; withheld where a conflict stands
 * yes      the same       as in the ledger    nothing; the ledger alone learns who now contributes the values
 * yes      another        as in the ledger    update: ledger → desired
 * yes      yes            another             update: found → desired, for `drift`; withheld where that was rejected
 * yes      yes            nothing             create, for `drift`; withheld where a conflict stands
 * no       yes            as in the ledger    delete
 * no       yes            another             delete what was found
 * no       yes            nothing             delete of no values: the ledger alone forgets it
 * any      yes            opaque              withheld: it is no longer ours
 * ```
 *
 * Under `drift: 'report'` a set that was found otherwise stays so, and the ledger has it as it was found: see `judgeHandEdit`.
 * An update from what was found to the same is a change too: it alone brings the ledger back to the truth. What is withheld
 * though it was found otherwise is in the ledger as it was found, of an opaque set without values.
 */
export function makePlan(input: PlanInput): Plan {
  const context: Context = {
    drift: new Map(input.drift.map((drift) => [drift.key, drift])),
    conflicts: new Map(
      input.notes.filter(({ kind }) => kind === 'conflict').map((note) => [`${note.name}|${note.type}`, note]),
    ),
    marks: indexMarks(input.marks),
    reporting: new Set(input.roles.filter(({ drift }) => drift === 'report').map(({ role }) => role)),
  };
  const planned = new Set(input.roles.map(({ role }) => role));
  const ledger = [...input.ledger].sort(byPlaceAndRole);
  const wanted = Array<DesiredSet>()
    .concat(...input.roles.map(({ desired }) => desired))
    .sort(byPlaceAndRole);
  const { desired, taken } = claimNames(planned, wanted, ledger);
  const owned = subsetOf(ledger, ({ role }) => planned.has(role));
  const outcomes = outcomesOf(desired, owned, context);
  return collected(outcomes, [...input.roles.flatMap((role) => role.withheld), ...taken]);
}

/** Both sides, in one order, are walked together: an index of all names would take longer in a large zone. */
function outcomesOf(wanted: readonly DesiredSet[], ledger: readonly LedgerSet[], context: Context): Outcome[] {
  const outcomes: Outcome[] = [];
  let next = 0;
  for (const owned of ledger) {
    let each = wanted[next];
    let order = each === undefined ? 1 : byPlaceAndRole(each, owned);
    while (each !== undefined && order < 0) {
      outcomes.push(planCreate(each, undefined, context));
      next += 1;
      each = wanted[next];
      order = each === undefined ? 1 : byPlaceAndRole(each, owned);
    }
    const outcome = planSet(order === 0 ? each : undefined, owned, context);
    if (outcome !== NOTHING) outcomes.push(outcome);
    if (order === 0) next += 1;
  }
  return [...outcomes, ...wanted.slice(next).map((each) => planCreate(each, undefined, context))];
}

function byPlaceAndRole(one: DesiredSet | LedgerSet, other: DesiredSet | LedgerSet): number {
  return byPlace(one.set, other.set) || (one.role < other.role ? -1 : one.role > other.role ? 1 : 0);
}

function planSet(desired: DesiredSet | undefined, owned: LedgerSet, context: Context): Outcome {
  const drift = context.drift.size === 0 ? undefined : context.drift.get(setKey(owned.set));
  const before = drift === undefined ? owned.set : drift.observed;
  if (before !== undefined && isOpaque(before)) {
    const { name, type } = owned.set;
    const detail = `an ${type} set that Rolecall did not write is at its place`;
    const withheld: Withheld = { role: owned.role, name, type, reason: 'foreign-record', detail };
    return { withheld, restated: asFound(owned, withoutValues(owned.set)) };
  }
  const isEdited = drift !== undefined || owned.ours !== undefined;
  if (isEdited && context.reporting.has(owned.role)) {
    const outcome = planReported(desired, owned, before ?? withoutValues(owned.set), drift !== undefined, context);
    if (outcome !== undefined) return outcome;
  }
  if (desired === undefined) return planDelete(owned, before ?? withoutValues(owned.set), context);
  const isNew = drift !== undefined;
  if (before === undefined || before.values.length === 0)
    return left(planCreate(desired, owned, context), owned, withoutValues(owned.set), isNew);
  if (drift === undefined && (before === desired.set || sameRecordSet(before, desired.set)))
    return restated(desired, owned);
  const rejected = context.conflicts.get(placeOf(desired.set));
  if (rejected?.reason === 'rejected') return left(withheldBy(rejected, desired), owned, before, isNew);
  return {
    change: {
      action: 'update',
      role: desired.role,
      ...causeFor(desired, owned, before, context),
      contributors: desired.contributors,
      before,
      after: desired.set,
    },
  };
}

/** What cannot be put right is in the ledger as it was found, so that it is not found anew by each sweep. */
function left(outcome: Outcome, owned: LedgerSet, current: RecordSet, isNew: boolean): Outcome {
  return outcome.withheld === undefined || !isNew ? outcome : { ...outcome, restated: asFound(owned, current) };
}

function asFound({ ours, ...owned }: LedgerSet, current: RecordSet): LedgerSet {
  return { ...owned, set: current, ours: ours ?? owned.set };
}

function withoutValues(set: RecordSet): RecordSet {
  return { ...set, values: [] };
}

/** What is published stays; who it is of may be another now. */
function restated({ set, contributors }: DesiredSet, before: LedgerSet): Outcome {
  if (before.ours === undefined && sameContributors(contributors, before.contributors)) return NOTHING;
  const { ours: _over, ...owned } = before;
  return { restated: { ...owned, set, contributors } };
}

/** Nothing where the set is to be planned like any other. */
function planReported(
  desired: DesiredSet | undefined,
  owned: LedgerSet,
  current: RecordSet,
  isNew: boolean,
  context: Context,
): Outcome | undefined {
  const { ours = owned.set, ...rest } = owned;
  const { role, set, contributors } = rest;
  const verdict = judgeHandEdit(desired, current, ours, contributors);
  if (verdict.kind === 'over') {
    // What somebody else wrote may be just what we want: that is no change, but ours again.
    const isWanted = desired !== undefined && sameRecordSet(current, desired.set);
    return isWanted ? { restated: { ...rest, set: current, contributors: desired.contributors } } : undefined;
  }
  if (verdict.kind === 'spent') return desired === undefined ? planDelete(owned, current, context) : undefined;
  const detail = `${set.type} ${set.name} was changed by other hands, and drift: 'report' leaves it`;
  const withheld = { role, name: set.name, type: set.type, reason: 'hand-edited' as const, detail };
  if (verdict.kind === 'left') {
    const isKnown = !isNew && sameContributors(verdict.contributors, contributors);
    const seen = { ...rest, set: current, ours, contributors: verdict.contributors };
    return isKnown ? { withheld } : { withheld, restated: seen };
  }
  const { instances, ...cause } = causeFor(desired, owned, current, context, false);
  return {
    withheld,
    change: {
      action: 'update',
      role,
      ...cause,
      instances,
      contributors: verdict.contributors,
      before: current,
      after: verdict.after,
      ours,
    },
  };
}

function planCreate(desired: DesiredSet, owned: LedgerSet | undefined, context: Context): Outcome {
  const { role, set, contributors } = desired;
  const conflict = context.conflicts.get(placeOf(set));
  if (conflict !== undefined) return withheldBy(conflict, desired);
  const cause = causeFor(desired, owned, undefined, context);
  return { change: { action: 'create', role, ...cause, contributors, after: set } };
}

function withheldBy({ reason, detail }: Note, { role, set: { name, type } }: DesiredSet): Outcome {
  return { withheld: { role, name, type, reason, ...(detail === undefined ? {} : { detail }) } };
}

function planDelete(owned: LedgerSet, before: RecordSet, context: Context): Outcome {
  return {
    change: {
      action: 'delete',
      role: owned.role,
      ...causeFor(undefined, owned, before, context),
      contributors: {},
      before,
    },
  };
}

function placeOf({ name, type }: RecordSet): string {
  return `${name}|${type}`;
}

function sameContributors(one: LedgerSet['contributors'], other: LedgerSet['contributors']): boolean {
  // What nothing happened to is the very object: the desired sets take it from the ledger.
  if (one === other) return true;
  let count = 0;
  for (const contributor in one) {
    count += 1;
    const values = one[contributor] ?? [];
    const others = other[contributor];
    if (others?.length !== values.length) return false;
    for (const value of values) if (!others.includes(value)) return false;
  }
  return count === Object.keys(other).length;
}

function causeFor(
  desired: DesiredSet | undefined,
  owned: LedgerSet | undefined,
  before: RecordSet | undefined,
  context: Context,
  isRepair = true,
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
      drifted: isRepair && owned !== undefined && desired !== undefined && context.drift.has(key),
    },
    context.marks,
  );
}

/** In an order that does not depend on that of the input; what is withheld is said once. */
function collected(outcomes: readonly Outcome[], asked: readonly Withheld[]): Plan {
  const changes: [string, Change][] = [];
  const withheld = new Map<string, Withheld>(asked.map((each) => [JSON.stringify(each), each]));
  const restatements: [string, LedgerSet][] = [];
  for (const { change, withheld: refused, restated: owned } of outcomes) {
    if (change !== undefined) changes.push([orderOf(change), change]);
    if (refused !== undefined) withheld.set(JSON.stringify(refused), refused);
    if (owned !== undefined) restatements.push([setKey(owned.set), owned]);
  }
  return {
    changes: withCompanions(inOrder(changes)),
    withheld: inOrder(withheld),
    restated: inOrder(restatements),
  };
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

function orderOf(change: Change): string {
  return `${setKey(setOf(change))}|${change.action === 'delete' ? 0 : 1}|${change.role}`;
}

function setOf(change: Change): RecordSet {
  return change.action === 'delete' ? change.before : change.after;
}
