import * as v from 'valibot';

/** One entry of the journal; its fields are in the journal reference. */
export const RECORDED = v.strictObject({
  at: v.string(),
  /** As a line for people, without the time. */
  says: v.string(),
  entry: v.record(v.string(), v.unknown()),
});

export const HISTORY = v.strictObject({
  target: v.string(),
  subject: v.string(),
  /** The journal was searched from then on. */
  from: v.string(),
  /** False where there was too much to search all that was asked for: `from` is later then. */
  complete: v.boolean(),
  entries: v.array(RECORDED),
});

export type HistoryResult = v.InferOutput<typeof HISTORY>;
export type Recorded = v.InferOutput<typeof RECORDED>;
