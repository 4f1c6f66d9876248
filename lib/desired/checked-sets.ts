import type { DesiredSet } from '../model/change.ts';
import { type CheckedEndpoint, endpointKey, isUsable, type OwnedCheck } from '../model/health-check.ts';
import type { Role } from '../model/role.ts';
import { isPrivateIpv4 } from '../model/ipv4.ts';

/** A set that should have a health check and has none yet. */
export interface Unchecked {
  readonly role: string;
  readonly name: string;
  readonly contributor: string;
  readonly endpoint: CheckedEndpoint;
}

/**
 * A role's sets with their health checks, under `health: { route53 }`: each public address that has a set of its own.
 * The checkers of Route 53 reach no private address ("Types of Amazon Route 53 health checks", Developer Guide).
 */
export function withChecks(
  role: Role,
  sets: readonly DesiredSet[],
  checks: readonly OwnedCheck[],
): { readonly sets: readonly DesiredSet[]; readonly unchecked: readonly Unchecked[] } {
  if (role.health.kind !== 'route53') return { sets, unchecked: [] };
  const { check } = role.health;
  const ids = new Map(
    checks
      .filter((each) => each.role === role.role)
      .filter(isUsable)
      .map((each) => [endpointKey(each.endpoint), each.id]),
  );
  const unchecked: Unchecked[] = [];
  const checked = sets.map((desired): DesiredSet => {
    const { set, contributors } = desired;
    const [address, another] = set.values;
    const isOwn = set.type === 'A' && set.routing.kind !== 'simple' && address !== undefined && another === undefined;
    if (!isOwn || isPrivateIpv4(address)) return desired;
    const endpoint = { ...check, address };
    const id = ids.get(endpointKey(endpoint));
    if (id !== undefined) return { ...desired, set: { ...set, healthCheckId: id } };
    unchecked.push({ role: role.role, name: set.name, contributor: Object.keys(contributors)[0] ?? '', endpoint });
    return desired;
  });
  return { sets: checked, unchecked };
}
