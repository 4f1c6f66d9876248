import type { Member } from '../model/member.ts';

/** "Weighted routing" (Amazon Route 53 Developer Guide): an integer from 0 to 255. */
const MAX_WEIGHT = 255;

/** The weight in an instance's tag; the default where the tag is absent or says no such number. */
export function weightOf(member: Member | undefined, tag: string, defaultWeight: number): number {
  const text = member?.tags[tag] ?? '';
  const weight = /^\d{1,3}$/.test(text) ? Number(text) : undefined;
  return weight === undefined || weight > MAX_WEIGHT ? defaultWeight : weight;
}
