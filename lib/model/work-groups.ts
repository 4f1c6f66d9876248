import type { Installation, Role } from './role.ts';
import { ADDRESSES_GROUP } from './zone.ts';

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
