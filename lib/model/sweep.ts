/** What the one sweep that may run finds of those before it. */
export interface SweepLease {
  /** When the last sweep without a failed part began, in ms since the epoch; absent until there was one. */
  readonly completeAtMs?: number;
}

/** The last sweep that ran to its end. */
export interface SweepRecord {
  /** In ms since the epoch, like `endedAtMs`. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** The groups that had work. */
  readonly woken: readonly string[];
  /** Which parts failed, and why; a part that failed counted for nothing. */
  readonly failures: readonly string[];
}
