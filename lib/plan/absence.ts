import type { Withheld } from '../model/change.ts';
import { ABSENT_AFTER_SWEEPS } from '../model/fact.ts';
import type { LedgerSet } from '../model/ledger.ts';
import type { Member } from '../model/member.ts';
import { normalName } from '../model/name.ts';
import { setKey } from '../model/record-set.ts';
import type { Role } from '../model/role.ts';
import type { Slot } from '../model/slot.ts';
import type { Drift } from './plan.ts';

/** Absence alone may change at most this part of a zone's owned sets, where there are enough for a part to mean something. */
const ABSENCE_CAP_FRACTION = 0.3;
const ABSENCE_CAP_MIN_SETS = 10;
/** So many complete sweeps without it, and an address that may be a stranger's by now goes, cap or not. */
const UNOWNED_GOES_AFTER_SWEEPS = 10;

export interface AbsenceInput {
  readonly roles: readonly {
    readonly role: string;
    readonly members: readonly Member[];
    /** Of a role with a pool what its names hold depends on the slots, not on who holds them. */
    readonly definition?: Role;
    readonly slots: readonly Slot[];
  }[];
  /** What these roles own in the zone. */
  readonly ledger: readonly LedgerSet[];
  /** What all roles own in the zone. */
  readonly ownedSets: number;
}

export interface AbsenceVerdict {
  /** By role: the members that stay in its records though they are absent. */
  readonly keep: ReadonlyMap<string, ReadonlySet<string>>;
  readonly withheld: readonly Withheld[];
}

/** An absent instance, in all of its roles. */
interface Absentee {
  readonly instanceId: string;
  readonly absentSweeps: number;
  readonly sinceMs: number;
  /** Indices of the owned sets that it contributes to. */
  readonly sets: readonly number[];
  readonly goesAnyway: boolean;
}

/**
 * Which absent members stay for now. Absence is no proof, so it may take away 30 % of a zone's sets, and never all of a
 * role. A member that is no longer in any record of a role does not come back to it by this.
 */
export function absentToKeep(input: AbsenceInput): AbsenceVerdict {
  const absentees = findAbsentees(input);
  if (absentees.length === 0) return { keep: new Map(), withheld: [] };
  const beyond = beyondCap(input, absentees);
  const byId = new Map(absentees.map((each) => [each.instanceId, each]));
  const keep = new Map<string, ReadonlySet<string>>();
  for (const { role, members } of input.roles) {
    const serving = members.filter(({ phase }) => phase === 'serving');
    const missing = new Set(serving.filter(isAbsent).map(({ instanceId }) => instanceId));
    const published = absentees.filter(
      ({ instanceId, sets }) => missing.has(instanceId) && sets.some((index) => input.ledger[index]?.role === role),
    );
    const stay = published.filter((absentee) => beyond.has(absentee.instanceId));
    const isLeftEmpty = stay.length === 0 && missing.size === serving.length;
    const kept = isLeftEmpty ? lastOf(published) : stay;
    if (kept.length > 0) keep.set(role, new Set(kept.map(({ instanceId }) => instanceId)));
  }
  return { keep, withheld: capped(input.ledger, byId, setsKept(input, byId, keep)) };
}

/** The owned sets but those that hands took away: nobody is in a record that is not there. */
export function publishedOf(ledger: readonly LedgerSet[], drift: readonly Drift[]): readonly LedgerSet[] {
  const gone = new Set(drift.filter(({ observed }) => observed === undefined).map(({ key }) => key));
  return gone.size === 0 ? ledger : ledger.filter(({ set }) => !gone.has(setKey(set)));
}

/**
 * Members that the last complete sweep did not list, and that are in no record of the role: what they have in records stays
 * until there is more than that, but nothing is added for them before a sweep lists them. Who holds an Elastic IP has what a stranger cannot get.
 */
export function notYetListed(
  { elasticIp }: Role,
  { members, slots }: Pick<AbsenceInput['roles'][number], 'members' | 'slots'>,
  owned: readonly LedgerSet[],
): readonly Member[] {
  const missed = members.filter(({ absentSweeps }) => absentSweeps > 0 && absentSweeps < ABSENT_AFTER_SWEEPS);
  if (missed.length === 0) return [];
  const known = new Set(owned.flatMap(({ contributors }) => Object.keys(contributors)));
  if (elasticIp !== undefined) for (const { holder } of slots) if (holder !== undefined) known.add(holder);
  return missed.filter(({ instanceId }) => !known.has(instanceId));
}

function isAbsent({ phase, absentSweeps }: Member): boolean {
  return phase === 'serving' && absentSweeps >= ABSENT_AFTER_SWEEPS;
}

/** The longest absent first. */
function findAbsentees(input: AbsenceInput): Absentee[] {
  const absent = new Map<string, Member>();
  for (const { members } of input.roles) {
    for (const member of members) if (isAbsent(member)) absent.set(member.instanceId, member);
  }
  const setsOf = new Map<string, number[]>([...absent.keys()].map((instanceId) => [instanceId, []]));
  if (absent.size > 0) {
    for (const [index, { contributors }] of input.ledger.entries()) {
      for (const contributor of Object.keys(contributors))
        if (!isCovered(contributor, contributors, absent)) setsOf.get(contributor)?.push(index);
    }
  }
  return [...absent.values()]
    .map((member): Absentee => {
      const { instanceId, absentSweeps, sinceMs } = member;
      const sets = setsOf.get(instanceId) ?? [];
      return { instanceId, absentSweeps, sinceMs, sets, goesAnyway: goesAnyway(member, sets, input.ledger) };
    })
    .sort((one, other) => other.absentSweeps - one.absentSweeps || (one.instanceId < other.instanceId ? -1 : 1));
}

