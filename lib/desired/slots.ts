import type { ElasticAddress } from '../model/address.ts';
import type { Member } from '../model/member.ts';
import type { Role } from '../model/role.ts';
import type { Slot } from '../model/slot.ts';
import { subsetOf } from '../model/subset.ts';
import { isAdmitted } from './entitlement.ts';
import { followHands, type HolderOf, relieveWaiting } from './hand-moves.ts';
import { assignHoldings } from './holdings.ts';
import { sickOf } from './sickness.ts';
import { inService } from './standing.ts';
import { bySeniority, bySuccession, isAbsent } from './succession.ts';

export { bySeniority } from './succession.ts';

export interface SlotsInput {
  readonly role: Role;
  readonly slots: readonly Slot[];
  /** The account's addresses; absent when they were not read: the addresses then stay those of the slots. */
  readonly pool: readonly ElasticAddress[] | undefined;
  readonly members: readonly Member[];
}

export interface SlotAssignment {
  /** Every slot as it should now be, by ordinal; of a pool those that have an address. */
  readonly slots: readonly Slot[];
  /** What differs from before; each under the condition of its version. */
  readonly writes: readonly { readonly before?: Slot; readonly after: Slot }[];
  /** Slots whose address left the pool: written without address and holder, so that their ordinal is free again. */
  readonly removed: readonly Slot[];
  readonly vacancies: readonly Slot[];
}

const ORDINAL = '{ordinal}';

/** Whether the role has slots: the addresses of a pool, the holdings of an exclusive role, or ordinals in a name. */
export function hasSlots(role: Role): boolean {
  return (
    role.elasticIp !== undefined ||
    role.holders !== undefined ||
    role.names.some(({ pattern }) => pattern.includes(ORDINAL))
  );
}

/** The slots of a role and who holds them; only members that the role admits count. */
export function assignSlots(input: SlotsInput): SlotAssignment {
  const { role, slots } = input;
  const admitted = subsetOf(input.members, (member) => isAdmitted(role, member));
  const serving = inService(role, admitted);
  if (role.elasticIp !== undefined)
    return assignPool(
      input,
      subsetOf(serving, ({ offCloud }) => offCloud !== true),
    );
  if (!hasSlots(role)) return { slots: [], writes: [], removed: [], vacancies: [] };
  const holdings = assignHoldings(role, slots, serving);
  const assigned = written(slots, holdings.slots, holdings.surplus);
  const writes = role.holders === undefined ? assigned.writes.filter(isNews(input.members)) : assigned.writes;
  return { ...assigned, writes, removed: [] };
}

/**
 * That a number is free because its holder has left, the members tell: whoever takes the number writes it. Until then it
 * is the holder's, should it come back.
 */
function isNews(members: readonly Member[]): (write: SlotAssignment['writes'][number]) => boolean {
  const serving = new Set(members.filter(({ phase }) => phase === 'serving').map(({ instanceId }) => instanceId));
  return ({ before, after }) =>
    after.holder !== undefined ||
    before?.holder === undefined ||
    before.allocationId !== '' ||
    serving.has(before.holder);
}

/**
 * Slots 1 to *k* of a role with a pool, and who holds them.
 *
 * ```
 * holder                                   slot
 * serving                                  kept, whoever else is there, whatever the succession
 * gone, stopped, starting again, untagged  vacant
 * absent, while another member serves      vacant, unless it still has the address
 * absent, alone                            kept: absence is no proof
 * sick, while one that is well has none    vacant
 * sick, nobody else to take it             kept
 * serving, but with another Elastic IP     vacant, unless it has this one too
 * serving, but hands gave it the address   changes places with whoever holds that slot
 *   of another slot
 * ```
 *
 * A vacant slot goes to the member that already has its address, or else to the next in succession that has no Elastic
 * IP at all: to associate one would take away the other ("Elastic IP addresses", Amazon EC2 User Guide). Who has one is
 * read from EC2 with the pool, and remembered in the slots for the passes that do not read it.
 */
