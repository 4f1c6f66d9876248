import type { ElasticAddress } from '../model/address.ts';
import { ABSENT_AFTER_SWEEPS } from '../model/fact.ts';
import type { Member } from '../model/member.ts';
import type { Role } from '../model/role.ts';
import type { Slot } from '../model/slot.ts';
import { sickOf } from './sickness.ts';
import { inService } from './standing.ts';

/** What is to be done that the holder of a slot has its address. */
export type AssociationStep =
  /** It has it, or is about to lose the slot. */
  | { readonly kind: 'none'; readonly slot: Slot; readonly holder: string }
  /** Nobody has the address. */
  | { readonly kind: 'associate'; readonly slot: Slot; readonly holder: string }
  /** A former holder that serves no more still has it, by exactly this association. */
  | {
      readonly kind: 'disassociate-then-associate';
      readonly slot: Slot;
      readonly holder: string;
      readonly associationId: string;
      readonly from: string;
    }
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

const URGENCY: readonly AssociationStep['kind'][] = [
  'associate',
  'disassociate-then-associate',
  'refuse',
  'leave',
  'none',
];

/**
 * A step for each slot that is held, the most urgent first.
 *
 * ```
 * who has the address                                   step
 * the holder                                            none
 * nobody                                                associate
 * nobody, and the holder has another Elastic IP         refuse
 * a former holder that no longer serves, or is sick     disassociate-then-associate
 * an instance that is known to be stopped or gone       disassociate-then-associate
 * any other instance, a service of AWS, an interface    leave
 * ```
 */
export function desiredAssociations({ role, slots, addresses, members, idle }: AssociationsInput): AssociationStep[] {
  const serving = new Set(
    inService(role, members)
      .filter(({ absentSweeps }) => absentSweeps < ABSENT_AFTER_SWEEPS)
      .map(({ instanceId }) => instanceId),
  );
  const sick = sickOf(role, members);
  const former = new Set([...slots.map(({ lastHolder }) => lastHolder), ...idle]);
  const steps = slots.flatMap((slot) =>
    slot.holder === undefined ? [] : [stepFor(slot, slot.holder, addresses, serving, former, sick)],
  );
  return steps.sort(
    (one, other) =>
      URGENCY.indexOf(one.kind) - URGENCY.indexOf(other.kind) ||
      (one.slot.role < other.slot.role
        ? -1
        : one.slot.role > other.slot.role
          ? 1
          : one.slot.ordinal - other.slot.ordinal),
  );
}

function stepFor(
  slot: Slot,
  holder: string,
  addresses: readonly ElasticAddress[],
  serving: ReadonlySet<string>,
  former: ReadonlySet<string | undefined>,
  sick: ReadonlySet<string>,
): AssociationStep {
  const address = addresses.find(({ allocationId }) => allocationId === slot.allocationId);
  const leave = (detail: string, instance?: string): AssociationStep => ({
    kind: 'leave',
    slot,
    holder,
    ...(instance === undefined ? {} : { instance }),
    detail,
  });
  if (address?.instanceId === holder || !serving.has(holder)) return { kind: 'none', slot, holder };
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
  // A sick member that lost its slot has it no more, though it runs.
  const isWithdrawn = sick.has(from) && from === slot.lastHolder;
  if (serving.has(from) && !isWithdrawn)
    return leave(`${slot.publicIpv4} was moved by hand to ${from}, which serves`, from);
  if (!former.has(from)) return leave(`${slot.publicIpv4} was moved by hand to ${from}, which is no member`, from);
  if (associationId === undefined) return leave(`the association of ${slot.publicIpv4} with ${from} has no id`, from);
  return { kind: 'disassociate-then-associate', slot, holder, associationId, from };
}
