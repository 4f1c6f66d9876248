import { InvalidInput } from '../model/errors.ts';
import { isLive } from '../model/fact.ts';
import { claimedRoles, DNS_LABEL } from '../model/instance.ts';
import type { NewMark } from '../model/ledger.ts';
import type { ChangedRole, Installation, Role } from '../model/role.ts';
import { groupsOf, roleOf, zonesFirst } from './groups.ts';
import { refoldHosts } from './hosts.ts';
import { refuseLargeChange } from './large-change.ts';
import type { CorePorts } from './ports.ts';
import { recordNamesToAllow } from './record-names.ts';
import { listedNames } from './role-state.ts';
import { wake } from './wake.ts';

/**
 * Writes the configuration and marks exactly the roles that it changes. Waits for nothing: the groups are woken, and
 * what a crash leaves undone the repeated request does again.
 *
 * @throws InvalidInput where the configuration would leave records behind, or takes away too many; nothing is changed.
 */
export async function install(
  installation: Installation,
  ports: CorePorts,
): Promise<{ readonly woken: readonly string[]; readonly recordNames?: readonly string[] }> {
  const before = await ports.registry.readInstallation();
  const changed = await checkedChanges(before, installation, ports);
  const recordNames = await recordNamesToAllow(before, installation, ports);
  const allowed = recordNames === undefined ? {} : { recordNames };
  const known = [...(before?.roles ?? []), ...(before?.changing ?? [])].map(({ role }) => role);
  const removed = [...new Set(known)].filter((role) => !installation.roles.some((each) => each.role === role));
  const marks = [
    ...changed.flatMap(({ role, groups }) => groups.map((group) => roleMark(group, role, ports))),
    ...(before === undefined || before.owner === installation.owner ? [] : serialMarks(before, installation, ports)),
  ];
  // Before the configuration is stored: interrupted here, the same request finds the same hosts removed.
  for (const id of removedHosts(before, installation)) await ports.registry.removeToken(id);
  await ports.registry.install(
    { ...installation, ...allowed, configuredAtMs: ports.clock.now() },
    before === undefined || changed.length === 0 ? before : { ...before, changing: changed },
    removed,
    marks,
  );
  const hostGroups = await refoldHosts(hostIds(before, installation), installation, ports);
  // An open role is defined by the installation alone: a pass that came before it was stored has cleared the mark.
  const open = marks.filter(({ roles }) =>
    roles.every((role) => !installation.roles.some((each) => each.role === role)),
  );
  if (installation.openRole !== undefined || before?.openRole !== undefined) await ports.registry.putMarks(open);
  const woken = zonesFirst([...marks.map((mark) => mark.group), ...hostGroups]);
  await wake(woken, ports);
  return { woken, ...allowed };
}

function hostIds(...installations: readonly (Installation | undefined)[]): string[] {
  return [...new Set(installations.flatMap((each) => (each?.hosts ?? []).map(({ id }) => id)))];
}

function removedHosts(before: Installation | undefined, after: Installation): string[] {
  const kept = new Set(hostIds(after));
  return hostIds(before).filter((id) => !kept.has(id));
}

/**
 * The roles that a configuration changes, with the groups that have work then; changes nothing.
 *
 * @throws InvalidInput where it would be refused.
 */
export async function checkedChanges(
  before: Installation | undefined,
  installation: Installation,
  ports: CorePorts,
): Promise<readonly ChangedRole[]> {
  const changed = await changedRoles(before, installation, ports);
  if (before === undefined) return changed;
  await refuseOrphans(before, installation, ports);
  await refuseLargeChange(
    installation,
    changed.map(({ role }) => role),
    ports,
  );
  return changed;
}

/**
 * A zone that leaves the configuration takes the permission to write to it along, which would leave records that nobody
 * removes when their instances go.
 */
async function refuseOrphans(before: Installation, after: Installation, ports: CorePorts): Promise<void> {
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

async function changedRoles(
  before: Installation | undefined,
  after: Installation,
  ports: CorePorts,
): Promise<ChangedRole[]> {
  const begun = new Map(before?.changing?.map(({ role, groups }) => [role, groups]));
  const listed = [...(before?.roles ?? []), ...after.roles].map(({ role }) => role);
  const claimed = before === undefined || sameOpenRole(before, after) ? [] : await openRoles(before, ports);
  const names = new Set([...listed, ...claimed, ...begun.keys()]);
  const changed = [...names].flatMap((role) => {
    const was = withGroups(before, role);
    const is = withGroups(after, role);
    if (JSON.stringify(was) === JSON.stringify(is) && !begun.has(role)) return [];
    const groups = [...(was?.groups ?? []), ...(is?.groups ?? []), ...(begun.get(role) ?? [])];
    return [{ role, groups: [...new Set(groups)] }];
  });
  const known = new Set(changed.map(({ role }) => role));
  const displaced = displacedRoles(before, after).filter(({ role }) => !known.has(role));
  return [...changed, ...displaced].sort((one, other) => (one.role < other.role ? -1 : 1));
}

function sameOpenRole(before: Installation, after: Installation): boolean {
  return JSON.stringify(before.openRole) === JSON.stringify(after.openRole);
}

/** What is claimed without being listed, and what has records that way: neither stands in the configuration. */
async function openRoles(before: Installation, ports: CorePorts): Promise<readonly string[]> {
  const { facts } = await ports.registry.readAllFacts();
  const claimed = facts
    .filter(isLive)
    .flatMap(({ description }) => (description === undefined ? [] : claimedRoles(description.tags).roles));
  const { openRole } = before;
  const groups = openRole === undefined ? [] : groupsOf(before, openRole);
  const ledgers = await Promise.all(groups.map((group) => ports.registry.readLedger(group)));
  return [...claimed, ...ledgers.flatMap(({ sets }) => sets.map(({ role }) => role))];
}

/** Open roles whose name a listed role now takes, or gives back: they have a say in it though nothing of theirs changed. */
function displacedRoles(before: Installation | undefined, after: Installation): { role: string; groups: string[] }[] {
  const { openRole } = after;
  if (openRole === undefined) return [];
  const was = before === undefined ? new Map<string, string>() : listedNames(before);
  const is = listedNames(after);
  const moved = [...new Set([...was.keys(), ...is.keys()])].filter((name) => was.get(name) !== is.get(name));
  const labels = moved.flatMap((name) =>
    openRole.names.flatMap(({ zoneName }) =>
      name.endsWith(`.${zoneName}`) ? [name.slice(0, -zoneName.length - 1)] : [],
    ),
  );
  return [...new Set(labels)]
    .filter((label) => DNS_LABEL.test(label) && !after.roles.some(({ role }) => role === label))
    .map((role) => ({ role, groups: groupsOf(after, { ...openRole, role }) }));
}

function withGroups(
  installation: Installation | undefined,
  name: string,
): { definition: Role; groups: string[] } | undefined {
  const definition = roleOf(installation, name);
  return installation === undefined || definition === undefined
    ? undefined
    : { definition, groups: groupsOf(installation, definition) };
}

/** The serial of each zone that is there already is to move to another owner. */
function serialMarks(before: Installation, after: Installation, ports: CorePorts): NewMark[] {
  const known = after.zones.filter(({ id }) => before.zones.some((zone) => zone.id === id));
  const sinceMs = ports.clock.now();
  return known.map(({ id }) => ({ group: id, subject: { kind: 'serial' }, roles: [], reason: 'configured', sinceMs }));
}

function roleMark(group: string, role: string, ports: CorePorts): NewMark {
  return { group, subject: { kind: 'role', role }, roles: [role], reason: 'configured', sinceMs: ports.clock.now() };
}
