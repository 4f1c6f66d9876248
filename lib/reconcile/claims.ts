import { asksInEffect } from '../model/drain.ts';
import { type Fact, isLive, membersOf } from '../model/fact.ts';
import { alarmsOf, isImpaired } from '../model/health.ts';
import { claimedRoles, MOST_ROLES } from '../model/instance.ts';
import type { JournalEntry } from '../model/journal.ts';
import type { NewMark } from '../model/ledger.ts';
import type { Member } from '../model/member.ts';
import type { ChangeReason } from '../model/reason.ts';
import type { Installation } from '../model/role.ts';
import { groupsOf, roleOf } from './groups.ts';
import type { FactUpdate } from './ports.ts';

/** What a change of a fact does to members, and which groups then have work. */
export function factUpdate(
  before: Fact,
  after: Fact,
  installation: Installation | undefined,
  sinceMs: number,
): { readonly write: FactUpdate; readonly groups: string[] } {
  const left = membersOf(before);
  const joined = membersOf(after);
  const touched = [...left, ...joined]
    .filter((member) => !isSame(left, joined, member.role))
    .map((member) => member.role);
  const roles = [...new Set(touched)].sort();
  // A member that does not serve yet, and did not before, is in no record.
  const served = roles.filter((role) => isServing(left, role) || isServing(joined, role));
  const marks = marksOf(after.instanceId, served, reasonOf(before, after), installation, sinceMs);
  const write: FactUpdate = {
    before,
    after,
    members: joined.filter((member) => roles.includes(member.role)),
    removedRoles: left.map((member) => member.role).filter((role) => !joined.some((member) => member.role === role)),
    marks,
    ...(joined.length > 0 && isToDrain(before, after, left.length > 0) ? { drainAtMs: sinceMs } : {}),
  };
  return { write, groups: standingGroups(after, installation) };
}

/** What asked it before it was a member is news once it is one. */
function isToDrain(before: Fact, after: Fact, wasMember: boolean): boolean {
  const heeded = wasMember ? asksInEffect(before.drains) : [];
  const known = new Set(heeded.map((ask) => JSON.stringify(ask)));
  return asksInEffect(after.drains).some((ask) => !known.has(JSON.stringify(ask)));
}

function isServing(members: readonly Member[], role: string): boolean {
  return members.some((member) => member.role === role && member.phase === 'serving');
}

function isSame(left: readonly Member[], joined: readonly Member[], role: string): boolean {
  const was = left.find((member) => member.role === role);
  const is = joined.find((member) => member.role === role);
  return JSON.stringify(was) === JSON.stringify(is);
}

function marksOf(
  instanceId: string,
  roles: readonly string[],
  reason: ChangeReason,
  installation: Installation | undefined,
  sinceMs: number,
): NewMark[] {
  const rolesByGroup = new Map<string, string[]>();
  for (const role of roles) {
    for (const group of groupsOfClaim(installation, role))
      rolesByGroup.set(group, [...(rolesByGroup.get(group) ?? []), role]);
  }
  return [...rolesByGroup].map(([group, dirty]) => ({
    group,
    subject: { kind: 'instance', instanceId },
    roles: dirty,
    reason,
    sinceMs,
  }));
}

/** The groups whose marks for this instance may still stand, from what it claims or last claimed. */
function standingGroups(fact: Fact, installation: Installation | undefined): string[] {
  const claimed = claimedRoles(fact.description?.tags ?? {}).roles;
  return [...new Set(claimed.flatMap((role) => groupsOfClaim(installation, role)))].sort();
}

function groupsOfClaim(installation: Installation | undefined, name: string): string[] {
  const role = roleOf(installation, name);
  return installation === undefined || role === undefined ? [] : groupsOf(installation, role);
}

function reasonOf(before: Fact, after: Fact): ChangeReason {
  if (after.gone !== undefined) return 'terminated';
  if (isLive(before) && !isLive(after)) return leaveReasonOf(after);
  if (!isLive(before)) return 'launched';
  if (after.absentSweeps !== before.absentSweeps) return after.absentSweeps > 0 ? 'absent' : 'launched';
  const asked = [asksInEffect(before.drains).length, asksInEffect(after.drains).length] as const;
  if (asked[0] !== asked[1]) return asked[1] > asked[0] ? 'draining' : 'undrained';
  const was = claimedRoles(before.description?.tags ?? {}).roles;
  const is = claimedRoles(after.description?.tags ?? {}).roles;
  if (was.some((role) => !is.includes(role))) return 'untagged';
  if (is.some((role) => !was.includes(role))) return 'tagged';
  if (before.description?.state !== after.description?.state) return 'launched';
  const ailed = ailments(before);
  const ails = ailments(after);
  if (ails.some((each) => !ailed.includes(each))) return 'sick';
  return ailed.some((each) => !ails.includes(each)) ? 'healthy' : 'address';
}

function ailments({ health, description }: Fact): readonly string[] {
  const checks = isImpaired(health, description?.launchTimeMs ?? 0) ? ['status checks'] : [];
  return [...checks, ...alarmsOf(health).map((alarm) => `alarm ${alarm}`)];
}

/** An instance stops; a host may leave for reasons of its own. */
function leaveReasonOf({ host }: Fact): ChangeReason {
  switch (host?.away) {
    case 'expired':
      return 'expired';
    case 'removed':
      return 'configured';
    case 'offline':
    case undefined:
      return 'stopped';
  }
}

/**
 * An instance that never claimed anything, were it no name for a role, nor has a closed past is not worth an item, unless it
 * may have one and is asked to leave.
 */
export function isWorthKeeping(before: Fact, after: Fact): boolean {
  const { roles, invalid } = claimedRoles(after.description?.tags ?? {});
  return (
    before.version > 0 ||
    after.gone !== undefined ||
    after.closedUpToMs > 0 ||
    (after.description === undefined && asksInEffect(after.drains).length > 0) ||
    roles.length > 0 ||
    // What is refused is said with the first item.
    invalid.length > 0
  );
}

/** Claims that the configuration does not know, said once: when the claim appears. */
export function refusals(before: Fact, after: Fact, installation: Installation | undefined): JournalEntry[] {
  if (!isLive(after)) return [];
  const was = isLive(before) ? claimedRoles(before.description?.tags ?? {}) : { roles: [], invalid: [], surplus: [] };
  const is = claimedRoles(after.description?.tags ?? {});
  const unknown = is.roles.filter((role) => roleOf(installation, role) === undefined && !was.roles.includes(role));
  const invalid = is.invalid.filter((role) => !was.invalid.includes(role));
  const surplus = is.surplus.filter((role) => !was.surplus.includes(role));
  const entry = (role: string, reason: 'unknown-role' | 'invalid-name' | 'too-many', detail: string): JournalEntry => ({
    kind: 'refused',
    role,
    reason,
    instance: after.instanceId,
    detail,
  });
  return [
    ...unknown.map((role) => entry(role, 'unknown-role', 'the configuration has no such role')),
    ...invalid.map((role) => entry(role, 'invalid-name', 'a role is one lower-case DNS label')),
    ...surplus.map((role) =>
      entry(role, 'too-many', `an instance has ${MOST_ROLES} roles at most, the first of the alphabet`),
    ),
  ];
}
