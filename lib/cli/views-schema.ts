import * as v from 'valibot';
import { LEAVING } from './leaving.ts';
import { STANDINGS } from './member-standing.ts';

export const MEMBERS = v.strictObject({
  target: v.string(),
  members: v.array(
    v.strictObject({
      role: v.string(),
      instanceId: v.string(),
      standing: v.picklist(STANDINGS),
      /** Where it is asked to leave. */
      drain: v.exactOptional(LEAVING),
      since: v.string(),
      /** The slots that it holds. */
      slots: v.array(v.number()),
      /** A host outside EC2. */
      offCloud: v.boolean(),
      availabilityZone: v.exactOptional(v.string()),
      privateIpv4: v.exactOptional(v.string()),
      publicIpv4: v.exactOptional(v.string()),
      ipv6: v.array(v.string()),
    }),
  ),
});
export type MembersResult = v.InferOutput<typeof MEMBERS>;

export const NAMES = v.strictObject({
  target: v.string(),
  names: v.array(
    v.strictObject({
      zone: v.string(),
      private: v.boolean(),
      name: v.string(),
      type: v.string(),
      setIdentifier: v.exactOptional(v.string()),
      role: v.string(),
      values: v.array(v.string()),
      /** Members, slots (`slot:<n>`), `role` or `answer`. */
      from: v.array(v.string()),
      /** After an instance begins to go, a resolver may still answer with it for the sum of the three. */
      window: v.strictObject({
        eventSeconds: v.number(),
        propagationSeconds: v.number(),
        ttlSeconds: v.number(),
        totalSeconds: v.number(),
      }),
      /** Holds an address that may be a stranger's as soon as its instance goes. */
      exposed: v.boolean(),
      /** The zone's serial that wrote it. */
      serial: v.number(),
    }),
  ),
  withheld: v.array(
    v.strictObject({
      role: v.string(),
      name: v.string(),
      type: v.string(),
      reason: v.string(),
      instanceId: v.exactOptional(v.string()),
      detail: v.exactOptional(v.string()),
    }),
  ),
});
export type NamesResult = v.InferOutput<typeof NAMES>;

export const ADDRESSES = v.strictObject({
  target: v.string(),
  addresses: v.array(
    v.strictObject({
      role: v.string(),
      ordinal: v.number(),
      allocationId: v.string(),
      publicIpv4: v.string(),
      /** Entitled to it. */
      holder: v.exactOptional(v.string()),
      /** EC2 has it associated there now. */
      associatedWith: v.exactOptional(v.string()),
      state: v.picklist(['held', 'moving', 'idle']),
      /** Where the pool wants reverse DNS. */
      reverseDns: v.exactOptional(
        v.strictObject({
          wanted: v.string(),
          /** What resolvers are told now. */
          current: v.exactOptional(v.string()),
          /** An update that EC2 is at work on; empty where the name is to go. */
          pending: v.exactOptional(v.string()),
          /** What EC2 said. */
          refused: v.exactOptional(v.string()),
        }),
      ),
    }),
  ),
  /** Members that wait for an address, by role. */
  standbys: v.record(v.string(), v.array(v.string())),
  /** Estimated, in US dollars. */
  idleCostPerMonth: v.number(),
});
export type AddressesResult = v.InferOutput<typeof ADDRESSES>;
