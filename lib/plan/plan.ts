import type { Change, DesiredSet, Plan, Withheld } from '../model/change.ts';
import type { LedgerSet, Mark, Note } from '../model/ledger.ts';
import { isOpaque, type ObservedSet, type RecordSet, sameRecordSet, setKey } from '../model/record-set.ts';
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
  const wanted = new Map(desired.map((each) => [roleKey(each), each]));
  const owned = new Map(input.ledger.map((each) => [roleKey(each), each]));
  const planned = new Set(input.roles.map(({ role }) => role));
  const changes: Change[] = [];
  const withheld: Withheld[] = [...input.roles.flatMap((role) => role.withheld), ...taken];
  for (const key of new Set([...wanted.keys(), ...owned.keys()])) {
    const before = owned.get(key);
    if (before !== undefined && !planned.has(before.role)) continue;
    const outcome = planSet(wanted.get(key), before, context);
    if (outcome === undefined) continue;
    if ('action' in outcome) changes.push(outcome);
    else withheld.push(outcome);
  }
  return { changes: changes.sort(byPlace), withheld: sorted(withheld) };
}

function roleKey({ role, set }: { readonly role: string; readonly set: RecordSet }): string {
  return `${role}|${setKey(set)}`;
}

/**
 * A name belongs to one role: the one that owns it as long as it wants it, else the first by alphabet. Where the owner
 * no longer wants it, its delete and the other's create go in one batch.
 */
function claimNames(input: PlanInput): { desired: DesiredSet[]; taken: Withheld[] } {
  const planned = new Set(input.roles.map(({ role }) => role));
  const all = input.roles.flatMap(({ desired }) => desired);
  const wantedBy = new Map<string, Set<string>>();
  for (const { role, set } of all) {
    const roles = wantedBy.get(set.name);
    if (roles === undefined) wantedBy.set(set.name, new Set([role]));
    else roles.add(role);
  }
  const holders = new Map<string, string>();
  for (const { role, set } of input.ledger) {
    const isWanted = !planned.has(role) || wantedBy.get(set.name)?.has(role) === true;
    const held = holders.get(set.name);
    if (isWanted && (held === undefined || role < held)) holders.set(set.name, role);
  }
  for (const [name, roles] of wantedBy) {
    if (!holders.has(name)) holders.set(name, [...roles].sort()[0] ?? '');
  }
  const desired = all.filter(({ role, set }) => holders.get(set.name) === role);
  const taken = all
    .filter(({ role, set }) => holders.get(set.name) !== role)
    .map(({ role, set: { name, type } }): Withheld => {
      return { role, name, type, reason: 'name-taken', detail: `${name} belongs to the role ${holders.get(name)}` };
    });
  return { desired, taken };
}

function planSet(
  desired: DesiredSet | undefined,
  owned: LedgerSet | undefined,
  context: Context,
): Change | Withheld | undefined {
  if (owned === undefined) return desired === undefined ? undefined : planCreate(desired, undefined, context);
  const drift = context.drift.get(setKey(owned.set));
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

function placeOf(change: Change): string {
  const set = change.action === 'delete' ? change.before : change.after;
  return `${setKey(set)}|${change.action === 'delete' ? 0 : 1}|${change.role}`;
}

function byPlace(one: Change, other: Change): number {
  return placeOf(one) < placeOf(other) ? -1 : 1;
}

function sorted(withheld: readonly Withheld[]): Withheld[] {
  const placed = new Map(
    withheld.map((each) => [[each.role, each.name, each.type, each.reason, each.instance ?? ''].join('|'), each]),
  );
  return [...placed].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, each]) => each);
}
