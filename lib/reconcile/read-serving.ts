import { roleView } from '../desired/role-view.ts';
import { DNS_LABEL } from '../model/instance.ts';
import type { Installation } from '../model/role.ts';
import type { RoleView } from '../model/role-view.ts';
import { roleOf } from './groups.ts';
import type { CorePorts } from './ports.ts';

/**
 * Who serves a role now; undefined where there is no such role.
 *
 * @throws ServiceFailure where that cannot be read: a role is empty only when it is known to be.
 */
export async function readServing(
  role: string,
  installation: Installation,
  { registry }: Pick<CorePorts, 'registry'>,
): Promise<RoleView | undefined> {
  const definition = DNS_LABEL.test(role) ? roleOf(installation, role) : undefined;
  if (definition === undefined) return undefined;
  const { members, slots } = await registry.readRole(role);
  return roleView(definition, members, slots);
}
