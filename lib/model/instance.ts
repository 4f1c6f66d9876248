export const INSTANCE_STATES = ['pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated'] as const;
export type InstanceState = (typeof INSTANCE_STATES)[number];

/** What one Describe says of an instance. Tags: only those that begin with `rolecall:`. */
export interface InstanceDescription {
  readonly instanceId: string;
  readonly state: InstanceState;
  /** The last start, in ms since the epoch; one second resolution. Marks the incarnation. */
  readonly launchTimeMs: number;
  readonly availabilityZone?: string;
  readonly vpcId?: string;
  readonly subnetId?: string;
  /** The name of the instance profile, not its ARN. */
  readonly instanceProfile?: string;
  /** Where it has several: EC2 then wants an interface to associate an address with. */
  readonly primaryInterfaceId?: string;
  readonly privateIpv4?: string;
  readonly publicIpv4?: string;
  readonly ipv6: readonly string[];
  readonly publicDnsName?: string;
  readonly tags: Readonly<Record<string, string>>;
}

export const ROLE_TAG = 'rolecall:role';
export const POOL_TAG = 'rolecall:pool';
export const TAG_PREFIX = 'rolecall:';

/** EC2's ids; a host outside EC2 has another. */
export function isInstanceId(id: string): boolean {
  return id.startsWith('i-');
}

/** A role is one lower-case DNS label (RFC 1035 §2.3.1, digits first allowed by RFC 1123 §2.1). */
export const DNS_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * One transaction of DynamoDB has to take an instance out of all its roles and into as many others, with a mark for each
 * group that they touch ("TransactWriteItems … up to 100 distinct items", Amazon DynamoDB API Reference).
 */
export const MOST_ROLES = 30;

interface Claims {
  readonly roles: string[];
  /** Words that cannot be a role's name. */
  readonly invalid: string[];
  /** Roles beyond the most that one instance may have, the last of the alphabet. */
  readonly surplus: string[];
}

/** The roles that a tag claims, distinct and sorted. */
export function claimedRoles(tags: Readonly<Record<string, string>>): Claims {
  const words = [
    ...new Set(
      (tags[ROLE_TAG] ?? '')
        .toLowerCase()
        .split(/\s+/)
        .filter((word) => word !== ''),
    ),
  ].sort();
  const valid = words.filter((word) => DNS_LABEL.test(word));
  return {
    roles: valid.slice(0, MOST_ROLES),
    invalid: words.filter((word) => !DNS_LABEL.test(word)),
    surplus: valid.slice(MOST_ROLES),
  };
}
