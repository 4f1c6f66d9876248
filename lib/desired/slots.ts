import type { ElasticAddress } from '../model/address.ts';
import { ABSENT_AFTER_SWEEPS } from '../model/fact.ts';
import type { Member } from '../model/member.ts';
import type { Role } from '../model/role.ts';
import type { Slot } from '../model/slot.ts';

export interface SlotsInput {
  readonly role: Role;
  readonly slots: readonly Slot[];
  /** The account's addresses; absent when they were not read: the addresses then stay those of the slots. */
  readonly pool: readonly ElasticAddress[] | undefined;
  readonly members: readonly Member[];
}

export interface SlotAssignment {
  /** Every slot that has an address, as it should now be, by ordinal. */
  readonly slots: readonly Slot[];
  /** What differs from before; each under the condition of its version. */
  readonly writes: readonly { readonly before?: Slot; readonly after: Slot }[];
  /** Slots whose address left the pool: written without address and holder, so that their ordinal is free again. */
  readonly removed: readonly Slot[];
  readonly vacancies: readonly Slot[];
  /** Members that would take a slot, the next one first. */
  readonly standbys: readonly string[];
}

/**
 * Slots 1 to *k* of a role with a pool, and who holds them.
 *
 * ```
 * holder                                   slot
 * serving                                  kept, whoever else is there
 * gone, stopped, starting again, untagged  vacant
 * absent, while another member serves      vacant
 * absent, alone                            kept: absence is no proof
 * ```
 *
 * A vacant slot goes to the member that already has its address, or else to the oldest that has no Elastic IP at all:
 * to associate one would take away the other ("Elastic IP addresses", Amazon EC2 User Guide).
 */
export function assignSlots({ role, slots, pool, members }: SlotsInput): SlotAssignment {
  const serving = members.filter(({ phase }) => phase === 'serving').sort(bySeniority);
  const numbered = numberAddresses(role, slots, pool);
  const vacated = vacate(numbered.slots, serving);
  const { filled, standbys } = fill(vacated, serving);
  const before = new Map(slots.map((slot) => [slot.ordinal, slot]));
  const writes = [...filled, ...numbered.emptied]
    .sort((one, other) => one.ordinal - other.ordinal)
    .flatMap((after) => writeOf(before.get(after.ordinal), after));
  const written = new Map(writes.map(({ after }) => [after.ordinal, after]));
  const current = filled.map((slot) => written.get(slot.ordinal) ?? slot);
  return {
    slots: current,
    writes,
    removed: numbered.removed,
    vacancies: current.filter(({ holder }) => holder === undefined),
    standbys,
  };
}

/** Whether a slot has an address; one that left the pool has none. */
export function hasAddress(slot: Slot): boolean {
  return slot.allocationId !== '';
}

/** The longest in service first; the id decides between members that began in one second. */
export function bySeniority(one: Member, other: Member): number {
  return one.sinceMs - other.sinceMs || (one.instanceId < other.instanceId ? -1 : 1);
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

function vacate(slots: readonly Slot[], serving: readonly Member[]): Slot[] {
  const byId = new Map(serving.map((member) => [member.instanceId, member]));
  const present = serving.filter((member) => !isAbsent(member));
  const holders = new Set<string>();
  return slots.map((slot) => {
    const { holder, ...rest } = slot;
    if (holder === undefined) return slot;
    const member = byId.get(holder);
    const stays =
      member !== undefined &&
      !holders.has(holder) &&
      (!isAbsent(member) || present.every(({ instanceId }) => instanceId === holder));
    if (!stays) return { ...rest, lastHolder: holder };
    holders.add(holder);
    return slot;
  });
}

function isAbsent(member: Member): boolean {
  return member.absentSweeps >= ABSENT_AFTER_SWEEPS;
}

function fill(slots: readonly Slot[], serving: readonly Member[]): { filled: Slot[]; standbys: string[] } {
  const holders = new Set(slots.map(({ holder }) => holder));
  const free = serving.filter((member) => !isAbsent(member) && !holders.has(member.instanceId));
  const byAddress = new Map<string, string>();
  for (const member of free) {
    if (member.publicIpv4Kind !== 'elastic' || member.publicIpv4 === undefined) continue;
    if (!byAddress.has(member.publicIpv4)) byAddress.set(member.publicIpv4, member.instanceId);
  }
  const queue = free.filter((member) => member.publicIpv4Kind !== 'elastic').map(({ instanceId }) => instanceId);
  let next = 0;
  const filled = slots.map((slot) => {
    if (slot.holder !== undefined) return slot;
    const holder = byAddress.get(slot.publicIpv4) ?? queue[next++];
    return holder === undefined ? slot : { ...slot, holder };
  });
  return { filled, standbys: queue.slice(next) };
}

function writeOf(before: Slot | undefined, after: Slot): { readonly before?: Slot; readonly after: Slot }[] {
  if (before === undefined) return [{ after: { ...after, version: 1 } }];
  const same =
    before.allocationId === after.allocationId &&
    before.publicIpv4 === after.publicIpv4 &&
    before.holder === after.holder &&
    before.lastHolder === after.lastHolder;
  return same ? [] : [{ before, after: { ...after, version: before.version + 1 } }];
}
