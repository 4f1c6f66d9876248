import type { DrainedEntry, DrainProgress, LifecycleAction, OpenDrain, Withdrawal } from '../model/drain-progress.ts';
import type { JournalEntry } from '../model/journal.ts';
import type { NewMark } from '../model/ledger.ts';

/** What drains and launches leave in the registry on their way. */
export interface DrainRegistry {
  /** All that are open. One query. */
  readDrains(): Promise<readonly OpenDrain[]>;
  readDrainProgress(instanceId: string): Promise<DrainProgress>;
  /** Opens the drain with it; an action that is known, or was completed lately, changes nothing. */
  putAction(action: LifecycleAction): Promise<void>;
  updateAction(action: LifecycleAction): Promise<void>;
  putWithdrawal(withdrawal: Withdrawal): Promise<void>;
  /** Whether one is marked dirty, but for those of a zone that is gone for good. One call. */
  areDirty(subjects: readonly Pick<NewMark, 'group' | 'subject'>[]): Promise<boolean>;
  /** False where it was opened anew meanwhile. */
  postponeDrain(drain: OpenDrain, nextAtMs: number): Promise<boolean>;
  /** What `OpenDrain` has as `drained`. False where it was opened anew meanwhile. */
  keepDrained(drain: OpenDrain, drained: readonly DrainedEntry[]): Promise<boolean>;
  /** With its journal, at once. False where it was opened anew meanwhile: nothing is written. */
  closeDrain(drain: OpenDrain, journal: readonly JournalEntry[]): Promise<boolean>;
}
