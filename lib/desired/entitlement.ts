import type { Member } from '../model/member.ts';
import type { Role } from '../model/role.ts';
import { fitsPattern } from '../model/wildcard.ts';

/**
 * Whether a role's `allow` lets the member in: every field that is given must match, by any of its entries. What is not
 * known of a member matches nothing. `allow` is about instances: a host has its roles from the configuration itself.
 */
export function isAdmitted({ allow }: Pick<Role, 'allow'>, member: Member): boolean {
  if (allow === undefined || member.offCloud === true) return true;
  const { instanceProfiles, vpcs, subnets } = allow;
  return (
    matchesAny(instanceProfiles, member.instanceProfile) &&
    matchesAny(vpcs, member.vpcId) &&
    matchesAny(subnets, member.subnetId)
  );
}

function matchesAny(patterns: readonly string[] | undefined, value: string | undefined): boolean {
  if (patterns === undefined) return true;
  return value !== undefined && patterns.some((pattern) => fitsPattern(pattern, value));
}
