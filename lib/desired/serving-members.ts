import type { Member } from '../model/member.ts';
import type { Role } from '../model/role.ts';
import type { Slot } from '../model/slot.ts';
import { isAdmitted } from './entitlement.ts';
import { inService, isSick } from './standing.ts';
import { isAbsent } from './succession.ts';
import { weightOf } from './weight.ts';

/** A member that serves a role now, as programs outside see it; published with schema version 1. */
export interface ServingMember {
  /** An instance id, or the id of a host. */
  readonly id: string;
  readonly state: 'serving';
  /** When its service began: ISO 8601, UTC. */
  readonly since: string;
  /** IPv4. */
  readonly private?: string;
  /** IPv4. */
  readonly public?: string;
  readonly ipv6: readonly string[];
  /** Availability zone. */
  readonly az?: string;
  /** The slot that it holds: in a role with ordinals, holders or a pool. */
  readonly ordinal?: number;
  /** In a role with a weighted name, 0 to 255. */
  readonly weight?: number;
  /** A host outside EC2. */
  readonly offCloud?: true;
}

/**
 * Whom a role's names are for, by id: not those that drain, are sick or lost from sight while others are well, nor the
 * standbys of an exclusive role.
 */
export function servingMembers(role: Role, members: readonly Member[], slots: readonly Slot[]): ServingMember[] {
  const ordinals = new Map(slots.flatMap(({ holder, ordinal }) => (holder === undefined ? [] : [[holder, ordinal]])));
  const admitted = members.filter((member) => isAdmitted(role, member));
  const serving = inService(role, admitted).filter(
    ({ instanceId }) => role.holders === undefined || ordinals.has(instanceId),
  );
  const well = serving.filter((member) => !isSick(role.health, member) && !isAbsent(member));
  return (well.length > 0 ? well : serving)
    .map((member) => servingMember(role, member, ordinals.get(member.instanceId)))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}

function servingMember(role: Role, member: Member, ordinal: number | undefined): ServingMember {
  const { instanceId, sinceMs, privateIpv4, publicIpv4, ipv6, availabilityZone, offCloud } = member;
  const weight = weightIn(role, member);
  return {
    id: instanceId,
    state: 'serving',
    since: new Date(sinceMs).toISOString(),
    ...(privateIpv4 === undefined ? {} : { private: privateIpv4 }),
    ...(publicIpv4 === undefined ? {} : { public: publicIpv4 }),
    ipv6,
    ...(availabilityZone === undefined ? {} : { az: availabilityZone }),
    ...(ordinal === undefined ? {} : { ordinal }),
    ...(weight === undefined ? {} : { weight }),
    ...(offCloud === undefined ? {} : { offCloud }),
  };
}

/** Of the first weighted name. */
function weightIn({ names }: Role, member: Member): number | undefined {
  for (const { routing } of names)
    if (routing.kind === 'weighted') return weightOf(member, routing.tag, routing.defaultWeight);
  return undefined;
}
