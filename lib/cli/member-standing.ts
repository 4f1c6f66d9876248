import { isAdmitted } from '../desired/entitlement.ts';
import { drainsOf, inService, isSick } from '../desired/standing.ts';
import { ABSENT_AFTER_SWEEPS } from '../model/fact.ts';
import type { Member } from '../model/member.ts';
import type { RoleState } from '../reconcile/ports.ts';

export const STANDINGS = ['serving', 'standby', 'pending', 'draining', 'withdrawn', 'absent', 'refused'] as const;
export type MemberStanding = (typeof STANDINGS)[number];

/**
 * How a member stands in its role, for people.
 *
 * ```
 * refused    the role is not configured, or does not admit it
 * pending    not running yet
 * draining   asked to leave
 * absent     not listed by two sweeps
 * withdrawn  sick, while another member is not
 * standby    would serve, but holds no slot of an exclusive role or a pool
 * serving    all else
 * ```
 */
export function standingOf(state: RoleState, member: Member): MemberStanding {
  const { definition, members, slots } = state;
  if (definition === undefined || !isAdmitted(definition, member)) return 'refused';
  if (member.phase === 'pending') return 'pending';
  const counted = inService(
    definition,
    members.filter((each) => isAdmitted(definition, each)),
  );
  if (!counted.some(({ instanceId }) => instanceId === member.instanceId)) {
    return drainsOf(definition, member).length > 0 ? 'draining' : 'pending';
  }
  if (member.absentSweeps >= ABSENT_AFTER_SWEEPS) return 'absent';
  const isAlone = counted.every((each) => isSick(definition.health, each));
  if (isSick(definition.health, member) && !isAlone) return 'withdrawn';
  const isExclusive = definition.holders !== undefined || definition.elasticIp !== undefined;
  const holds = slots.some(({ holder }) => holder === member.instanceId);
  return isExclusive && !holds ? 'standby' : 'serving';
}
