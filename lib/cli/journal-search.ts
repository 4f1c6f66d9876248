import type { JournalEntry, JournalRecord } from '../model/journal.ts';

/** Every text in an entry: ids, names, addresses, roles. */
function* textsOf(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) yield* textsOf(each);
}

/** Whether an entry is about an instance, a host, a name, an address or a role: one of its values is exactly that. */
export function isAbout(entry: JournalEntry, subject: string): boolean {
  for (const text of textsOf(entry)) if (text === subject) return true;
  return false;
}

export function about(records: readonly JournalRecord[], subject: string): JournalRecord[] {
  return records.filter(({ entry }) => isAbout(entry, subject));
}
