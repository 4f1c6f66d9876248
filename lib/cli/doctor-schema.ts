import * as v from 'valibot';

const CHECK = v.strictObject({
  check: v.string(),
  verdict: v.picklist(['ok', 'warning', 'problem', 'unknown']),
  says: v.string(),
  /** What to do about it. */
  advice: v.exactOptional(v.string()),
});

export const DIAGNOSIS = v.strictObject({
  target: v.string(),
  checks: v.array(CHECK),
  summary: v.strictObject({ ok: v.number(), warning: v.number(), problem: v.number(), unknown: v.number() }),
});

export type Check = v.InferOutput<typeof CHECK>;
export type Diagnosis = v.InferOutput<typeof DIAGNOSIS>;
