import { isAdmitted } from '../desired/entitlement.ts';
import { desiredRecords } from '../desired/records.ts';
import { hasSlots } from '../desired/slots.ts';
import { inService, isSick } from '../desired/standing.ts';
import { type Fact, isLive, membersOf } from '../model/fact.ts';
import { isInstanceId } from '../model/instance.ts';
import type { Ledger, NewMark } from '../model/ledger.ts';
import { isMemberId, type Member } from '../model/member.ts';
import type { ChangeReason } from '../model/reason.ts';
import type { Installation, Role } from '../model/role.ts';
import type { Zone } from '../model/zone.ts';
import { groupsOf, isReverse, roleOf } from './groups.ts';
import { isUntidy, usedIds } from './health-checks.ts';
import { isClaim } from './role-state.ts';

/** Every instance that the sweep knows, and who of them is in which role. */
export interface Roster {
  readonly facts: ReadonlyMap<string, Fact>;
  /** By role, then by instance. */
  readonly members: ReadonlyMap<string, ReadonlyMap<string, Member>>;
}

export function rosterOf(facts: readonly Fact[]): Roster {
  const members = new Map<string, Map<string, Member>>();
  for (const member of facts.flatMap(membersOf)) {
    const ofRole = members.get(member.role) ?? new Map<string, Member>();
    members.set(member.role, ofRole.set(member.instanceId, member));
  }
  return { facts: new Map(facts.map((fact) => [fact.instanceId, fact])), members };
}

/**
 * What no mark told: two passes at once, or an event beside a deployment, may each clear or leave out the mark that the
 * other needed. An instance in our records that is no member, or a member in none of them, is marked anew.
 */
export function overlooked(
  zone: Zone,
  installation: Installation,
  { sets, notes, checks }: Ledger,
  roster: Roster,
  nowMs: number,
): NewMark[] {
  const marks = new Map<string, NewMark>();
  const mark = (instanceId: string, role: string, reason: ChangeReason) => {
    const roles = [...(marks.get(instanceId)?.roles ?? []), role];
    marks.set(instanceId, {
      group: zone.id,
      subject: { kind: 'instance', instanceId },
      roles: [...new Set(roles)],
      reason,
      sinceMs: nowMs,
    });
  };
  const published = new Map<string, Set<string>>();
  for (const { role, contributors } of sets) {
    const instances = Object.keys(contributors).filter(isMemberId);
    const ofRole = published.get(role) ?? new Set<string>();
    published.set(role, ofRole);
    for (const instance of instances) ofRole.add(instance);
    const definition = roleOf(installation, role);
    const strangers = instances.filter((instance) => !belongs(definition, roster.members.get(role)?.get(instance)));
    // A name that is kept though empty keeps the last member's part in it, but never that of a host.
    const isWhole = strangers.length === instances.length && strangers.every(isInstanceId);
    if (definition?.whenEmpty === 'keep' && isWhole) continue;
    for (const instance of strangers) {
      const isRefused = roster.members.get(role)?.has(instance) === true;
      mark(instance, role, isRefused ? 'configured' : departureOf(roster.facts.get(instance)));
    }
  }
  // What was said of the role, or of the member itself, says why it is in no record.
  const noted = new Set(notes.map(({ role, instance }) => saidOf(role, instance)));
  for (const [name, ofRole] of roster.members) {
    const role = roleOf(installation, name);
    if (role === undefined || noted.has(saidOf(name)) || !groupsOf(installation, role).includes(zone.id)) continue;
    const members = inService(
      role,
      [...ofRole.values()].filter((member) => isAdmitted(role, member)),
    );
    const isMissing = ({ instanceId }: Member) =>
      !noted.has(saidOf(name, instanceId)) && published.get(name)?.has(instanceId) !== true;
    for (const { instanceId } of dueOf(role, zone, installation, members, members.filter(isMissing)))
      mark(instanceId, name, 'launched');
  }
  return [...marks.values(), ...unsettledRoles(zone, { sets, notes, checks }, nowMs)];
}

function saidOf(role: string, instanceId = ''): string {
  return `${role} ${instanceId}`;
}

function unsettledRoles(zone: Zone, ledger: Ledger, nowMs: number): NewMark[] {
  return [...new Set([...untidyRoles(ledger), ...contendersIn(ledger)])].map((role) => ({
    group: zone.id,
    subject: { kind: 'role', role },
    roles: [role],
    reason: 'configured',
    sinceMs: nowMs,
  }));
}

/** Roles with a health check that nothing refers to, or with a set that still has none. */
function untidyRoles({ sets, notes, checks }: Ledger): string[] {
  const used = usedIds(sets);
  return [
    ...checks.filter((check) => isUntidy(check, used)).map(({ role }) => role),
    ...notes.filter(({ reason }) => reason === 'no-health-check').map(({ role }) => role),
  ];
}

/**
 * Roles that were refused a name which nobody has any more, or a pointer which is theirs as the first by alphabet: that
 * with the role that has it. A deployment marks the roles that it changes, and no others that they are beside.
 */
function contendersIn({ sets, notes }: Ledger): string[] {
  const taken = notes.filter((note) => note.reason === 'name-taken' && !isClaim(note));
  if (taken.length === 0) return [];
  const holders = new Map(taken.map(({ name }) => [name, new Set<string>()]));
  for (const { role, set } of sets) holders.get(set.name)?.add(role);
  return taken.flatMap(({ role, name, type }) => {
    const held = [...(holders.get(name) ?? [])];
    const behind = type === 'PTR' ? held.filter((holder) => role < holder) : [];
    return held.length === 0 || behind.length > 0 ? [role, ...behind] : [];
  });
}

function belongs(role: Role | undefined, member: Member | undefined): boolean {
  return member !== undefined && (role === undefined || isAdmitted(role, member));
}

/**
 * Who of them should be in some record of the role, as the core has it. What a slot gives is left out: the passes that
 * give it away look after that, and whether all others are sick cannot be said without it.
 */
function dueOf(
  role: Role,
  zone: Zone,
  installation: Installation,
  members: readonly Member[],
  missing: readonly Member[],
): readonly Member[] {
  const listed = missing.filter(({ absentSweeps }) => absentSweeps === 0);
  const candidates = hasSlots(role) ? listed.filter((member) => !isSick(role.health, member)) : listed;
  if (candidates.length === 0) return [];
  const reverseZones = installation.zones.map(({ name }) => name).filter(isReverse);
  const nobody: ReadonlySet<string> = new Set();
  const { sets } = desiredRecords({ zone, role, members, slots: [], keepAbsent: nobody, previous: [], reverseZones });
  const wanted = new Set(sets.flatMap(({ contributors }) => Object.keys(contributors)));
  return candidates.filter(({ instanceId }) => wanted.has(instanceId));
}

function departureOf(fact: Fact | undefined): ChangeReason {
  if (fact === undefined) return 'absent';
  if (fact.gone !== undefined) return 'terminated';
  if (fact.host?.away === 'expired') return 'expired';
  return isLive(fact) ? 'untagged' : 'stopped';
}
