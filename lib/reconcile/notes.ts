import type { Withheld } from '../model/change.ts';
import type { JournalEntry } from '../model/journal.ts';
import type { Note } from '../model/ledger.ts';

/** A set that Route 53 refused alone, for no reason that we could see, is tried again so much later. */
const REJECTED_AGAIN_AFTER_MS = 3_600_000;

/** There may be room again at any time: each sweep has it tried. */
const FULL_AGAIN_AFTER_MS = 50_000;

/** Of what Route 53 refused alone, whether it is to be tried again. */
export function isRefusalStale({ reason, refused }: Pick<Note, 'reason' | 'refused'>, nowMs: number): boolean {
  if (refused === undefined) return false;
  return nowMs - refused.atMs >= (reason === 'zone-full' ? FULL_AGAIN_AFTER_MS : REJECTED_AGAIN_AFTER_MS);
}

/** What is newly refused, what is no longer, and the journal's word on both. */
export interface Standing {
  readonly putNotes: readonly Note[];
  readonly clearNotes: readonly Note[];
  readonly journal: readonly JournalEntry[];
}

/** What is refused now against what stood refused before: said once when it begins, and once when it ends. */
export function standing(
  refused: readonly (Withheld & Pick<Note, 'refused' | 'inTheWay'>)[],
  before: readonly Note[],
  nowMs: number,
  zoneName?: string,
): Standing {
  const now = new Map(refused.map((each) => [noteId(each), noteOf(each, nowMs)]));
  const known = new Map(before.map((note) => [noteId(note), note]));
  const begun = [...now].filter(([id]) => !known.has(id)).map(([, note]) => note);
  const refusedAgain = [...now].filter(([id, { refused: again }]) => again !== undefined && known.has(id));
  const clearNotes = [...known].filter(([id]) => !now.has(id)).map(([, note]) => note);
  return {
    putNotes: [...begun, ...refusedAgain.map(([, note]) => note)],
    clearNotes,
    journal: [...begun.map((note) => entryOf(note, zoneName)), ...clearedEntries(clearNotes, zoneName)],
  };
}

/** The journal's word on what is refused no longer. */
export function clearedEntries(notes: readonly Note[], zoneName?: string): JournalEntry[] {
  return notes.map((note) => ({ ...entryOf(note, zoneName), cleared: true as const }));
}

const CONFLICTS: ReadonlySet<Withheld['reason']> = new Set(['foreign-record', 'rejected', 'zone-full']);

/** A conflict stands until a sweep sees it gone; anything else is judged anew at each pass. */
function noteOf(withheld: Withheld & Pick<Note, 'refused' | 'inTheWay'>, nowMs: number): Note {
  const isConflict = CONFLICTS.has(withheld.reason);
  return { ...withheld, kind: isConflict ? 'conflict' : 'withheld', sinceMs: nowMs };
}

function noteId(note: Withheld): string {
  return [note.role, note.name, note.type, note.reason, note.instance ?? ''].join('|');
}

function entryOf({ kind, role, name, type, reason, instance, detail }: Note, zoneName: string | undefined) {
  return {
    kind,
    role,
    ...(zoneName === undefined ? {} : { zone: zoneName }),
    name,
    type,
    reason,
    ...(instance === undefined ? {} : { instance }),
    ...(detail === undefined ? {} : { detail }),
  };
}
