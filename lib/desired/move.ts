import type { ElasticAddress } from '../model/address.ts';
import type { InstanceDescription } from '../model/instance.ts';
import type { Member } from '../model/member.ts';
import type { MoveRequest } from '../model/request.ts';
import type { Role } from '../model/role.ts';
import type { Slot } from '../model/slot.ts';
import { hasAddress } from './slots.ts';
import { inService } from './standing.ts';
import { isAbsent } from './succession.ts';

export interface MoveInput {
  readonly asked: MoveRequest;
  readonly role: Role | undefined;
  readonly slots: readonly Slot[];
  /** Those that the role admits. */
  readonly members: readonly Member[];
  /** Read for this move. */
  readonly addresses: readonly ElasticAddress[];
  /** The instance that is to have it, read for this move; undefined where EC2 does not show it. */
  readonly target: InstanceDescription | undefined;
}

export type MovePlan =
  | { readonly kind: 'refuse'; readonly message: string }
  /** The target has the address, and its slot. */
  | { readonly kind: 'there'; readonly slot: Slot }
  /** The slot is the target's already: the association is still to follow. */
  | { readonly kind: 'begun'; readonly slot: Slot }
  | { readonly kind: 'begin'; readonly slot: Slot; readonly after: Slot; readonly from?: string };

/**
 * What a planned move would do, or why it is refused. Both ends are checked: the address is in the role's pool and with
 * an instance or nobody; the target runs, serves the role, and has no other Elastic IP, which would be evicted.
 */
export function planMove(input: MoveInput): MovePlan {
  const { asked, role, slots, members, addresses, target } = input;
  const refuse = (message: string): MovePlan => ({ kind: 'refuse', message });
  if (role?.elasticIp === undefined) return refuse(`the role ${asked.role} has no Elastic IPs`);
  const slot = slotAsked(slots.filter(hasAddress), asked);
  if (typeof slot === 'string') return refuse(slot);
  const address = addresses.find(({ allocationId }) => allocationId === slot.allocationId);
  if (address === undefined) return refuse(`${slot.publicIpv4} is not among the account's addresses`);
  if (address.instanceId === asked.to && slot.holder === asked.to) return { kind: 'there', slot };
  if (slot.holder === asked.to && slot.planned !== undefined) return { kind: 'begun', slot };
  if (address.serviceManaged) return refuse(`${slot.publicIpv4} is managed by a service of AWS`);
  if (address.instanceId === undefined && address.associationId !== undefined) {
    return refuse(`${slot.publicIpv4} is associated with ${address.networkInterfaceId ?? 'a network interface'}`);
  }
  const unfit = unfitness(input, slot, role, members, target);
  if (unfit !== undefined) return refuse(unfit);
  const from = address.instanceId;
  const { holder, planned: _earlier, ...rest } = slot;
  const after: Slot = {
    ...rest,
    holder: asked.to,
    ...(holder === undefined || holder === asked.to ? {} : { lastHolder: holder }),
    planned: from === undefined ? {} : { from },
    version: slot.version + 1,
  };
  return { kind: 'begin', slot, after, ...(from === undefined ? {} : { from }) };
}

/** The slot of the address asked for, or why there is none. */
function slotAsked(slots: readonly Slot[], { role, address }: MoveRequest): Slot | string {
  const there = slots.map(({ publicIpv4 }) => publicIpv4).join(', ');
  if (address === undefined) {
    const [only, second] = slots;
    if (only === undefined) return `the pool of the role ${role} has no Elastic IP`;
    return second === undefined ? only : `the role ${role} has several addresses: name one of ${there}`;
  }
  const found = slots.find(({ publicIpv4, allocationId }) => publicIpv4 === address || allocationId === address);
  return found ?? `${address} is not in the pool of the role ${role}; there are: ${there || 'none'}`;
}

function unfitness(
  { asked: { to }, slots, addresses }: MoveInput,
  slot: Slot,
  role: Role,
  members: readonly Member[],
  target: InstanceDescription | undefined,
): string | undefined {
  const member = members.find(({ instanceId }) => instanceId === to);
  if (member === undefined) return `${to} is no member of the role ${role.role}, or is not admitted by its allow`;
  if (target === undefined) return `EC2 does not show ${to}`;
  if (target.state !== 'running') return `${to} is ${target.state}, not running`;
  if (isAbsent(member) || !inService(role, members).includes(member)) return `${to} does not serve ${role.role} now`;
  const other = addresses.find(
    ({ instanceId, allocationId }) => instanceId === to && allocationId !== slot.allocationId,
  );
  if (other !== undefined)
    return `${to} already has the Elastic IP ${other.publicIpv4}, which this one would take away`;
  const seat = slots.find(({ holder, ordinal }) => holder === to && ordinal !== slot.ordinal);
  return seat === undefined ? undefined : `${to} is about to get ${seat.publicIpv4}`;
}
