import * as v from 'valibot';

export const MOVE = v.strictObject({
  target: v.string(),
  /** `false`: this is what would be done. */
  moved: v.boolean(),
  role: v.string(),
  address: v.string(),
  /** Absent where nobody had the address. */
  from: v.exactOptional(v.string()),
  to: v.string(),
  steps: v.array(v.strictObject({ step: v.string(), ms: v.number() })),
  /** From the request to the verified hand-over; absent where nothing was done. */
  totalMs: v.exactOptional(v.number()),
});

export type MoveResult = v.InferOutput<typeof MOVE>;

/** What the pass of the addresses answers. */
export const MOVED = v.object({
  steps: v.array(v.object({ step: v.string(), ms: v.number() })),
  totalMs: v.number(),
});
