import * as v from 'valibot';

const SIDE = v.strictObject({ values: v.array(v.string()), ttlSeconds: v.number() });

const SET = v.strictObject({
  role: v.string(),
  name: v.string(),
  type: v.string(),
  setIdentifier: v.exactOptional(v.string()),
  found: SIDE,
  fate: v.picklist(['stays', 'changes', 'goes']),
  /** Absent where it goes. */
  after: v.exactOptional(SIDE),
});

export const ADOPT = v.strictObject({
  target: v.string(),
  /** `false`: this is what would be adopted; run it again with --yes. */
  adopted: v.boolean(),
  zones: v.array(
    v.strictObject({
      zone: v.string(),
      zoneId: v.string(),
      /** The counter in the zone's record of this owner; absent where there is none. */
      serial: v.exactOptional(v.number()),
      sets: v.array(SET),
      /** What the pass of the zone answered. */
      outcome: v.exactOptional(v.string()),
    }),
  ),
});
export type AdoptResult = v.InferOutput<typeof ADOPT>;

export const RELEASE = v.strictObject({
  target: v.string(),
  zones: v.array(v.strictObject({ zone: v.string(), zoneId: v.string(), outcome: v.string() })),
});
export type ReleaseResult = v.InferOutput<typeof RELEASE>;
