import type { ElasticAddress } from '../model/address.ts';
import type { Member } from '../model/member.ts';
import type { Role } from '../model/role.ts';
import type { Slot } from '../model/slot.ts';
import { sickOf } from './sickness.ts';
import { drainsOf, inService } from './standing.ts';
import { isAbsent } from './succession.ts';

/** What is to be done that the holder of a slot has its address. */
export type AssociationStep =
  /** It has it, or is about to lose the slot. */
  | { readonly kind: 'none'; readonly slot: Slot; readonly holder: string }
  /** It has it, and nobody has said so yet: the answer of EC2 was lost, or who asked crashed. */
  | { readonly kind: 'arrived'; readonly slot: Slot; readonly holder: string }
  /** Nobody has the address. */
  | { readonly kind: 'associate'; readonly slot: Slot; readonly holder: string }
  /** A former holder that serves no more still has it, by exactly this association. */
  | {
      readonly kind: 'disassociate-then-associate';
      readonly slot: Slot;
      readonly holder: string;
      readonly associationId: string;
      readonly from: string;
      /** It is known to be stopped or gone: nobody answers at the address. */
      readonly isDown: boolean;
    }
  /** The instance that it is to be moved away from, as was asked for. */
  | { readonly kind: 'take-over'; readonly slot: Slot; readonly holder: string; readonly from: string }
  /** Somebody has it who is not ours to rob. */
  | {
      readonly kind: 'leave';
      readonly slot: Slot;
      readonly holder: string;
      readonly instance?: string;
      readonly detail: string;
    }
  /** The holder has another Elastic IP, which an association would take away. */
  | {
      readonly kind: 'refuse';
      readonly slot: Slot;
      readonly holder: string;
      readonly instance: string;
      readonly detail: string;
    };

export interface AssociationsInput {
  readonly role: Role;
  readonly slots: readonly Slot[];
  readonly addresses: readonly ElasticAddress[];
  readonly members: readonly Member[];
  /** Instances that are known to be stopped or gone. */
  readonly idle: ReadonlySet<string>;
}

const KINDS: readonly AssociationStep['kind'][] = [
  'associate',
  'disassociate-then-associate',
  'take-over',
  'arrived',
  'refuse',
  'leave',
  'none',
];

/**
 * The most urgent first, of whichever role: an address that nobody has, then one whose instance is known not to run, then one
 * that a member which drains or is sick still has; what is only to be in order comes after those.
 */
export function byUrgency(one: AssociationStep, other: AssociationStep): number {
  return (
    KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind) ||
    Number(isUp(one)) - Number(isUp(other)) ||
    (one.slot.role < other.slot.role ? -1 : one.slot.role > other.slot.role ? 1 : one.slot.ordinal - other.slot.ordinal)
  );
}

function isUp(step: AssociationStep): boolean {
  return step.kind === 'disassociate-then-associate' && !step.isDown;
}

/**
 * A step for each slot that is held, the most urgent first.
 *
 * ```
 * who has the address                                        step
 * the holder, and it was said                                none
 * the holder, and it was not said                            arrived
 * nobody                                                     associate
 * nobody, and the holder has another Elastic IP              refuse
 * a former holder that no longer serves, or is sick, and    disassociate-then-associate
 *   it was not said since that the holder has it
 * a member that drains, to whom hands gave it               disassociate-then-associate
 * an instance that is known to be stopped or gone            disassociate-then-associate
 * the instance that a move was asked to take it from         take-over
 * any other instance, a service of AWS, an interface         leave
 * ```
 */
export function desiredAssociations(input: AssociationsInput): AssociationStep[] {
  const roll = rollOf(input);
  return input.slots.flatMap((slot) => stepOf(slot, input.addresses, roll) ?? []).sort(byUrgency);
}

/** The step for one slot; undefined where nobody holds it. */
export function stepFor(slot: Slot, input: AssociationsInput): AssociationStep | undefined {
  return stepOf(slot, input.addresses, rollOf(input));
}

interface Roll {
  readonly serving: ReadonlySet<string>;
  /** Who held a slot of the role before, or was the last to be said to have its address. */
  readonly former: ReadonlySet<string | undefined>;
  /** Who is on its way out of the role. */
  readonly leaving: ReadonlySet<string>;
  readonly sick: ReadonlySet<string>;
  readonly idle: ReadonlySet<string>;
}

function rollOf({ role, slots, members, idle }: AssociationsInput): Roll {
  const staying = inService(role, members);
  const present = staying.filter((member) => !isAbsent(member));
  const leaving = members
    .filter((member) => drainsOf(role, member).length > 0 && !staying.includes(member))
    .map(({ instanceId }) => instanceId);
  return {
    serving: new Set(present.map(({ instanceId }) => instanceId)),
    former: new Set(slots.flatMap(({ lastHolder, associated }) => [lastHolder, associated])),
    leaving: new Set(leaving),
    sick: sickOf(role, members),
    idle,
  };
}

function stepOf(
  slot: Slot,
  addresses: readonly ElasticAddress[],
  { serving, former, leaving, sick, idle }: Roll,
): AssociationStep | undefined {
  const { holder } = slot;
  if (holder === undefined) return undefined;
  const address = addresses.find(({ allocationId }) => allocationId === slot.allocationId);
  const leave = (detail: string, instance?: string): AssociationStep => ({
    kind: 'leave',
    slot,
    holder,
    ...(instance === undefined ? {} : { instance }),
    detail,
  });
  if (address?.instanceId === holder) {
    return { kind: slot.associated === holder && slot.planned === undefined ? 'none' : 'arrived', slot, holder };
  }
  if (!serving.has(holder)) return { kind: 'none', slot, holder };
  if (address === undefined) return leave(`${slot.allocationId} is not among the account's addresses`);
  if (address.serviceManaged) return leave(`${slot.publicIpv4} is managed by a service of AWS`);

  const other = addresses.find(
    ({ instanceId, allocationId }) => instanceId === holder && allocationId !== slot.allocationId,
  );
  if (other !== undefined) {
    const detail = `${holder} already has the Elastic IP ${other.publicIpv4}; disassociate that first`;
    return { kind: 'refuse', slot, holder, instance: holder, detail };
  }
  const { instanceId: from, associationId, networkInterfaceId } = address;
  if (from === undefined) {
    if (associationId === undefined) return { kind: 'associate', slot, holder };
    return leave(`${slot.publicIpv4} is associated with ${networkInterfaceId ?? 'a network interface'}`);
  }
  if (slot.planned?.from === from) return { kind: 'take-over', slot, holder, from };
  // From a holder that was said to have it, only hands can have taken it.
  const isOurs = slot.associated !== holder;
  // A sick member that lost its slot has it no more, though it runs, and whoever else held the slot since.
  const isWithdrawn = isOurs && sick.has(from) && (from === slot.lastHolder || from === slot.associated);
  if (serving.has(from) && !isWithdrawn)
    return leave(`${slot.publicIpv4} was moved by hand to ${from}, which serves`, from);
  const hasLost = leaving.has(from) || idle.has(from) || (isOurs && former.has(from));
  if (!hasLost) return leave(`${slot.publicIpv4} was moved by hand to ${from}, which is no member`, from);
  if (associationId === undefined) return leave(`the association of ${slot.publicIpv4} with ${from} has no id`, from);
  return { kind: 'disassociate-then-associate', slot, holder, associationId, from, isDown: idle.has(from) };
}
