import type { Withheld } from '../model/change.ts';
import { ABSENT_AFTER_SWEEPS } from '../model/fact.ts';
import type { LedgerSet } from '../model/ledger.ts';
import type { Member } from '../model/member.ts';
import type { RecordType } from '../model/record-set.ts';
import type { NamePattern, NameRouting, Role } from '../model/role.ts';
import type { Slot } from '../model/slot.ts';
import { subsetOf } from '../model/subset.ts';
import type { Zone } from '../model/zone.ts';
import { type CompiledPattern, compilePattern, type RenderedName, renderName } from './names.ts';
import { bySeniority, hasAddress } from './slots.ts';
import { inService, isSick } from './standing.ts';

/** One role in one zone: who counts for its names. */
export interface Scene {
  readonly zone: Zone;
  readonly role: Role;
  /** What `{region}` is for a name that no member gives. */
  readonly region: string | undefined;
  /** The longest in service first, where several may have a part in one record. */
  readonly serving: readonly Member[];
  /** Serving members that hold a slot. */
  readonly holdersById: ReadonlyMap<string, Member>;
  /** Whether any that serves is sick. */
  readonly hasSick: boolean;
  /** By ordinal. */
  readonly slots: readonly Slot[];
  readonly withhold: (withheld: Omit<Withheld, 'role'>) => void;
}

/** One part in a record: the values that come and go together. */
export interface Share {
  /** As the ledger names it: an instance id, `slot:<n>`, `role` or `answer`. */
  readonly contributor: string;
  readonly values: readonly string[];
  /** The serving member behind it. */
  readonly member?: Member;
}

/** All that is said at one name and type. */
export interface Group {
  readonly name: string;
  readonly type: RecordType;
  readonly ttlSeconds: number;
  readonly routing: NameRouting;
  /** Those that have served longest come first: the newest are left out of what is too large. */
  readonly shares: readonly Share[];
}

/** To which shares are still to come. */
export interface OpenGroup extends Group {
  readonly shares: Share[];
  /** What we own at its name and type, once that was looked for; of several sets the first. */
  owned: LedgerSet | undefined;
}

export const ONE_SET: NameRouting = { kind: 'simple' };

export interface SceneInput {
  readonly zone: Zone;
  readonly role: Role;
  readonly region?: string;
  readonly members: readonly Member[];
  readonly slots: readonly Slot[];
  readonly keepAbsent: ReadonlySet<string>;
}

/** In an exclusive role only those that hold a slot count: a standby has no part in any name. */
export function sceneOf(input: SceneInput, withhold: Scene['withhold']): Scene {
  const { zone, role, keepAbsent } = input;
  const slots = input.slots
    .filter((slot) => role.elasticIp === undefined || hasAddress(slot))
    .sort((one, other) => one.ordinal - other.ordinal);
  const holders = new Set(slots.map(({ holder }) => holder));
  const counted = subsetOf(
    inService(role, input.members),
    ({ absentSweeps, instanceId }) =>
      (absentSweeps < ABSENT_AFTER_SWEEPS || keepAbsent.has(instanceId)) &&
      (role.holders === undefined || holders.has(instanceId)),
  );
  const serving = sharesRecords(role) ? [...counted].sort(bySeniority) : counted;
  const held = serving.filter(({ instanceId }) => holders.has(instanceId));
  const holdersById = new Map(held.map((member) => [member.instanceId, member]));
  const hasSick = serving.some((member) => isSick(role.health, member));
  const region = input.region ?? regionOf(input.members);
  return { zone, role, region, serving, holdersById, hasSick, slots, withhold };
}

/**
 * Whether members may be together in a record. Where each has but names of its own their order says nothing: left as the
 * registry has it, by id, the names are nearly in order too, and what sorts them has little to do.
 */
function sharesRecords({ names, mx }: Role): boolean {
  const isOwn = ({ pattern, zoneName }: NamePattern) => compilePattern(pattern, zoneName).isMembersOwn;
  return mx !== undefined || !names.every(isOwn);
}

/** One installation serves one region: where it is not told, any member knows it. */
function regionOf(members: readonly Member[]): string | undefined {
  let first: string | undefined;
  for (const { region } of members) if (first === undefined || region < first) first = region;
  return first;
}

/** For names that are looked up here, but of which it is said elsewhere what is withheld. */
export function silently(scene: Scene): Scene {
  return { ...scene, withhold: () => undefined };
}

/** Whether a pattern reads the same whoever serves. */
export function isFixed(compiled: CompiledPattern): boolean {
  return !compiled.dependsOnMember && !compiled.dependsOnOrdinal;
}

/** The name as a slot or the role alone gives it. */
export function renderWithoutMember({ role, region }: Scene, compiled: CompiledPattern, slot?: Slot): RenderedName {
  return renderName(compiled, { role: role.role, region, ordinal: slot?.ordinal });
}

/** The role's first name, what aliases and mail point to. */
export interface FirstName {
  readonly pattern: NamePattern;
  readonly compiled: CompiledPattern;
}

export function firstNameOf({ role }: Scene): FirstName | undefined {
  const [pattern] = role.names;
  return pattern === undefined ? undefined : { pattern, compiled: compilePattern(pattern.pattern, pattern.zoneName) };
}
