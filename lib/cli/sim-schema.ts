import * as v from 'valibot';

/** What `rolecall sim …` prints with `--json`. */

const INSTANCE = v.strictObject({
  instanceId: v.string(),
  roles: v.array(v.string()),
  /** As EC2 names it. */
  state: v.string(),
  privateIpv4: v.exactOptional(v.string()),
  publicIpv4: v.exactOptional(v.string()),
  statusChecks: v.exactOptional(v.literal('impaired')),
});

export const FLEET = v.strictObject({ instances: v.array(INSTANCE) });

export const TAGGED = v.strictObject({ instanceId: v.string(), tags: v.record(v.string(), v.string()) });

/** `fault` for calls to an operation, `instances` for status checks. */
export const FAILING = v.strictObject({
  fault: v.exactOptional(
    v.strictObject({
      service: v.string(),
      operation: v.string(),
      effect: v.string(),
      times: v.exactOptional(v.number()),
      milliseconds: v.exactOptional(v.number()),
    }),
  ),
  instances: v.exactOptional(v.array(INSTANCE)),
});

export const THROTTLING = v.strictObject({ throttling: v.picklist(['on', 'off']) });

export const NOTHING = v.strictObject({});

export const SETTLED = v.strictObject({
  waitedMs: v.number(),
  /** What was still under way when the wait ended; none when all is settled. */
  unsettled: v.array(v.string()),
});

export const SCALED_IN = v.strictObject({
  instances: v.array(INSTANCE),
  /** The Auto Scaling group, and its hook where the instances wait. */
  group: v.string(),
  hook: v.string(),
});
