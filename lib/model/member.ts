import type { PublicAddressKind } from './instance.ts';

/** One instance in one role, as the zones and the pools plan from it. */
export interface Member {
  readonly role: string;
  readonly instanceId: string;
  readonly phase: 'pending' | 'serving';
  /** When this incarnation began, in ms since the epoch: the age that succession goes by. */
  readonly sinceMs: number;
  readonly absentSweeps: number;
  readonly region: string;
  readonly availabilityZone?: string;
  readonly privateIpv4?: string;
  readonly publicIpv4?: string;
  readonly publicIpv4Kind?: PublicAddressKind;
  readonly ipv6: readonly string[];
}
