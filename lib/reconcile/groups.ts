import type { Installation, Role } from '../model/role.ts';
import { ADDRESSES_GROUP } from '../model/zone.ts';

/** The work groups that a role's members have a say in: the zones of its names, and the addresses if it has a pool. */
export function groupsOf(installation: Installation, role: Role): string[] {
  const zones = installation.zones
    .filter((zone) => role.names.some((name) => name.zone === zone.key))
    .map((zone) => zone.id);
  return role.elasticIp === undefined ? zones : [...zones, ADDRESSES_GROUP];
}

/** Zones first: an address is moved after the names are safe. */
export function zonesFirst(groups: Iterable<string>): string[] {
  const distinct = [...new Set(groups)].sort();
  return [
    ...distinct.filter((group) => group !== ADDRESSES_GROUP),
    ...distinct.filter((group) => group === ADDRESSES_GROUP),
  ];
}
