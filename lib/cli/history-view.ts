import type { JournalRecord } from '../model/journal.ts';
import { normalName } from '../model/name.ts';
import { renderEntry } from '../plan/render.ts';
import type { HistoryResult, Recorded } from './history-schema.ts';
import { about } from './journal-search.ts';
import { isoTime } from './knowledge.ts';
import type { Target } from './target.ts';

/** The journal's entries that name the subject, oldest first. */
export async function historyView(target: Target, given: string, sinceMs: number): Promise<HistoryResult> {
  const subject = normalName(given);
  const nowMs = target.clock.now();
  const records = await target.history.readJournal(nowMs - sinceMs, nowMs);
  return {
    target: target.name,
    subject,
    from: isoTime(nowMs - sinceMs),
    entries: about(records, subject).map(recorded),
  };
}

export function recorded({ atMs, entry }: JournalRecord): Recorded {
  return { at: isoTime(atMs), says: renderEntry(entry, { colour: false, timeMs: atMs }).slice(9), entry: { ...entry } };
}

export function historyLines({ subject, from, entries }: HistoryResult): string[] {
  if (entries.length === 0) return [`the journal has nothing of ${subject} since ${from}`];
  return entries.map(({ at, says }) => `${at} ${says}`);
}
