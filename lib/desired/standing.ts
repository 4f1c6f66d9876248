import type { DrainAsk } from '../model/drain.ts';
import type { Member } from '../model/member.ts';
import type { HealthPolicy, Role } from '../model/role.ts';
import { subsetOf } from '../model/subset.ts';
import { fitsPattern } from '../model/wildcard.ts';

const NO_ASKS: readonly DrainAsk[] = [];

/** What the role heeds of the demands that a member leave. */
export function drainsOf(role: Role, { drains }: Member): readonly DrainAsk[] {
  if (drains === undefined) return NO_ASKS;
  return drains.filter(({ by }) => by === 'request' || role.drainOn.includes(by));
}

/** A retirement or a rebalance is only announced: it leaves a role's last member until it goes. */
export function isYielding({ by }: DrainAsk): boolean {
  return by === 'retirement' || by === 'rebalance';
}

/** Members that count for names and slots: they serve, and are not on their way out. */
export function inService(role: Role, members: readonly Member[]): readonly Member[] {
  const isStaying = (member: Member) => member.phase === 'serving' && drainsOf(role, member).every(isYielding);
  const staying = subsetOf(members, isStaying);
  const isAsked = (member: Member) => drainsOf(role, member).length > 0;
  // Nearly always nobody is, and a large fleet needs no second list.
  return staying.some(isAsked) && !staying.every(isAsked) ? staying.filter((member) => !isAsked(member)) : staying;
}

/** Whether its role's policy calls the member sick. Route 53's own checks withdraw by themselves. */
export function isSick(policy: HealthPolicy, { impaired, alarms = [] }: Member): boolean {
  switch (policy.kind) {
    case 'none':
    case 'route53':
      return false;
    case 'status-checks':
      return impaired === true;
    case 'alarms':
      return alarms.some((name) => fitsPattern(policy.pattern, name));
  }
}