function assignPool({ role, slots, pool }: SlotsInput, serving: readonly Member[]): SlotAssignment {
  const numbered = numberAddresses(role, slots, pool);
  const associated = associationsOf(numbered.slots, serving, pool);
  const sick = sickOf(role, serving);
  const handed = presentOnly(associated.holderOf, serving);
  const vacated = vacate(numbered.slots, serving, associated);
  const followed = pool === undefined ? vacated : followHands(vacated, handed);
  const attended = withoutSickHolders(followed, serving, sick, associated);
  const filled = fill(role, attended, serving, sick, associated);
  const relieved = pool === undefined ? filled : relieveWaiting(filled, handed, pool);
  const zoned = role.elasticIp?.preferZone === true ? rememberZones(relieved, serving) : relieved;
  return { ...written(slots, zoned, numbered.emptied), removed: numbered.removed };
}

function presentOnly(holderOf: HolderOf, serving: readonly Member[]): HolderOf {
  const absent = new Set(serving.filter(isAbsent).map(({ instanceId }) => instanceId));
  return new Map([...holderOf].filter(([, holder]) => !absent.has(holder)));
}

function written(
  stored: readonly Slot[],
  wanted: readonly Slot[],
  leftOver: readonly Slot[],
): Pick<SlotAssignment, 'slots' | 'writes' | 'vacancies'> {
  const before = new Map(stored.map((slot) => [slot.ordinal, slot]));
  const writes = [...wanted, ...leftOver]
    .sort((one, other) => one.ordinal - other.ordinal)
    .flatMap((after) => writeOf(before.get(after.ordinal), after));
  const changed = new Map(writes.map(({ after }) => [after.ordinal, after]));
  const slots = wanted.map((slot) => changed.get(slot.ordinal) ?? slot);
  return { slots, writes, vacancies: slots.filter(({ holder }) => holder === undefined) };
}

/** Whether a slot has an address; one that left the pool has none. */
export function hasAddress(slot: Slot): boolean {
  return slot.allocationId !== '';
}

interface Numbered {
  readonly slots: readonly Slot[];
  readonly removed: readonly Slot[];
  readonly emptied: readonly Slot[];
}

/** An ordinal once given stays with its address while that is in the pool; a new address takes the lowest free one. */
function numberAddresses(role: Role, slots: readonly Slot[], pool: readonly ElasticAddress[] | undefined): Numbered {
  const stored = [...slots].sort((one, other) => one.ordinal - other.ordinal);
  if (pool === undefined) return { slots: stored.filter(hasAddress), removed: [], emptied: [] };
  const addresses = new Map(
    pool.filter((address) => isInPool(role, address)).map((address) => [address.allocationId, address]),
  );
  const kept = new Map<number, Slot>();
  for (const slot of stored) {
    const address = addresses.get(slot.allocationId);
    if (address === undefined) continue;
    kept.set(slot.ordinal, { ...slot, publicIpv4: address.publicIpv4 });
    addresses.delete(slot.allocationId);
  }
  const fresh = [...addresses.values()].filter(({ serviceManaged }) => !serviceManaged);
  let ordinal = 1;
  for (const { allocationId, publicIpv4 } of fresh.sort((one, other) =>
    one.allocationId < other.allocationId ? -1 : 1,
  )) {
    while (kept.has(ordinal)) ordinal += 1;
    kept.set(ordinal, { role: role.role, ordinal, allocationId, publicIpv4, version: 0 });
  }
  const removed = stored.filter(
    (slot) => hasAddress(slot) && kept.get(slot.ordinal)?.allocationId !== slot.allocationId,
  );
  return {
    slots: [...kept.values()].sort((one, other) => one.ordinal - other.ordinal),
    removed,
    emptied: removed
      .filter((slot) => !kept.has(slot.ordinal))
      .map(({ role: name, ordinal: freed, version }) => ({
        role: name,
        ordinal: freed,
        allocationId: '',
        publicIpv4: '',
        version,
      })),
  };
}

function isInPool(role: Role, address: ElasticAddress): boolean {
  const source = role.elasticIp?.source;
  if (source === undefined) return false;
  return source.kind === 'tag' ? address.pool === source.pool : source.allocationIds.includes(address.allocationId);
}

interface Associations {
  /** Serving members with an Elastic IP that is none of these slots'. */
  readonly elsewhere: readonly string[];
  /** Allocation id of a slot to the serving member that has its address. */
  readonly holderOf: HolderOf;
}

