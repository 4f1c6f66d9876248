/** How a pass over one group ended. */
export type PassOutcome =
  | { readonly kind: 'done' }
  /** More to do, and no fault: the group is woken again at once. */
  | { readonly kind: 'out-of-time' }
  /** AWS would not have it now: the marks stay, and the group is woken later. */
  | { readonly kind: 'deferred'; readonly why: string; readonly message: string; readonly progressed: boolean }
  /** Route 53 wants to be left alone until then: the marks stay, and the group is woken when the rest is over. */
  | { readonly kind: 'put-off'; readonly why: string; readonly message: string; readonly untilMs: number }
  /** Woken during such a rest: the wake-up that ends it is on its way. */
  | { readonly kind: 'resting'; readonly untilMs: number };
