import type { JournalEntry } from './journal.ts';

/** An instance that is being drained, or that waits at a lifecycle hook. */
export interface OpenDrain {
  readonly instanceId: string;
  readonly sinceMs: number;
  /** Until then there is nothing to look at. */
  readonly nextAtMs: number;
  /** Fresh with each new demand: who saw an older one does not close it. */
  readonly stamp: string;
  /** It has drained and may be let go on already: what the journal says of it when it is closed. */
  readonly drained?: readonly DrainedEntry[];
}

/** An instance waits at a hook until the action is completed ("Amazon EC2 Auto Scaling lifecycle hooks"). */
export interface LifecycleAction {
  readonly instanceId: string;
  readonly token: string;
  readonly group: string;
  readonly hook: string;
  readonly transition: 'launching' | 'terminating';
  /** When it began to wait. */
  readonly atMs: number;
  /** The instance was read when it came, and claimed no role. */
  readonly roleless?: true;
  /** Of the hook; absent until it was asked for. */
  readonly heartbeatSeconds?: number;
  /** When its time-out last began anew. */
  readonly beatAtMs?: number;
  readonly completedAtMs?: number;
}

/** A batch that took what an instance contributes out of a zone. */
export interface Withdrawal {
  readonly instanceId: string;
  readonly zoneId: string;
  readonly batch: string;
  /** Absent where the answer was lost: then only a bound on propagation is known. */
  readonly changeId?: string;
  readonly acceptedAtMs: number;
  /** The longest of the sets that named it. */
  readonly ttlSeconds: number;
  /** When Route 53 was first seen to have told all its name servers. */
  readonly inSyncAtMs?: number;
}

export interface DrainProgress {
  readonly actions: readonly LifecycleAction[];
  readonly withdrawals: readonly Withdrawal[];
}

export type DrainedEntry = Extract<JournalEntry, { kind: 'drained' }>;
