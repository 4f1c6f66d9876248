import type { DesiredSet, Withheld } from '../model/change.ts';
import { ABSENT_AFTER_SWEEPS } from '../model/fact.ts';
import type { LedgerSet } from '../model/ledger.ts';
import type { Member } from '../model/member.ts';
import { recordSet, setKey } from '../model/record-set.ts';
import type { AddressKind, NamePattern, Role } from '../model/role.ts';
import type { Slot } from '../model/slot.ts';
import type { Zone } from '../model/zone.ts';
import { isPrivateIpv4 } from './ipv4.ts';
import { type CompiledPattern, compilePattern, type Occupant, renderName } from './names.ts';
import { bySeniority, hasAddress } from './slots.ts';

/** "Quotas" (Amazon Route 53 Developer Guide): records in a record set. */
export const MAX_SET_VALUES = 400;
/** So that a set can be swapped in one request: 32,000 characters, the old values and the new ("Quotas"). */
export const MAX_SET_CHARACTERS = 15_500;

export interface RecordsInput {
  readonly zone: Zone;
  readonly role: Role;
  readonly members: readonly Member[];
  readonly slots: readonly Slot[];
  /** Members that stay though two complete sweeps did not list them. */
  readonly keepAbsent: ReadonlySet<string>;
  /** What we own for this role in this zone: the values that `whenEmpty: 'keep'` keeps. */
  readonly previous: readonly LedgerSet[];
}

export interface DesiredRecords {
  readonly sets: readonly DesiredSet[];
  readonly withheld: readonly Withheld[];
}

type AddressType = 'A' | 'AAAA';

/** One member's, or one slot's, part in a name. */
interface Contribution {
  readonly contributor: string;
  readonly values: readonly string[];
}

interface Group {
  readonly name: string;
  readonly type: AddressType;
  readonly ttlSeconds: number;
  /** Those that have served longest come first: the newest are left out of a set that is too large. */
  readonly contributions: readonly Contribution[];
}

interface Draft {
  readonly input: RecordsInput;
  readonly serving: readonly Member[];
  readonly servingById: ReadonlyMap<string, Member>;
  readonly slots: readonly Slot[];
  readonly slotOf: ReadonlyMap<string, Slot>;
  readonly groups: Map<string, Group & { readonly contributions: Contribution[] }>;
  readonly withheld: Map<string, Withheld>;
}

/**
 * The record sets that one role should have in one zone. Members whose names read the same share a set.
 *
 * ```
 * address   role without a pool            role with a pool
 * private   A of each serving member       the same; with {ordinal} of each slot's holder
 * public    A of each serving member       A of each slot that is held; under `keep` of every slot
 * ipv6      AAAA of each serving member    the same; with {ordinal} of each slot's holder
 * ```
 */
export function desiredRecords(input: RecordsInput): DesiredRecords {
  const draft = begin(input);
  for (const pattern of input.role.names) {
    if (pattern.zone !== input.zone.key) continue;
    const compiled = compilePattern(pattern.pattern, input.zone.name);
    for (const kind of pattern.addresses) {
      if (kind === 'public' && input.role.elasticIp !== undefined) fromSlots(draft, pattern, compiled);
      else if (compiled.dependsOnOrdinal) fromHolders(draft, pattern, compiled, kind);
      else fromMembers(draft, pattern, compiled, kind);
    }
  }
  const sets = [...draft.groups.values()].map((group) => trimmed(draft, group));
  return {
    sets: [...sets, ...kept(draft)].sort((one, other) => (setKey(one.set) < setKey(other.set) ? -1 : 1)),
    withheld: [...draft.withheld].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, withheld]) => withheld),
  };
}

function begin(input: RecordsInput): Draft {
  const serving = input.members
    .filter(
      ({ phase, absentSweeps, instanceId }) =>
        phase === 'serving' && (absentSweeps < ABSENT_AFTER_SWEEPS || input.keepAbsent.has(instanceId)),
    )
    .sort(bySeniority);
  const slots = input.slots.filter(hasAddress).sort((one, other) => one.ordinal - other.ordinal);
  return {
    input,
    serving,
    servingById: new Map(serving.map((member) => [member.instanceId, member])),
    slots,
    slotOf: new Map(slots.flatMap((slot) => (slot.holder === undefined ? [] : [[slot.holder, slot]]))),
    groups: new Map(),
    withheld: new Map(),
  };
}

