/** How a pass over one group ended. */
export type PassOutcome =
  | { readonly kind: 'done' }
  /** More to do, and no fault: the group is woken again at once. */
  | { readonly kind: 'out-of-time' }
  /** AWS would not have it now: the marks stay, and the group is woken later. */
  | { readonly kind: 'deferred'; readonly why: string; readonly message: string; readonly progressed: boolean };
