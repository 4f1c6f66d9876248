import type { JournalEntry, JournalRecord } from '../model/journal.ts';
import type { History } from '../reconcile/ports.ts';

/** About eight pages of DynamoDB's: a second or two. What lies further back is asked for by a shorter time. */
export const MOST_ENTRIES = 20_000;

/** A part of the journal, and from when on it is whole. */
export interface JournalPart {
  readonly records: readonly JournalRecord[];
  readonly fromMs: number;
  /** Whether it begins later than was asked for, because there was too much. */
  readonly isCut: boolean;
}

export async function searchedJournal(
  history: History,
  fromMs: number,
  toMs: number,
  most: number = MOST_ENTRIES,
): Promise<JournalPart> {
  const records = await history.readJournal(fromMs, toMs, most);
  const isCut = records.length >= most;
  return { records, fromMs: isCut ? (records[0]?.atMs ?? fromMs) : fromMs, isCut };
}

/** Every text in an entry: ids, names, addresses, roles. */
function* textsOf(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) yield* textsOf(each);
}

/** Whether an entry is about an instance, a host, a name, an address or a role: one of its values is exactly that. */
function isAbout(entry: JournalEntry, subject: string): boolean {
  for (const text of textsOf(entry)) if (text === subject) return true;
  return false;
}

export function about(records: readonly JournalRecord[], subject: string): JournalRecord[] {
  return records.filter(({ entry }) => isAbout(entry, subject));
}
