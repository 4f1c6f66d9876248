import type { DrainAsk } from './drain.ts';

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
  /** Of its primary network interface, where it has several. */
  readonly primaryInterfaceId?: string;
  readonly privateIpv4?: string;
  readonly publicIpv4?: string;
  readonly ipv6: readonly string[];
  readonly publicDnsName?: string;
  readonly vpcId?: string;
  readonly subnetId?: string;
  readonly instanceProfile?: string;
  /** What asks it to leave, as of now; whether it does is for the role to say. */
  readonly drains?: readonly DrainAsk[];
  /** EC2's status checks show it impaired. */
  readonly impaired?: true;
  /** The CloudWatch alarms about it that are in ALARM; sorted. */
  readonly alarms?: readonly string[];
  /** A host outside EC2: its public address is nobody's that we know. */
  readonly offCloud?: true;
  /** Every tag that begins with `rolecall:`: priority and weight are among them. */
  readonly tags: Readonly<Record<string, string>>;
}

/** What the ledger names beside members as the source of a record's values. */
export const ROLE_CONTRIBUTOR = 'role';
export const ANSWER_CONTRIBUTOR = 'answer';

/** Whether a contributor of the ledger is a member, rather than a slot, the role or its answer. */
export function isMemberId(contributor: string): boolean {
  return contributor !== ROLE_CONTRIBUTOR && contributor !== ANSWER_CONTRIBUTOR && !contributor.startsWith('slot:');
}
