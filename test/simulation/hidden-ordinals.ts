import { type Instance, primaryPrivateAddress } from '../../local/ec2/instance.ts';
import type { ResourceRecordSet } from '../../local/route53/resource-record-set.ts';
import { plain } from './rendering.ts';

/** The sets of all zones, by `name type`. */
type Observed = ReadonlyMap<string, readonly ResourceRecordSet[]>;

/** Ordinals whose names the zone does not show as ours. */
export interface Hidden {
  readonly ordinals: readonly number[];
  readonly nameOf: (ordinal: number) => string;
}

export function without(ordinals: readonly number[], found: ReadonlyMap<string, number>): number[] {
  const taken = new Set(found.values());
  return ordinals.filter((ordinal) => !taken.has(ordinal));
}

/**
 * Who has which of them: what a member's PTR record says of its address, and for the others the lowest that nobody has.
 * Without an entry: who found none left.
 */
export function sharedOut(
  { ordinals, nameOf }: Hidden,
  members: readonly Instance[],
  observed: Observed,
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const member of members) {
    const pointers = observed.get(`${reverseNameOf(primaryPrivateAddress(member) ?? '')} PTR`) ?? [];
    const named = new Set(pointers.flatMap(({ values }) => values.map(plain)));
    const told = without(ordinals, found).find((ordinal) => named.has(nameOf(ordinal)));
    if (told !== undefined) found.set(member.id, told);
  }
  const left = without(ordinals, found);
  for (const { id } of members.filter((each) => !found.has(each.id))) {
    const ordinal = left.shift();
    if (ordinal !== undefined) found.set(id, ordinal);
  }
  return found;
}

/**
 * How many of some members may hold without being seen. Given is of each in how many hidden places it could be: none where it
 * would be seen at one name at least.
 */
export function mostUnseen(places: readonly number[]): number {
  return Math.min(places.filter((each) => each > 0).length, Math.max(0, ...places));
}

export function reverseNameOf(address: string): string {
  return `${address.split('.').toReversed().join('.')}.in-addr.arpa`;
}
