import type { Installation, Role } from '../model/role.ts';
import { ADDRESSES_GROUP, DRAINS_GROUP } from '../model/zone.ts';

export { groupsOf, isReverse } from '../model/work-groups.ts';

/** A role as the configuration lists it, or as `openRoles` makes it; `undefined` where it is refused. */
export function roleOf(installation: Installation | undefined, name: string): Role | undefined {
  const listed = installation?.roles.find(({ role }) => role === name);
  if (listed !== undefined || installation?.openRole === undefined) return listed;
  return { ...installation.openRole, role: name };
}

/** Zones first: an address is moved after the names are safe, and a drain waits for both. */
export function zonesFirst(groups: Iterable<string>): string[] {
  const distinct = [...new Set(groups)].sort();
  const last = [ADDRESSES_GROUP, DRAINS_GROUP];
  return [...distinct.filter((group) => !last.includes(group)), ...last.filter((group) => distinct.includes(group))];
}
