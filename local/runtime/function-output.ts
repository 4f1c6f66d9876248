import type { JournalEntry } from '../../lib/model/journal.ts';
import { parseJsonObject } from '../json.ts';

const KINDS: readonly JournalEntry['kind'][] = [
  'change',
  'conflict',
  'withheld',
  'refused',
  'drift',
  'moved',
  'drained',
];

/** The journal's entry in a line that a function wrote; undefined for any other line. */
export function journalEntryIn(line: string): JournalEntry | undefined {
  const parsed = parseJsonObject(line);
  return isEntry(parsed) ? parsed : undefined;
}

/**
 * A line that CloudWatch would take for metrics, and nobody needs to read: its `_aws` member says so ("Specification:
 * Embedded metric format", Amazon CloudWatch User Guide).
 */
export function isMetrics(line: string): boolean {
  return parseJsonObject(line)?.['_aws'] !== undefined;
}

/** By its kind alone: the functions are ours, and write whole entries. */
function isEntry(value: unknown): value is JournalEntry {
  return typeof value === 'object' && value !== null && 'kind' in value && KINDS.some((kind) => kind === value.kind);
}
