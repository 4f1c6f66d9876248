import type { NewMark } from '../model/ledger.ts';
import type { Installation, Role } from '../model/role.ts';
import { groupsOf, zonesFirst } from './groups.ts';
import type { CorePorts } from './ports.ts';

/**
 * Writes the configuration and marks exactly the roles that it changes. Waits for nothing: the groups are woken, and
 * what a crash leaves undone the repeated request does again.
 */
export async function install(
  installation: Installation,
  ports: CorePorts,
): Promise<{ readonly woken: readonly string[] }> {
  const before = await ports.registry.readInstallation();
  const removed = (before?.roles ?? []).filter((role) => !installation.roles.some((each) => each.role === role.role));
  await ports.registry.install(
    installation,
    removed.map((role) => role.role),
  );
  const marks = changedRoles(before, installation).flatMap(({ role, groups }) =>
    groups.map((group) => roleMark(group, role, ports)),
  );
  await ports.registry.putMarks(marks);
  const woken = zonesFirst(marks.map((mark) => mark.group));
  if (woken.length > 0) await ports.queue.wake(woken.map((group) => ({ kind: 'wake', group, attempt: 0 })));
  return { woken };
}

function changedRoles(before: Installation | undefined, after: Installation): { role: string; groups: string[] }[] {
  const names = new Set([...(before?.roles ?? []), ...after.roles].map((role) => role.role));
  return [...names].sort().flatMap((role) => {
    const was = withGroups(before, role);
    const is = withGroups(after, role);
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    return [{ role, groups: [...new Set([...(was?.groups ?? []), ...(is?.groups ?? [])])] }];
  });
}

function withGroups(
  installation: Installation | undefined,
  name: string,
): { definition: Role; groups: string[] } | undefined {
  const definition = installation?.roles.find((role) => role.role === name);
  return installation === undefined || definition === undefined
    ? undefined
    : { definition, groups: groupsOf(installation, definition) };
}

function roleMark(group: string, role: string, ports: CorePorts): NewMark {
  return { group, subject: { kind: 'role', role }, roles: [role], reason: 'configured', sinceMs: ports.clock.now() };
}
