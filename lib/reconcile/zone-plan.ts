import { desiredRecords } from '../desired/records.ts';
import type { DesiredSet, Plan, Withheld } from '../model/change.ts';
import type { JournalEntry } from '../model/journal.ts';
import type { GroupHead, LedgerSet, Mark, Note } from '../model/ledger.ts';
import { isOpaque, setKey } from '../model/record-set.ts';
import { serialRecordName, type Zone } from '../model/zone.ts';
import { type Drift, makePlan } from '../plan/plan.ts';
import { absentToKeep, assertSafe } from '../plan/safety.ts';
import { conflictsOf, driftOf, type Findings } from './findings.ts';
import type { RoleState } from './ports.ts';

/** What a pass has read, all of it after the serial. */
export interface View {
  readonly states: readonly RoleState[];
  readonly ledger: readonly LedgerSet[];
  readonly notes: readonly Note[];
}

export interface Planned {
  readonly plan: Plan;
  readonly drift: readonly Drift[];
  readonly putNotes: readonly Note[];
  readonly clearNotes: readonly Note[];
  readonly journal: readonly JournalEntry[];
}

/** Route 53's word on what it would not have. */
export interface Refusals {
  readonly findings?: Findings;
  /** Sets that were refused alone, for no reason that could be seen: key to Route 53's message. */
  readonly refused: ReadonlyMap<string, string>;
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
  const kept = absentToKeep({ roles: view.states, ledger: view.ledger, ownedSets: head.ownedSets });
  const wanted = view.states.map(({ role, definition, members, slots }) => {
    if (definition === undefined) return { role, desired: [], withheld: [] };
    const previous = view.ledger.filter((owned) => owned.role === role);
    const { sets, withheld } = desiredRecords({
      zone,
      role: definition,
      members,
      slots,
      keepAbsent: kept.keep,
      previous,
    });
    return { role, desired: sets, withheld };
  });
  const desired = wanted.flatMap((each) => each.desired);
  const drift = driftOf(view.ledger, learnt.findings, marks);
  const conflicts = [
    ...conflictsOf(desired, view.ledger, learnt.findings, nowMs),
    ...refusedNotes(desired, learnt, nowMs),
  ];
  const notes = [...view.notes.filter((note) => note.kind === 'conflict'), ...conflicts];
  const plan = makePlan({ zone, roles: wanted, ledger: view.ledger, notes, marks, drift });
  assertSafe(plan, { zone, ledger: view.ledger, serialName: serialRecordName(head.owner, zone.name), drift });
  return {
    plan,
    drift,
    ...standing(
      zone,
      [...plan.withheld, ...kept.withheld],
      conflicts,
      view.notes,
      nowMs,
      driftEntries(zone, view.ledger, drift),
    ),
  };
}

function refusedNotes(desired: readonly DesiredSet[], learnt: Refusals, nowMs: number): Note[] {
  return desired.flatMap(({ role, set }) => {
    const detail = learnt.refused.get(setKey(set));
    return detail === undefined
      ? []
      : [
          {
            kind: 'conflict' as const,
            role,
            name: set.name,
            type: set.type,
            reason: 'rejected' as const,
            detail,
            sinceMs: nowMs,
          },
        ];
  });
}

function noteId(note: Withheld): string {
  return [note.role, note.name, note.type, note.reason, note.instance ?? ''].join('|');
}

/** What is refused now against what was refused before: said once when it begins, and once when it ends. */
function standing(
  zone: Zone,
  withheld: readonly Withheld[],
  conflicts: readonly Note[],
  before: readonly Note[],
  nowMs: number,
  drifted: readonly JournalEntry[],
): Pick<Planned, 'putNotes' | 'clearNotes' | 'journal'> {
  const now = new Map<string, Note>();
  for (const each of withheld) {
    const kind = each.reason === 'foreign-record' || each.reason === 'rejected' ? 'conflict' : 'withheld';
    now.set(noteId(each), { ...each, kind, sinceMs: nowMs });
  }
  for (const each of conflicts) now.set(noteId(each), each);
  const known = new Map(before.map((note) => [noteId(note), note]));
  const putNotes = [...now].filter(([id]) => !known.has(id)).map(([, note]) => note);
  const clearNotes = [...known].filter(([id]) => !now.has(id)).map(([, note]) => note);
  return {
    putNotes,
    clearNotes,
    journal: [
      ...putNotes.map((note) => noteEntry(zone, note)),
      ...clearNotes.map((note) => ({ ...noteEntry(zone, note), cleared: true as const })),
      ...drifted,
    ],
  };
}

function noteEntry(zone: Zone, note: Note) {
  const { kind, role, name, type, reason, instance, detail } = note;
  return {
    kind,
    role,
    zone: zone.name,
    name,
    type,
    reason,
    ...(instance === undefined ? {} : { instance }),
    ...(detail === undefined ? {} : { detail }),
  };
}

function driftEntries(zone: Zone, ledger: readonly LedgerSet[], drift: readonly Drift[]): JournalEntry[] {
  return ledger.flatMap(({ role, set }) => {
    const found = drift.find(({ key }) => key === setKey(set));
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
