import type { Member } from '../model/member.ts';
import type { Role } from '../model/role.ts';
import type { Share } from './scene.ts';
import { isSick } from './standing.ts';
import { isAbsent } from './succession.ts';

/**
 * The shares of one name and type without those of sick members, as long as one that is well remains: where all are
 * sick, or may be gone, all stay. In a pool that keeps its names what a name holds depends on the slots alone.
 */
export function withoutSick<Each extends Share>(role: Role, shares: readonly Each[]): readonly Each[] {
  const keepsSlots = role.elasticIp !== undefined && role.whenEmpty === 'keep';
  const isWithdrawn = ({ member, contributor }: Share) =>
    member !== undefined && isSick(role.health, member) && !(keepsSlots && contributor.startsWith('slot:'));
  if (!shares.some(isWithdrawn)) return shares;
  const isWell = ({ member }: Share) => member !== undefined && !isSick(role.health, member) && !isAbsent(member);
  return shares.some(isWell) ? shares.filter((share) => !isWithdrawn(share)) : shares;
}

export function sickOf(role: Role, members: readonly Member[]): ReadonlySet<string> {
  return new Set(members.filter((member) => isSick(role.health, member)).map(({ instanceId }) => instanceId));
}