function fromMembers(draft: Draft, pattern: NamePattern, compiled: CompiledPattern, kind: AddressKind): void {
  for (const member of draft.serving) contributeMember(draft, pattern, compiled, kind, member, undefined);
}

/** Only a slot's holder has an ordinal; a standby has no such name. */
function fromHolders(draft: Draft, pattern: NamePattern, compiled: CompiledPattern, kind: AddressKind): void {
  for (const slot of draft.slots) {
    const member = draft.servingById.get(slot.holder ?? '');
    if (member !== undefined) contributeMember(draft, pattern, compiled, kind, member, slot);
  }
}

function contributeMember(
  draft: Draft,
  pattern: NamePattern,
  compiled: CompiledPattern,
  kind: AddressKind,
  member: Member,
  slot: Slot | undefined,
): void {
  const type = kind === 'ipv6' ? 'AAAA' : 'A';
  const name = nameFor(draft, compiled, type, member, slot);
  if (name === undefined) return;
  const values = addressesOf(member, kind);
  if (values.length > 0) return contribute(draft, pattern, name, type, { contributor: member.instanceId, values });
  withhold(draft, {
    role: draft.input.role.role,
    name,
    type,
    reason: 'no-address',
    instance: member.instanceId,
    detail: `${member.instanceId} has no ${ADDRESS_WORDS[kind]} address`,
  });
}

const ADDRESS_WORDS: Readonly<Record<AddressKind, string>> = {
  private: 'private IPv4',
  public: 'public IPv4',
  ipv6: 'IPv6',
  'ec2-name': 'public DNS name as',
};

function addressesOf(member: Member, kind: AddressKind): readonly string[] {
  switch (kind) {
    case 'private':
      return member.privateIpv4 === undefined ? [] : [member.privateIpv4];
    case 'public':
      return member.publicIpv4 === undefined ? [] : [member.publicIpv4];
    case 'ipv6':
      return member.ipv6;
    case 'ec2-name':
      return [];
  }
}

/** The pool's addresses, never a member's own: the name depends on the slot alone, and a failover changes no record. */
function fromSlots(draft: Draft, pattern: NamePattern, compiled: CompiledPattern): void {
  const { role } = draft.input;
  for (const slot of draft.slots) {
    if (slot.holder === undefined && role.whenEmpty !== 'keep') continue;
    const member = draft.servingById.get(slot.holder ?? '');
    if (compiled.dependsOnMember && member === undefined) continue;
    const name = nameFor(draft, compiled, 'A', member, slot);
    if (name === undefined) continue;
    contribute(draft, pattern, name, 'A', { contributor: `slot:${slot.ordinal}`, values: [slot.publicIpv4] });
  }
}

function nameFor(
  draft: Draft,
  compiled: CompiledPattern,
  type: AddressType,
  member: Member | undefined,
  slot: Slot | undefined,
): string | undefined {
  const { role } = draft.input.role;
  const occupant: Occupant = {
    role,
    ...(member === undefined ? {} : { instanceId: member.instanceId, region: member.region }),
    ...(member?.availabilityZone === undefined ? {} : { availabilityZone: member.availabilityZone }),
    ...(slot === undefined ? {} : { ordinal: slot.ordinal }),
  };
  const rendered = renderName(compiled, occupant);
  if (rendered.kind === 'name') return rendered.name;
  const instance = compiled.dependsOnMember ? member?.instanceId : undefined;
  withhold(draft, {
    role,
    name: compiled.pattern,
    type,
    reason: rendered.reason,
    ...(instance === undefined ? {} : { instance }),
    detail: rendered.detail,
  });
  return undefined;
}

