import type { JournalRecord } from '../model/journal.ts';
import { normalName } from '../model/name.ts';
import { renderEntry } from '../plan/render.ts';
import type { HistoryResult, Recorded } from './history-schema.ts';
import { about, MOST_ENTRIES, searchedJournal } from './journal-search.ts';
import { isoTime } from './knowledge.ts';
import type { Target } from './target.ts';

/** The journal's entries that name the subject, oldest first. */
export async function historyView(target: Target, given: string, sinceMs: number): Promise<HistoryResult> {
  const subject = normalName(given);
  const nowMs = target.clock.now();
  const { records, fromMs, isCut } = await searchedJournal(target.history, nowMs - sinceMs, nowMs);
  return {
    target: target.name,
    subject,
    from: isoTime(fromMs),
    complete: !isCut,
    entries: about(records, subject).map(recorded),
  };
}

export function recorded({ atMs, entry }: JournalRecord): Recorded {
  return { at: isoTime(atMs), says: renderEntry(entry, { colour: false, timeMs: atMs }).slice(9), entry: { ...entry } };
}

export function historyLines({ subject, from, complete, entries }: HistoryResult): string[] {
  const lines =
    entries.length === 0
      ? [`the journal has nothing of ${subject} since ${from}`]
      : entries.map(({ at, says }) => `${at} ${says}`);
  return complete
    ? lines
    : [`! only the last ${MOST_ENTRIES} entries of the journal were searched, from ${from} on`, ...lines];
}
