import * as v from 'valibot';

const FINDING = v.strictObject({
  /** Whether it speaks for the subject's being published, against it, or only says what is known. */
  answer: v.picklist(['yes', 'no', 'known']),
  /** The role, name or thing that it is about. */
  about: v.string(),
  says: v.string(),
  evidence: v.exactOptional(v.string()),
});

export const EXPLANATION = v.strictObject({
  target: v.string(),
  subject: v.strictObject({ kind: v.picklist(['instance', 'host', 'role', 'name', 'address']), id: v.string() }),
  findings: v.array(FINDING),
  /** The last entries of the journal that name the subject, oldest first. */
  history: v.array(v.strictObject({ at: v.string(), says: v.string() })),
  /** Commands to try. */
  next: v.array(v.string()),
});

export type Explanation = v.InferOutput<typeof EXPLANATION>;
export type Finding = v.InferOutput<typeof FINDING>;
