import * as v from 'valibot';

const STEPS = v.array(v.strictObject({ step: v.string(), ms: v.number() }));

const FOLLOWED_DNS = v.strictObject({
  /** `unchanged`: no record names either end by its own address; `unfinished`: it took longer than two minutes. */
  outcome: v.picklist(['unchanged', 'followed', 'unfinished', 'not-waited']),
  /** Whose records changed. */
  names: v.array(v.string()),
  steps: STEPS,
  /** From the verified hand-over on. */
  totalMs: v.number(),
});
export type FollowedDns = v.InferOutput<typeof FOLLOWED_DNS>;

export const MOVE = v.strictObject({
  target: v.string(),
  /** `false`: this is what would be done. */
  moved: v.boolean(),
  role: v.string(),
  address: v.string(),
  /** Absent where nobody had the address. */
  from: v.exactOptional(v.string()),
  to: v.string(),
  steps: STEPS,
  /** From the request to the verified hand-over; absent where nothing was done. */
  totalMs: v.exactOptional(v.number()),
  /** The names that would follow, where nothing was done: they are on an instance's own address that goes with the move. */
  follows: v.exactOptional(v.array(v.string())),
  /** What became of the names that are on the instances' own addresses; absent where nothing was done. */
  dns: v.exactOptional(FOLLOWED_DNS),
});

export type MoveResult = v.InferOutput<typeof MOVE>;

/** What the pass of the addresses answers. */
export const MOVED = v.object({
  steps: v.array(v.object({ step: v.string(), ms: v.number() })),
  totalMs: v.number(),
});
