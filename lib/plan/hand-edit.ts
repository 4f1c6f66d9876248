import type { DesiredSet } from '../model/change.ts';
import { isPrivateIpv4 } from '../model/ipv4.ts';
import type { LedgerSet } from '../model/ledger.ts';
import { type RecordSet, sameRecordSet } from '../model/record-set.ts';

/** What is done about a set that somebody else changed, where the role says `drift: 'report'`. */
export type HandEdit =
  /** It is as we want it, or as we last wrote it: an ordinary set again. */
  | { readonly kind: 'over' }
  /** It stays as it was found; whose its values are may be another now. */
  | { readonly kind: 'left'; readonly contributors: LedgerSet['contributors'] }
  /** Nothing of it would be left without what a stranger may have by now. */
  | { readonly kind: 'spent' }
  /** As it was found, but for what a stranger may have by now. */
  | { readonly kind: 'cleansed'; readonly after: RecordSet; readonly contributors: LedgerSet['contributors'] };

/**
 * `current` is what the zone has; `ours` what we last wrote. Everything of ours waits, a removal of an owned address too,
 * until the set is again as one of us wants it; only the unowned address of a member that left, or that has another since, is
 * taken out.
 */
export function judgeHandEdit(
  desired: DesiredSet | undefined,
  current: RecordSet,
  ours: RecordSet,
  contributors: LedgerSet['contributors'],
): HandEdit {
  if (desired !== undefined && sameRecordSet(current, desired.set)) return { kind: 'over' };
  if (sameRecordSet(current, ours) || (desired === undefined && current.values.length === 0)) return { kind: 'over' };
  const wanted = new Set(desired?.set.values);
  const dead = new Set(
    Object.entries(contributors).flatMap(([contributor, values]) =>
      isOfInstance(contributor, desired)
        ? values.filter((value) => isUnowned(value, current.type) && !wanted.has(value))
        : [],
    ),
  );
  const values = current.values.filter((value) => !dead.has(value));
  if (values.length === current.values.length)
    return { kind: 'left', contributors: withHolders(contributors, values, desired) };
  if (values.length === 0) return { kind: 'spent' };
  const staying = Object.entries(contributors)
    .filter(([contributor]) => contributor.startsWith('slot:') || desired?.contributors[contributor] !== undefined)
    .map(([contributor, theirs]) => [contributor, theirs.filter((value) => !dead.has(value))] as const);
  const remaining = withHolders(Object.fromEntries(staying), values, desired);
  return { kind: 'cleansed', after: { ...current, values }, contributors: remaining };
}

/** An address that was freed may be another member's by now: it is taken out when that one leaves. */
function withHolders(
  contributors: LedgerSet['contributors'],
  values: readonly string[],
  desired: DesiredSet | undefined,
): LedgerSet['contributors'] {
  const holders = Object.entries(desired?.contributors ?? {}).flatMap(([contributor, theirs]) => {
    const known = contributors[contributor] ?? [];
    const more = theirs.filter((value) => values.includes(value) && !known.includes(value));
    return more.length === 0 ? [] : [[contributor, [...known, ...more]] as const];
  });
  return holders.length === 0 ? contributors : { ...contributors, ...Object.fromEntries(holders) };
}

/** A slot's address is owned, and an answer that another took the place of in the configuration was nobody's. */
function isOfInstance(contributor: string, desired: DesiredSet | undefined): boolean {
  return (
    !contributor.startsWith('slot:') && !(contributor === 'answer' && desired?.contributors['answer'] !== undefined)
  );
}

/** A public IPv4 address of an instance, or the EC2 name that is another word for it, goes to the next customer. */
function isUnowned(value: string, type: RecordSet['type']): boolean {
  return type === 'A' ? !isPrivateIpv4(value) : type === 'CNAME' && value.startsWith('ec2-');
}
