import type { ElasticAddress } from '../model/address.ts';
import type { Slot } from '../model/slot.ts';

/** Allocation id of a slot to the present, serving member that EC2 was read to have given its address. */
export type HolderOf = ReadonlyMap<string, string>;

/**
 * The slots follow the addresses that hands moved between members, so that nobody waits for an address while another is
 * idle. What was moved stays where it is.
 *
 * ```
 * the address of slot n is with              then
 * its holder                                 nothing
 * the holder of slot m, which has not        the two slots change holders; where n had none, m has none
 *   got the address of that one
 * a member without a slot, when all others   that member holds n, who waited for n holds m (`relieveWaiting`)
 *   are seated, and m and its address are
 *   nobody's, or the address is still with
 *   m's last holder, who serves no more
 * anybody else                               nothing: the address is left, and said
 * ```
 *
 * A slot of which a planned move is under way is left alone.
 */
export function followHands(slots: readonly Slot[], holderOf: HolderOf): readonly Slot[] {
  let followed = slots;
  // Each exchange settles one slot for good: its holder has its address.
  for (let exchanges = 0; exchanges < slots.length; exchanges += 1) {
    const pair = crossed(followed, holderOf);
    if (pair === undefined) break;
    followed = exchanged(followed, ...pair, holderOf);
  }
  return followed;
}

/** Once the vacant slots are filled: who waits for an address that is with another takes one that nobody else wants. */
export function relieveWaiting(
  slots: readonly Slot[],
  holderOf: HolderOf,
  pool: readonly ElasticAddress[],
): readonly Slot[] {
  let relieved = slots;
  for (let exchanges = 0; exchanges < slots.length; exchanges += 1) {
    const vacant = relieved.find((slot) => slot.holder === undefined && isFree(slot, holderOf, pool));
    const holders = new Set(relieved.map(({ holder }) => holder));
    const awaited = astray(relieved, holderOf).find(
      ({ holder, allocationId }) => holder !== undefined && !holders.has(holderOf.get(allocationId)),
    );
    if (vacant === undefined || awaited === undefined) break;
    relieved = exchanged(relieved, awaited, vacant, holderOf);
  }
  return relieved;
}

/** A slot whose address is with the holder of another, and that other. */
function crossed(slots: readonly Slot[], holderOf: HolderOf): readonly [Slot, Slot] | undefined {
  for (const slot of astray(slots, holderOf)) {
    const taker = holderOf.get(slot.allocationId);
    const own = slots.find(({ holder }) => holder === taker);
    if (own !== undefined && own.planned === undefined && holderOf.get(own.allocationId) !== taker) return [slot, own];
  }
  return undefined;
}

/** The holder of `moved` gets what is left; who has the address of `moved` holds it. */
function exchanged(slots: readonly Slot[], moved: Slot, left: Slot, holderOf: HolderOf): readonly Slot[] {
  return slots.map((slot) => {
    if (slot.ordinal === moved.ordinal) return heldBy(slot, holderOf.get(slot.allocationId));
    return slot.ordinal === left.ordinal ? heldBy(slot, moved.holder) : slot;
  });
}

function astray(slots: readonly Slot[], holderOf: HolderOf): Slot[] {
  return slots.filter(({ allocationId, holder, planned }) => {
    const has = holderOf.get(allocationId);
    return has !== undefined && has !== holder && planned === undefined;
  });
}

/** Nobody has its address, or only its last holder, who serves no more. */
function isFree({ allocationId, lastHolder }: Slot, holderOf: HolderOf, pool: readonly ElasticAddress[]): boolean {
  const address = pool.find((each) => each.allocationId === allocationId);
  if (address === undefined || address.serviceManaged) return false;
  if (address.instanceId !== undefined) return address.instanceId === lastHolder && !holderOf.has(allocationId);
  return address.associationId === undefined;
}

function heldBy({ holder: before, ...slot }: Slot, holder: string | undefined): Slot {
  return {
    ...slot,
    ...(before === undefined ? {} : { lastHolder: before }),
    ...(holder === undefined ? {} : { holder }),
  };
}
