import type { JournalEntry } from '../../lib/model/journal.ts';

const KINDS: readonly JournalEntry['kind'][] = ['change', 'conflict', 'withheld', 'refused', 'drift', 'moved'];

/** The journal's entry in a line that a function wrote; undefined for any other line. */
export function journalEntryIn(line: string): JournalEntry | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const parsed: unknown = JSON.parse(line);
    return isEntry(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** By its kind alone: the functions are ours, and write whole entries. */
function isEntry(value: unknown): value is JournalEntry {
  return typeof value === 'object' && value !== null && 'kind' in value && KINDS.some((kind) => kind === value.kind);
}
