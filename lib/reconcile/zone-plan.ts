import { type Unchecked, withChecks } from '../desired/checked-sets.ts';
import { producerOf } from '../desired/produced.ts';
import { desiredRecords } from '../desired/records.ts';
import type { DesiredSet, Plan, Withheld } from '../model/change.ts';
import type { OwnedCheck } from '../model/health-check.ts';
import type { JournalEntry } from '../model/journal.ts';
import type { GroupHead, LedgerSet, Mark, Note } from '../model/ledger.ts';
import type { Member } from '../model/member.ts';
import { isOpaque, RECORD_TYPES, recordSet, setKey } from '../model/record-set.ts';
import { serialRecordName, type Zone } from '../model/zone.ts';
import { absentToKeep, type AbsenceVerdict, notYetListed, publishedOf } from '../plan/absence.ts';
import { type Drift, makePlan } from '../plan/plan.ts';
import { assertSafe } from '../plan/safety.ts';
import { conflictsOf, driftOf, type Findings } from './findings.ts';
import { isZoneFull } from './full-zone.ts';
import { type Uncheckable, withoutCheck } from './health-checks.ts';
import { isRefusalStale, type Standing, standing } from './notes.ts';
import type { RoleState } from './ports.ts';

/** What a pass has read, all of it after the serial. */
export interface View {
  readonly states: readonly RoleState[];
  readonly ledger: readonly LedgerSet[];
  /** What other roles own in the zone; read only where Route 53 was asked what it has. */
  readonly others: readonly LedgerSet[];
  readonly notes: readonly Note[];
  readonly checks: readonly OwnedCheck[];
  /** The names of all reverse zones; read only for a pass over one of them. */
  readonly reverseZones: readonly string[];
}

export interface Planned extends Standing {
  readonly plan: Plan;
  readonly drift: readonly Drift[];
  readonly desired: readonly DesiredSet[];
  /** More is to follow in the same pass. */
  readonly isPart?: true;
  /** Sets that wait for a health check. */
  readonly unchecked: readonly Unchecked[];
  /** All that is not done, whether said before or not. */
  readonly refused: readonly Withheld[];
}

/** Route 53's word on what it would not have. */
export interface Refusals {
  readonly findings?: Findings;
  /** Sets that were refused alone, for no reason that could be seen: key to Route 53's message. */
  readonly refused: ReadonlyMap<string, string>;
  readonly uncheckable: Uncheckable;
}

/** Desired against owned, with what was found in the zone; and what is newly refused, or no longer. */
export function planZone(
  head: GroupHead,
  zone: Zone,
  view: View,
  marks: readonly Mark[],
  learnt: Refusals,
  nowMs: number,
): Planned {
  const drift = driftOf(view.ledger, learnt.findings, marks);
  const published = publishedOf(view.ledger, drift);
  const kept = absentToKeep({ roles: view.states, ledger: published, ownedSets: head.ownedSets });
  const wanted = wantedIn(zone, view, published, kept.keep);
  const desired = Array<DesiredSet>().concat(...wanted.map((each) => each.desired));
  const ledger = view.others.length === 0 ? view.ledger : [...view.ledger, ...view.others];
  const unchecked = wanted.flatMap((each) => each.unchecked);
  const conflicts = [...conflictsOf(desired, ledger, learnt.findings, nowMs), ...refusedNotes(desired, learnt, nowMs)];
  const notes = [...view.notes.filter((note) => isInForce(note, desired, nowMs)), ...conflicts];
  const plan = makePlan({ zone, roles: wanted, ledger, notes, marks, drift });
  assertSafe(plan, { zone, ledger: view.ledger, serialName: serialRecordName(head.serialOwner, zone.name), drift });
  const refused = [
    ...plan.withheld,
    ...kept.withheld,
    ...stillForeign(zone, view),
    ...conflicts,
    ...withoutCheck(unchecked, learnt.uncheckable),
  ];
  const said = standing(refused, view.notes, nowMs, zone.name);
  return {
    plan,
    drift,
    desired,
    unchecked,
    refused,
    ...said,
    journal: [...said.journal, ...driftEntries(zone, view.ledger, drift)],
  };
}

