import { InvalidInput } from '../model/errors.ts';
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
  if (before !== undefined) await refuseOrphans(before, installation, ports);
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

/**
 * A zone that leaves the configuration takes the permission to write to it along, and another owner looks for another
 * serial: either would leave records that nobody removes when their instances go.
 */
async function refuseOrphans(before: Installation, after: Installation, ports: CorePorts): Promise<void> {
  if (before.owner !== after.owner) {
    throw new InvalidInput(
      `owner cannot change from ${before.owner} to ${after.owner}: what ${before.owner} published would stay for ever. Keep the owner, or delete the stack and deploy it anew.`,
    );
  }
  const left = before.zones.filter((zone) => !after.zones.some((each) => each.id === zone.id));
  for (const zone of left) {
    const { head } = await ports.registry.readGroup(zone.id);
    const owned = head?.ownedSets ?? 0;
    if (owned === 0) continue;
    throw new InvalidInput(
      `zones.${zone.key} (${zone.name}, ${zone.id}) cannot leave the configuration yet: ${owned} of our records are in it. Take its names out of every role and deploy; when they are gone, remove the zone.`,
    );
  }
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
