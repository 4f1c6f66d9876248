/** What may ask an instance to leave; a role's `drainOn` says which of these it heeds. */
export const DRAIN_TRIGGERS = ['hook', 'spot', 'tag', 'retirement', 'rebalance'] as const;
export type DrainTrigger = (typeof DRAIN_TRIGGERS)[number];

/** A standing demand that the instance leave. `request`, by `rolecall drain`, is heeded by every role. */
export interface DrainAsk {
  readonly by: 'request' | DrainTrigger;
  /** When it was asked, in ms since the epoch. */
  readonly atMs: number;
}