/** What each role wants, and what of that it does not get. */
function wantedIn(zone: Zone, view: View, published: readonly LedgerSet[], keep: AbsenceVerdict['keep']) {
  const owned = byRole(view.ledger);
  const inZone = published === view.ledger ? owned : byRole(published);
  return view.states.map(({ role, definition, members, slots }) => {
    if (definition === undefined) return { role, desired: [], withheld: [], unchecked: [] };
    const previous = owned.get(role) ?? [];
    const missed = notYetListed(definition, { members, slots }, inZone.get(role) ?? []);
    const keepAbsent = keep.get(role) ?? new Set<string>();
    const { reverseZones, checks } = view;
    const common = { zone, role: definition, slots, keepAbsent, previous, reverseZones };
    const { sets, withheld } = desiredRecords({ ...common, members: without(members, missed) });
    const waiting = missed.length === 0 ? [] : notListed(desiredRecords({ ...common, members }).sets, missed);
    const { sets: desired, unchecked } = withChecks(definition, sets, checks);
    return { role, desired, withheld: [...withheld, ...waiting], drift: definition.drift, unchecked };
  });
}

function without(members: readonly Member[], missed: readonly Member[]): readonly Member[] {
  return missed.length === 0 ? members : members.filter((member) => !missed.includes(member));
}

/** What each of the members would have in the sets. */
function notListed(sets: readonly DesiredSet[], missed: readonly Member[]): Withheld[] {
  return missed.flatMap(({ role, instanceId }) =>
    sets
      .filter(({ contributors }) => contributors[instanceId] !== undefined)
      .map(({ set: { name, type } }) => ({
        ...{ role, name, type, reason: 'not-listed' as const, instance: instanceId },
        detail: `${instanceId} was not listed by the last complete sweep, and gets no name that it has not yet`,
      })),
  );
}

function byRole(ledger: readonly LedgerSet[]): ReadonlyMap<string, readonly LedgerSet[]> {
  const owned = new Map<string, LedgerSet[]>();
  for (const each of ledger) {
    const others = owned.get(each.role);
    if (others === undefined) owned.set(each.role, [each]);
    else others.push(each);
  }
  return owned;
}

/** A foreign record stands in the way of a role that happens to be empty too, until a sweep sees it gone. */
function stillForeign(zone: Zone, { notes, states }: View): Note[] {
  return notes.filter(({ kind, reason, role, name, type }) => {
    const definition = states.find((state) => state.role === role)?.definition;
    const known = RECORD_TYPES.find((each) => each === type);
    if (kind !== 'conflict' || reason !== 'foreign-record' || definition === undefined || known === undefined)
      return false;
    return producerOf([definition], zone, recordSet(name, known, 0, [])) !== undefined;
  });
}

function refusedNotes(desired: readonly DesiredSet[], learnt: Refusals, nowMs: number): Note[] {
  if (learnt.refused.size === 0) return [];
  return desired.flatMap(({ role, set }) => {
    const detail = learnt.refused.get(setKey(set));
    if (detail === undefined) return [];
    const { name, type } = set;
    const refused = { set: JSON.stringify(set), atMs: nowMs };
    const reason = isZoneFull(detail) ? ('zone-full' as const) : ('rejected' as const);
    return [{ kind: 'conflict' as const, role, name, type, reason, detail, sinceMs: nowMs, refused }];
  });
}

/** What Route 53 refused alone is sent again when something else is wanted there, or after an hour. */
function isInForce(note: Note, desired: readonly DesiredSet[], nowMs: number): boolean {
  const { kind, refused, name, type } = note;
  if (kind !== 'conflict') return false;
  if (refused === undefined) return true;
  const isSame = desired.some(
    ({ set }) => set.name === name && set.type === type && JSON.stringify(set) === refused.set,
  );
  return isSame && !isRefusalStale(note, nowMs);
}

function driftEntries(zone: Zone, ledger: readonly LedgerSet[], drift: readonly Drift[]): JournalEntry[] {
  if (drift.length === 0) return [];
  const byKey = new Map(drift.map((each) => [each.key, each]));
  return ledger.flatMap(({ role, set }) => {
    const found = byKey.get(setKey(set));
    if (found === undefined) return [];
    const after = found.observed === undefined || isOpaque(found.observed) ? [] : found.observed.values;
    return [
      {
        kind: 'drift',
        role,
        zone: zone.name,
        name: set.name,
        type: set.type,
        reason: 'drift',
        before: set.values,
        after,
      },
    ];
  });
}
