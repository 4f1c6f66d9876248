import * as v from 'valibot';
import { LEAVING } from './leaving.ts';
import { STANDINGS } from './member-standing.ts';

const TO_DO = v.strictObject({ subject: v.string(), reason: v.string(), since: v.string() });

const NOTE = v.strictObject({
  kind: v.string(),
  reason: v.string(),
  since: v.string(),
  name: v.exactOptional(v.string()),
  type: v.exactOptional(v.string()),
  instanceId: v.exactOptional(v.string()),
  detail: v.exactOptional(v.string()),
});

const HEALTH = v.strictObject({
  /** Nothing that a person should look at. */
  ok: v.boolean(),
  lastSweep: v.exactOptional(
    v.strictObject({
      startedAt: v.string(),
      endedAt: v.string(),
      ageSeconds: v.number(),
      woken: v.array(v.string()),
      failures: v.array(v.string()),
    }),
  ),
  conflicts: v.number(),
  withheld: v.number(),
  refused: v.number(),
  /** Drift found in the last hour. */
  drift: v.number(),
  toDo: v.number(),
  queues: v.array(
    v.strictObject({ queue: v.string(), messages: v.number(), deadLetters: v.exactOptional(v.number()) }),
  ),
  /** What could not be read, or stands in the way, in words. */
  troubles: v.array(v.string()),
});

const ROLE = v.strictObject({
  role: v.string(),
  configured: v.boolean(),
  members: v.array(
    v.strictObject({
      instanceId: v.string(),
      standing: v.picklist(STANDINGS),
      /** Where it is asked to leave. */
      drain: v.exactOptional(LEAVING),
      since: v.string(),
      privateIpv4: v.exactOptional(v.string()),
      publicIpv4: v.exactOptional(v.string()),
      absentSweeps: v.number(),
    }),
  ),
  slots: v.array(
    v.strictObject({
      ordinal: v.number(),
      allocationId: v.exactOptional(v.string()),
      publicIpv4: v.exactOptional(v.string()),
      holder: v.exactOptional(v.string()),
    }),
  ),
  /** Set where more members serve than the pool has addresses, and so many are without one. */
  poolShort: v.exactOptional(v.number()),
  names: v.array(
    v.strictObject({
      zone: v.string(),
      name: v.string(),
      type: v.string(),
      ttlSeconds: v.number(),
      values: v.array(v.string()),
    }),
  ),
  notes: v.array(NOTE),
});

const ZONE = v.strictObject({
  key: v.string(),
  id: v.string(),
  name: v.string(),
  private: v.boolean(),
  serial: v.exactOptional(v.number()),
  ownedSets: v.number(),
  trouble: v.exactOptional(v.string()),
  toDo: v.array(TO_DO),
});

export const STATUS = v.strictObject({
  target: v.string(),
  owner: v.string(),
  retired: v.boolean(),
  health: HEALTH,
  roles: v.array(ROLE),
  zones: v.array(ZONE),
  /** Of Route 53, made by us. */
  healthChecks: v.strictObject({
    count: v.number(),
    /** Where nothing else in the account uses the free ones. */
    usdAMonth: v.number(),
  }),
  addresses: v.strictObject({
    /** Pool addresses that no member holds: they cost what the others do. */
    idle: v.number(),
    /** Of the idle ones, estimated. */
    idleUsdAMonth: v.number(),
    toDo: v.array(TO_DO),
  }),
});

export type Status = v.InferOutput<typeof STATUS>;
export type RoleStatus = v.InferOutput<typeof ROLE>;
export type ZoneStatus = v.InferOutput<typeof ZONE>;
export type ToDo = v.InferOutput<typeof TO_DO>;
export type StandingNote = v.InferOutput<typeof NOTE>;