function associationsOf(
  slots: readonly Slot[],
  serving: readonly Member[],
  pool: readonly ElasticAddress[] | undefined,
): Associations {
  const ineligible = slots[0]?.ineligible ?? [];
  const known = new Set(pool === undefined ? ineligible : pool.map(({ instanceId }) => instanceId));
  const ids = new Set(serving.filter(({ instanceId }) => known.has(instanceId)).map(({ instanceId }) => instanceId));
  const own = new Set(slots.map(({ allocationId }) => allocationId));
  if (pool === undefined) {
    const addresses = new Set<string | undefined>(slots.map(({ publicIpv4 }) => publicIpv4));
    const holding = serving.filter(({ publicIpv4 }) => addresses.has(publicIpv4)).sort(bySeniority);
    const byAddress = new Map(holding.map((member) => [member.publicIpv4, member.instanceId]));
    const found = slots.map(({ allocationId, publicIpv4 }) => [allocationId, byAddress.get(publicIpv4)] as const);
    return {
      elsewhere: ineligible.filter((instance) => ids.has(instance)),
      holderOf: new Map(found.flatMap(([id, holder]) => (holder === undefined ? [] : [[id, holder]]))),
    };
  }
  const held = pool.flatMap(({ allocationId, instanceId }) =>
    instanceId === undefined || !ids.has(instanceId) ? [] : [[allocationId, instanceId] as const],
  );
  const elsewhere = held.filter(([allocationId]) => !own.has(allocationId)).map(([, instance]) => instance);
  return {
    elsewhere: [...new Set(elsewhere)].sort(),
    holderOf: new Map(held.filter(([allocationId]) => own.has(allocationId))),
  };
}

function vacate(slots: readonly Slot[], serving: readonly Member[], { elsewhere, holderOf }: Associations): Slot[] {
  const former = new Set(slots.map(({ holder }) => holder));
  const staying = serving.filter(({ instanceId }) => former.has(instanceId));
  const byId = new Map(staying.map((member) => [member.instanceId, member]));
  const holders = new Set<string>();
  return slots.map((stored) => {
    const { ineligible: _before, ...slot } = stored;
    const marked: Slot = elsewhere.length === 0 ? slot : { ...slot, ineligible: elsewhere };
    const { holder, planned: _unfinished, ...vacant } = marked;
    if (holder === undefined) return marked;
    const member = byId.get(holder);
    const isAlone = serving.every((each) => isAbsent(each) || each.instanceId === holder);
    const hasIt = holderOf.get(slot.allocationId) === holder;
    const canHave = hasIt || !elsewhere.includes(holder);
    // EC2 takes the address from what terminates: an absent instance that still has it is running or stopped.
    const isMissed = member !== undefined && isAbsent(member) && !isAlone && !hasIt;
    if (member === undefined || holders.has(holder) || !canHave || isMissed) {
      return { ...vacant, lastHolder: holder };
    }
    holders.add(holder);
    return marked;
  });
}

/** A sick holder gives way to one that is well: to whom the address was moved, or to whom no vacant slot is left. */
function withoutSickHolders(
  slots: readonly Slot[],
  serving: readonly Member[],
  sick: ReadonlySet<string>,
  { elsewhere, holderOf }: Associations,
): readonly Slot[] {
  if (sick.size === 0) return slots;
  const holders = new Set(slots.map(({ holder }) => holder));
  const isReady = (member: Member) =>
    !isAbsent(member) && !sick.has(member.instanceId) && !holders.has(member.instanceId);
  const ready = new Set(serving.filter(isReady).map(({ instanceId }) => instanceId));
  const seated = new Set([...holderOf.values(), ...elsewhere]);
  const vacancies = slots.filter(
    ({ holder, allocationId }) => holder === undefined && !ready.has(holderOf.get(allocationId) ?? ''),
  );
  let spare = [...ready].filter((instanceId) => !seated.has(instanceId)).length - vacancies.length;
  return slots.map((slot) => {
    const { holder, ...vacant } = slot;
    if (holder === undefined || !sick.has(holder)) return slot;
    const isMoved = ready.has(holderOf.get(slot.allocationId) ?? '');
    if (!isMoved && spare <= 0) return slot;
    if (!isMoved) spare -= 1;
    return { ...vacant, lastHolder: holder };
  });
}

