import type { Role } from '../model/role.ts';
import type { Configuration, RoleObject } from './configuration.ts';
import type { Path } from './problem.ts';
import { pathOfName, resolveOpenRole, resolveRoles, roleObject } from './resolve.ts';

/** A role as it is written and as it resolves, and where its problems are. */
export interface CheckedRole {
  readonly role: Role;
  readonly definition: RoleObject;
  readonly path: Path;
  readonly pathOfName: (index: number) => Path;
  readonly configuration: Configuration;
  /** All zones that were written, also those left out of `configuration` because they have another problem. */
  readonly zoneKeys: readonly string[];
}

/** The roles by name; last what an unlisted role gets. */
export function checkedRoles(configuration: Configuration, zoneKeys: readonly string[]): CheckedRole[] {
  const listed = resolveRoles(configuration).map((role) => ({
    role,
    definition: roleObject(role.role, configuration),
    path: ['roles', role.role],
    pathOfName: (index: number) => pathOfName(role.role, index, configuration),
    configuration,
    zoneKeys,
  }));
  const open = resolveOpenRole(configuration);
  if (open === undefined) return listed;
  const path = ['openRoles'];
  const definition = { names: open.names.map(({ zone }) => ({ zone })) };
  return [...listed, { role: open, definition, path, pathOfName: () => path, configuration, zoneKeys }];
}

/** Where a setting is written that the defaults may give, and how to say so. */
export function settingOf(checked: CheckedRole, key: 'whenEmpty' | 'health'): { path: Path; from: string } {
  const isOwn = checked.definition[key] !== undefined;
  const path = checked.path[0] === 'openRoles' ? checked.path : [...checked.path, key];
  return { path, from: isOwn ? '' : ' (from defaults)' };
}
