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
 * serving, but with another Elastic IP     vacant, unless it has this one too
 * ```
 *
 * A vacant slot goes to the member that already has its address, or else to the oldest that has no Elastic IP at all:
 * to associate one would take away the other ("Elastic IP addresses", Amazon EC2 User Guide). Who has one is read from
 * EC2 with the pool, and remembered in the slots for the passes that do not read it.
 */
export function assignSlots({ role, slots, pool, members }: SlotsInput): SlotAssignment {
  const serving = members.filter(({ phase }) => phase === 'serving').sort(bySeniority);
  const numbered = numberAddresses(role, slots, pool);
  const associated = associationsOf(numbered.slots, serving, pool);
  const vacated = vacate(numbered.slots, serving, associated);
  const { filled, standbys } = fill(vacated, serving, associated);
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

interface Associations {
  /** Serving members with an Elastic IP that is none of these slots'. */
  readonly elsewhere: readonly string[];
  /** Allocation id of a slot to the serving member that has its address. */
  readonly holderOf: ReadonlyMap<string, string>;
}

function associationsOf(
  slots: readonly Slot[],
  serving: readonly Member[],
  pool: readonly ElasticAddress[] | undefined,
): Associations {
  const ids = new Set(serving.map(({ instanceId }) => instanceId));
  const own = new Set(slots.map(({ allocationId }) => allocationId));
  if (pool === undefined) {
    const byAddress = new Map(serving.map((member) => [member.publicIpv4, member.instanceId]));
    const found = slots.map(({ allocationId, publicIpv4 }) => [allocationId, byAddress.get(publicIpv4)] as const);
    return {
      elsewhere: (slots[0]?.ineligible ?? []).filter((instance) => ids.has(instance)),
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
  const byId = new Map(serving.map((member) => [member.instanceId, member]));
  const present = serving.filter((member) => !isAbsent(member));
  const holders = new Set<string>();
  return slots.map((stored) => {
    const { ineligible: _before, ...slot } = stored;
    const marked: Slot = elsewhere.length === 0 ? slot : { ...slot, ineligible: elsewhere };
    const { holder, ...vacant } = marked;
    if (holder === undefined) return marked;
    const member = byId.get(holder);
    const isAlone = present.every(({ instanceId }) => instanceId === holder);
    const canHave = !elsewhere.includes(holder) || holderOf.get(slot.allocationId) === holder;
    if (member === undefined || holders.has(holder) || !canHave || (isAbsent(member) && !isAlone)) {
      return { ...vacant, lastHolder: holder };
    }
    holders.add(holder);
    return marked;
  });
}

function isAbsent(member: Member): boolean {
  return member.absentSweeps >= ABSENT_AFTER_SWEEPS;
}

function fill(
  slots: readonly Slot[],
  serving: readonly Member[],
  { elsewhere, holderOf }: Associations,
): { filled: Slot[]; standbys: string[] } {
  const holders = new Set(slots.map(({ holder }) => holder));
  const free = serving.filter((member) => !isAbsent(member) && !holders.has(member.instanceId));
  const isFree = new Set(free.map(({ instanceId }) => instanceId));
  const settled = new Map(
    slots.flatMap(({ allocationId, holder }) => {
      const has = holderOf.get(allocationId);
      return holder === undefined && has !== undefined && isFree.has(has) ? [[allocationId, has]] : [];
    }),
  );
  const taken = new Set([...holderOf.values(), ...elsewhere]);
  const queue = free.map(({ instanceId }) => instanceId).filter((instance) => !taken.has(instance));
  let next = 0;
  const filled = slots.map((slot) => {
    if (slot.holder !== undefined) return slot;
    const holder = settled.get(slot.allocationId) ?? queue[next++];
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
    before.lastHolder === after.lastHolder &&
    (before.ineligible ?? []).join() === (after.ineligible ?? []).join();
  return same ? [] : [{ before, after: { ...after, version: before.version + 1 } }];
}
