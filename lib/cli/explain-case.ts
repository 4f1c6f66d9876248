import type { InstanceDescription } from '../model/instance.ts';
import type { JournalRecord } from '../model/journal.ts';
import type { Installation } from '../model/role.ts';
import { type Preview, preview } from '../reconcile/preview.ts';
import type { Finding } from './explain-schema.ts';
import { searchedJournal } from './journal-search.ts';
import { isoTime, type Knowledge, readKnowledge } from './knowledge.ts';
import { type Leavings, readLeavings } from './leaving.ts';
import type { Target } from './target.ts';

/** The last entries are shown, and the latest reasons; rolecall history goes further back. */
const JOURNAL_MS = 7 * 86_400_000;

/** What an explanation rests on: the registry, the journal, and what AWS says now, as far as it could be read. */
export interface Case {
  readonly knowledge: Knowledge;
  readonly journal: readonly JournalRecord[];
  readonly leavings: Leavings;
  readonly preview?: Preview;
  /** What could not be read, in words. */
  readonly unread: readonly string[];
}

export async function openCase(target: Target): Promise<Case> {
  const knowledge = await readKnowledge(target);
  const [journal, planned, leavings] = await Promise.all([
    searchedJournal(target.history, knowledge.nowMs - JOURNAL_MS, knowledge.nowMs),
    plannedNow(target, knowledge.installation),
    readLeavings(knowledge, target),
  ]);
  return {
    knowledge,
    journal: journal.records,
    leavings,
    ...(typeof planned === 'string' ? {} : { preview: planned }),
    unread: [
      ...(journal.isCut ? [`the journal before ${isoTime(journal.fromMs)} was not searched: it is too long`] : []),
      ...(typeof planned === 'string' ? [planned] : []),
    ],
  };
}

async function plannedNow(target: Target, installation: Installation): Promise<Preview | string> {
  try {
    return await preview(installation, await target.ports());
  } catch (error) {
    return `what is wanted now cannot be told: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** What EC2 says of an instance now; absent when it is not listed, a text when it cannot be asked. */
export async function describeNow(
  target: Target,
  instanceId: string,
): Promise<InstanceDescription | string | undefined> {
  try {
    return (await (await target.ports()).compute.describe([instanceId]))[0];
  } catch (error) {
    return `EC2 cannot be asked: ${error instanceof Error ? error.message : String(error)}`;
  }
}

export function yes(about: string, says: string, evidence?: string): Finding {
  return { answer: 'yes', about, says, ...(evidence === undefined ? {} : { evidence }) };
}

export function no(about: string, says: string, evidence?: string): Finding {
  return { answer: 'no', about, says, ...(evidence === undefined ? {} : { evidence }) };
}

export function known(about: string, says: string, evidence?: string): Finding {
  return { answer: 'known', about, says, ...(evidence === undefined ? {} : { evidence }) };
}