/** First by members that are well, then by sick ones: those take only what nobody else does. */
function fill(
  role: Role,
  slots: readonly Slot[],
  serving: readonly Member[],
  sick: ReadonlySet<string>,
  associated: Associations,
): readonly Slot[] {
  if (sick.size === 0) return fillFrom(role, slots, serving, associated);
  const well = serving.filter(({ instanceId }) => !sick.has(instanceId));
  const ill = serving.filter(({ instanceId }) => sick.has(instanceId));
  return fillFrom(role, fillFrom(role, slots, well, associated), ill, associated);
}

function fillFrom(
  role: Role,
  slots: readonly Slot[],
  serving: readonly Member[],
  { elsewhere, holderOf }: Associations,
): readonly Slot[] {
  // Nearly always nobody is to be looked for, and a sort of a large fleet takes long.
  if (slots.every(({ holder }) => holder !== undefined)) return slots;
  const holders = new Set(slots.map(({ holder }) => holder));
  const free = serving.filter((member) => !isAbsent(member) && !holders.has(member.instanceId));
  const taken = new Set([...holderOf.values(), ...elsewhere]);
  const seatable = new Set(free.map(({ instanceId }) => instanceId).filter((instanceId) => taken.has(instanceId)));
  const settled = slots.map((slot) => {
    const has = holderOf.get(slot.allocationId);
    // Who has two addresses of the pool holds one slot.
    if (slot.holder !== undefined || has === undefined || !seatable.delete(has)) return slot;
    return { ...slot, holder: has, associated: has };
  });
  const line = free
    .filter(({ instanceId }) => !taken.has(instanceId))
    .sort(bySuccession(role.elasticIp?.succession ?? 'oldest'));
  const isZonePreferred = role.elasticIp?.preferZone === true;
  const zoned = isZonePreferred ? fillByZone(settled, line) : settled;
  const seated = new Set(zoned.map(({ holder }) => holder));
  const rest = line.map(({ instanceId }) => instanceId).filter((instanceId) => !seated.has(instanceId));
  let next = 0;
  return zoned.map((slot) => {
    const holder = slot.holder ?? rest[next++];
    return holder === undefined ? slot : { ...slot, holder };
  });
}

/** Each vacant slot to the first in line that is in the availability zone of its last holder, where there is one. */
function fillByZone(slots: readonly Slot[], line: readonly Member[]): Slot[] {
  const byZone = new Map<string, string[]>();
  for (const { availabilityZone = '', instanceId } of line) {
    const waiting = byZone.get(availabilityZone);
    if (waiting === undefined) byZone.set(availabilityZone, [instanceId]);
    else waiting.push(instanceId);
  }
  return slots.map((slot) => {
    if (slot.holder !== undefined || slot.lastZone === undefined) return slot;
    const holder = byZone.get(slot.lastZone)?.shift();
    return holder === undefined ? slot : { ...slot, holder };
  });
}

/** While the holder is there: when it is gone, nothing tells where it was. */
function rememberZones(slots: readonly Slot[], serving: readonly Member[]): Slot[] {
  const zones = new Map(serving.map(({ instanceId, availabilityZone }) => [instanceId, availabilityZone]));
  return slots.map((slot) => {
    const lastZone = zones.get(slot.holder ?? '');
    return lastZone === undefined ? slot : { ...slot, lastZone };
  });
}

function writeOf(before: Slot | undefined, after: Slot): { readonly before?: Slot; readonly after: Slot }[] {
  if (before === undefined) return [{ after: { ...after, version: 1 } }];
  const same =
    before.allocationId === after.allocationId &&
    before.publicIpv4 === after.publicIpv4 &&
    before.holder === after.holder &&
    before.lastHolder === after.lastHolder &&
    before.lastZone === after.lastZone &&
    before.associated === after.associated &&
    JSON.stringify(before.planned) === JSON.stringify(after.planned) &&
    (before.ineligible ?? []).join() === (after.ineligible ?? []).join();
  // An address that leaves its slot keeps the reverse DNS that we gave it until that is reset.
  const reversed = before.reversed === undefined ? {} : { reversed: before.reversed };
  return same ? [] : [{ before, after: { ...after, ...reversed, version: before.version + 1 } }];
}
