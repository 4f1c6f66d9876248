import type { DrainedEntry, DrainProgress, LifecycleAction, OpenDrain, Withdrawal } from '../model/drain-progress.ts';
import type { JournalEntry } from '../model/journal.ts';
import type { NewMark } from '../model/ledger.ts';

/** What waits for a pass. */
export interface Dirt {
  /** Whether one of the subjects is marked, in a zone that is not gone for good. */
  readonly isDirty: boolean;
  /** Of the groups of the subjects. */
  readonly goneZones: readonly GoneZone[];
}

export interface GoneZone {
  readonly zoneId: string;
  /** When it was first found gone. */
  readonly sinceMs: number;
}

/** What drains and launches leave in the registry on their way. */
export interface DrainRegistry {
  /** All that are open. One query. */
  readDrains(): Promise<readonly OpenDrain[]>;
  readDrainProgress(instanceId: string): Promise<DrainProgress>;
  /** Opens the drain with it; an action that is known, or was completed lately, changes nothing. */
  putAction(action: LifecycleAction): Promise<void>;
  updateAction(action: LifecycleAction): Promise<void>;
  putWithdrawal(withdrawal: Withdrawal): Promise<void>;
  /** One call. */
  readDirt(subjects: readonly Pick<NewMark, 'group' | 'subject'>[]): Promise<Dirt>;
  /** False where it was opened anew meanwhile. */
  postponeDrain(drain: OpenDrain, nextAtMs: number): Promise<boolean>;
  /** What `OpenDrain` has as `drained`. False where it was opened anew meanwhile. */
  keepDrained(drain: OpenDrain, drained: readonly DrainedEntry[]): Promise<boolean>;
  /** With its journal, at once. False where it was opened anew meanwhile: nothing is written. */
  closeDrain(drain: OpenDrain, journal: readonly JournalEntry[]): Promise<boolean>;
}