/** Where two patterns of a role give one name, the shorter TTL holds. */
function contribute(
  draft: Draft,
  { ttlSeconds }: NamePattern,
  name: string,
  type: AddressType,
  contribution: Contribution,
): void {
  const key = `${name}|${type}`;
  const group = draft.groups.get(key);
  if (group !== undefined && group.ttlSeconds <= ttlSeconds) group.contributions.push(contribution);
  else
    draft.groups.set(key, { name, type, ttlSeconds, contributions: [...(group?.contributions ?? []), contribution] });
}

function withhold(draft: Draft, withheld: Withheld): void {
  const { name, type, reason, instance } = withheld;
  draft.withheld.set([name, type, reason, instance ?? ''].join('|'), withheld);
}

/** The set of a group, as large as Route 53 allows it to be. */
function trimmed(draft: Draft, group: Group): DesiredSet {
  const { role } = draft.input.role;
  const [only, another] = group.contributions;
  if (only !== undefined && another === undefined && only.values.length === 1) {
    const set = recordSet(group.name, group.type, group.ttlSeconds, only.values);
    return { role, set, contributors: byContributor([[only.contributor, only.values]]) };
  }
  const held = new Set<string>();
  const contributors = new Map<string, Set<string>>();
  let characters = 0;
  let full = false;
  for (const { contributor, values } of group.contributions) {
    const fresh = [...new Set(values)].filter((value) => !held.has(value));
    const grown = fresh.reduce((sum, value) => sum + value.length, characters);
    full ||= held.size + fresh.length > MAX_SET_VALUES || grown > MAX_SET_CHARACTERS;
    if (full && fresh.length > 0) {
      const detail = `a record set holds ${MAX_SET_VALUES} values and ${MAX_SET_CHARACTERS} characters; the newest are left out`;
      const { name, type } = group;
      withhold(draft, { role, name, type, reason: 'too-many', instance: contributor, detail });
      continue;
    }
    characters = grown;
    for (const value of fresh) held.add(value);
    contributors.set(contributor, new Set([...(contributors.get(contributor) ?? []), ...values]));
  }
  const sorted = [...contributors]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([contributor, values]) => [contributor, [...values].sort()] as const);
  return {
    role,
    set: recordSet(group.name, group.type, group.ttlSeconds, held),
    contributors: byContributor(sorted),
  };
}

/** Without a prototype: an object literal that grows by hundreds of keys is 20 times slower to build. */
function byContributor(entries: readonly (readonly [string, readonly string[]])[]): DesiredSet['contributors'] {
  // oxlint-disable-next-line typescript/no-unsafe-assignment -- the type library calls every created object any
  const contributors: Record<string, readonly string[]> = Object.create(null);
  for (const [contributor, values] of entries) contributors[contributor] = values;
  return contributors;
}

/**
 * `whenEmpty: 'keep'`: a name that no member fills keeps what it had, if a stranger can never get those addresses.
 * Names that depend on a member go with it.
 */
function kept(draft: Draft): DesiredSet[] {
  const { role, zone, previous } = draft.input;
  if (role.whenEmpty !== 'keep') return [];
  const keepable = new Set<string>();
  for (const pattern of role.names) {
    const compiled = compilePattern(pattern.pattern, zone.name);
    if (pattern.zone !== zone.key || compiled.dependsOnMember) continue;
    const occupants = compiled.dependsOnOrdinal ? draft.slots : [undefined];
    for (const slot of occupants) {
      const rendered = renderName(compiled, {
        role: role.role,
        ...(slot === undefined ? {} : { ordinal: slot.ordinal }),
      });
      if (rendered.kind !== 'name') continue;
      if (pattern.addresses.includes('private')) keepable.add(`${rendered.name}|A`);
      if (pattern.addresses.includes('ipv6')) keepable.add(`${rendered.name}|AAAA`);
    }
  }
  return previous
    .filter(({ set }) => {
      const key = `${set.name}|${set.type}`;
      return (
        keepable.has(key) && !draft.groups.has(key) && set.values.length > 0 && hasOwnedValues(set.type, set.values)
      );
    })
    .map(({ set, contributors }) => ({ role: role.role, set, contributors }));
}

/** Private and IPv6 addresses come from the account's own VPCs. */
function hasOwnedValues(type: string, values: readonly string[]): boolean {
  return type === 'AAAA' || values.every(isPrivateIpv4);
}