/** Another who is there contributes all the same values: without this one the set stays as it is. */
function isCovered(
  contributor: string,
  contributors: LedgerSet['contributors'],
  absent: ReadonlyMap<string, Member>,
): boolean {
  if (!absent.has(contributor)) return false;
  const others = Object.entries(contributors).filter(([other]) => !absent.has(other));
  const covered = new Set(others.flatMap(([, values]) => values));
  return (contributors[contributor] ?? []).every((value) => covered.has(value));
}

function goesAnyway(member: Member, sets: readonly number[], ledger: readonly LedgerSet[]): boolean {
  const { publicIpv4, publicDnsName, absentSweeps, instanceId } = member;
  if (absentSweeps < UNOWNED_GOES_AFTER_SWEEPS) return false;
  // The EC2 name is another word for the address, and goes to a stranger with it.
  const unowned = [publicIpv4 ?? '', normalName(publicDnsName ?? '')];
  return sets.some((index) => ledger[index]?.contributors[instanceId]?.some((value) => unowned.includes(value)));
}

/** Those that a pass before has already taken out count against the cap as long as they may still come back. */
function beyondCap({ ownedSets }: AbsenceInput, absentees: readonly Absentee[]): ReadonlySet<string> {
  const kept = new Set<string>();
  if (ownedSets < ABSENCE_CAP_MIN_SETS) return kept;
  const spent = absentees.filter(
    ({ sets, absentSweeps }) => sets.length === 0 && absentSweeps < UNOWNED_GOES_AFTER_SWEEPS,
  ).length;
  const budget = Math.floor(ABSENCE_CAP_FRACTION * (ownedSets + spent)) - spent;
  const touched = new Set<number>();
  for (const { instanceId, sets, goesAnyway: goes } of absentees) {
    const fresh = sets.filter((index) => !touched.has(index));
    if (goes || touched.size + fresh.length <= budget) for (const index of fresh) touched.add(index);
    else if (sets.length > 0) kept.add(instanceId);
  }
  return kept;
}

/** The one that stays where absence would take all of a role: who was seen last, of those the oldest. None if all may be a stranger's. */
function lastOf(published: readonly Absentee[]): readonly Absentee[] {
  return published
    .filter(({ goesAnyway: goes }) => !goes)
    .sort(
      (one, other) =>
        one.absentSweeps - other.absentSweeps ||
        one.sinceMs - other.sinceMs ||
        (one.instanceId < other.instanceId ? -1 : 1),
    )
    .slice(0, 1);
}

/** What stays of each absent member: its own part in sets, and the address of the slot that it still holds. */
function setsKept(
  { roles, ledger }: AbsenceInput,
  absentees: ReadonlyMap<string, Absentee>,
  keep: AbsenceVerdict['keep'],
): ReadonlyMap<string, readonly number[]> {
  const kept = new Map<string, number[]>();
  const stay = (instanceId: string, sets: readonly number[]) =>
    kept.set(instanceId, [...(kept.get(instanceId) ?? []), ...sets]);
  for (const { role, definition, slots } of roles) {
    for (const instanceId of keep.get(role) ?? []) {
      const sets = absentees.get(instanceId)?.sets ?? [];
      stay(
        instanceId,
        sets.filter((index) => ledger[index]?.role === role),
      );
    }
    if (definition?.elasticIp === undefined || definition.whenEmpty === 'keep') continue;
    for (const { holder = '', ordinal } of slots.filter((slot) => absentees.has(slot.holder ?? ''))) {
      const held = ledger.flatMap((each, index) =>
        each.role === role && each.contributors[`slot:${ordinal}`] !== undefined ? [index] : [],
      );
      stay(holder, held);
    }
  }
  return kept;
}

/** One entry for each kept member and role, under the first name that it keeps. */
function capped(
  ledger: readonly LedgerSet[],
  absentees: ReadonlyMap<string, Absentee>,
  kept: ReadonlyMap<string, readonly number[]>,
): Withheld[] {
  const withheld: Withheld[] = [];
  for (const [instance, sets] of [...kept].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const absentSweeps = absentees.get(instance)?.absentSweeps;
    const owned = sets.flatMap((index) => ledger[index] ?? []);
    for (const role of [...new Set(owned.map((each) => each.role))].sort()) {
      const [first] = owned
        .filter((each) => each.role === role)
        .map(({ set }) => set)
        .sort((one, other) => (setKey(one) < setKey(other) ? -1 : 1));
      if (first === undefined) continue;
      const detail = `${instance} was not listed by ${absentSweeps} complete sweeps, which is no proof that it is gone`;
      withheld.push({ role, name: first.name, type: first.type, reason: 'cap', instance, detail });
    }
  }
  return withheld;
}
