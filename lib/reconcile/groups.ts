import type { Installation, Role } from '../model/role.ts';
import { ADDRESSES_GROUP, DRAINS_GROUP } from '../model/zone.ts';

/** A role as the configuration lists it, or as `openRoles` makes it; `undefined` where it is refused. */
export function roleOf(installation: Installation | undefined, name: string): Role | undefined {
  const listed = installation?.roles.find(({ role }) => role === name);
  if (listed !== undefined || installation?.openRole === undefined) return listed;
  return { ...installation.openRole, role: name };
}

/**
 * The work groups that a role's members have a say in: the zones of its names, aliases and mail exchange, every reverse
 * zone if a name wants PTR records, and the addresses if it has a pool.
 */
export function groupsOf(installation: Installation, role: Role): string[] {
  const keys = new Set([...role.names, ...role.aliases, ...(role.mx === undefined ? [] : [role.mx])].map(zoneKey));
  const hasPointers = role.names.some(({ ptr }) => ptr);
  const zones = installation.zones
    .filter(({ key, name }) => keys.has(key) || (hasPointers && isReverse(name)))
    .map(({ id }) => id);
  return role.elasticIp === undefined ? zones : [...zones, ADDRESSES_GROUP];
}

function zoneKey({ zone }: { readonly zone: string }): string {
  return zone;
}

/** `in-addr.arpa` (RFC 1035 §3.5) and `ip6.arpa` (RFC 3596 §2.5). */
export function isReverse(zoneName: string): boolean {
  return zoneName.endsWith('.arpa');
}

/** Zones first: an address is moved after the names are safe, and a drain waits for both. */
export function zonesFirst(groups: Iterable<string>): string[] {
  const distinct = [...new Set(groups)].sort();
  const last = [ADDRESSES_GROUP, DRAINS_GROUP];
  return [...distinct.filter((group) => !last.includes(group)), ...last.filter((group) => distinct.includes(group))];
}
