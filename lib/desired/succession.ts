import { ABSENT_AFTER_SWEEPS } from '../model/fact.ts';
import type { Member } from '../model/member.ts';
import type { Succession } from '../model/role.ts';

/** An integer; the highest is first in line. Anything else counts as 0. */
const PRIORITY_TAG = 'rolecall:priority';

/** The longest in service first; the id decides between members that began in one second. */
export function bySeniority(one: Member, other: Member): number {
  return one.sinceMs - other.sinceMs || (one.instanceId < other.instanceId ? -1 : 1);
}

/**
 * Who is first in line for a vacant slot. The age is that of the incarnation: a restart makes an instance young again.
 *
 * ```
 * oldest     the longest in service
 * newest     the shortest in service
 * priority   the highest `rolecall:priority`, of equals the longest in service
 * ```
 */
export function bySuccession(succession: Succession): (one: Member, other: Member) => number {
  switch (succession) {
    case 'oldest':
      return bySeniority;
    case 'newest':
      return (one, other) => bySeniority(other, one);
    case 'priority':
      return (one, other) => priorityOf(other) - priorityOf(one) || bySeniority(one, other);
  }
}

function priorityOf({ tags }: Member): number {
  const written = tags[PRIORITY_TAG]?.trim() ?? '';
  return /^-?\d{1,9}$/.test(written) ? Number(written) : 0;
}

/** Two complete sweeps did not list it: no proof that it is gone, but no candidate either. */
export function isAbsent({ absentSweeps }: Pick<Member, 'absentSweeps'>): boolean {
  return absentSweeps >= ABSENT_AFTER_SWEEPS;
}
