import * as v from 'valibot';

const SIDE = v.strictObject({ values: v.array(v.string()), ttlSeconds: v.number() });

const CHANGE = v.strictObject({
  action: v.picklist(['create', 'update', 'delete']),
  role: v.string(),
  name: v.string(),
  type: v.string(),
  /** Of a name with a set for each member. */
  setIdentifier: v.exactOptional(v.string()),
  before: v.exactOptional(SIDE),
  after: v.exactOptional(SIDE),
  reason: v.string(),
  instances: v.array(v.string()),
});

const WITHHELD = v.strictObject({
  role: v.string(),
  name: v.string(),
  type: v.string(),
  reason: v.string(),
  instanceId: v.exactOptional(v.string()),
  detail: v.exactOptional(v.string()),
});

const MOVE = v.strictObject({
  /** `leave` and `refuse` are not done; `detail` says why. */
  action: v.picklist(['associate', 'move', 'leave', 'refuse']),
  role: v.string(),
  address: v.string(),
  from: v.exactOptional(v.string()),
  to: v.string(),
  detail: v.exactOptional(v.string()),
});

export const PLAN = v.strictObject({
  target: v.string(),
  /** The file whose deploy is previewed; absent for what is deployed. */
  configuration: v.exactOptional(v.string()),
  /** Why a deploy of the file would be refused. */
  refusal: v.exactOptional(v.string()),
  zones: v.array(
    v.strictObject({
      zone: v.string(),
      id: v.string(),
      changes: v.array(CHANGE),
      withheld: v.array(WITHHELD),
    }),
  ),
  addresses: v.array(MOVE),
  summary: v.strictObject({
    create: v.number(),
    update: v.number(),
    delete: v.number(),
    addresses: v.number(),
    withheld: v.number(),
  }),
});

export type PlanResult = v.InferOutput<typeof PLAN>;
export type PlannedChange = v.InferOutput<typeof CHANGE>;
