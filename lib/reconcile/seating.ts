import type { Mark } from '../model/ledger.ts';
import { ADDRESSES_GROUP } from '../model/zone.ts';
import type { CorePorts, MarkRenewal, RoleState, Seating, SlotWrite, StandingSlot } from './ports.ts';

/** The slots of one role that are to be written. */
export interface Vacancies {
  readonly state: RoleState;
  readonly writes: readonly SlotWrite[];
}

export type Seated =
  /** The seats count, whoever of two wrote them; the marks as they now are. */
  | { readonly kind: 'seated'; readonly marks: readonly Mark[] }
  /** Another wrote other slots: all that was read is old. */
  | { readonly kind: 'lost' }
  /** Nothing is written, and others are to be marked as if they knew nothing. */
  | { readonly kind: 'unshared' };

/** "TransactWriteItems" (Amazon DynamoDB API Reference): items of one transaction. */
const MAX_ITEMS = 100;

/**
 * Writes the slots on account of a mark that all groups that plan from them have, as this pass has read its own. Each of
 * these marks gets a new stamp in the same write: a pass that has read it before cannot clear it, and comes again. So
 * nobody is marked or woken anew.
 *
 * Passes that were woken by the same news would write the same. The one that comes second is told what stands: where
 * that is what it would have written, on account of the same mark as it was read, it goes on with that.
 */
export async function seatTogether(
  vacancies: readonly Vacancies[],
  marks: readonly Mark[],
  ports: CorePorts,
): Promise<Seated> {
  const seating = seatingOf(vacancies, marks, ports.random.id());
  if (seating === undefined) return { kind: 'unshared' };
  const outcome = await ports.registry.seat(seating);
  switch (outcome.kind) {
    case 'seated':
      return { kind: 'seated', marks: marks.map((mark) => renewedBy(mark, seating.renewals)) };
    case 'not-as-read':
      return { kind: 'unshared' };
    case 'taken':
      return asOurs(seating, outcome.standing, marks);
  }
}

/** Undefined where there is no such mark, or not all of it is known, or it is too much for one write. */
function seatingOf(vacancies: readonly Vacancies[], marks: readonly Mark[], to: string): Seating | undefined {
  const writes: Seating['writes'][number][] = [];
  const renewals = new Map<string, MarkRenewal>();
  for (const { state, writes: wanted } of vacancies) {
    const { role, groups } = state;
    const mark = newest(marks.filter(({ roles }) => roles.includes(role)));
    // Slots of a pool are the addresses' business too, and those look at them in another way.
    if (mark === undefined || groups === undefined || groups.includes(ADDRESSES_GROUP)) return undefined;
    const { subject, stamp: from } = mark;
    writes.push(...wanted.map((write) => ({ ...write, renewed: { from, to } })));
    for (const group of groups) {
      const key = `${group}|${from}`;
      const roles = [...(renewals.get(key)?.roles ?? []), role];
      renewals.set(key, { group, subject, from, to, roles });
    }
  }
  return writes.length + renewals.size > MAX_ITEMS ? undefined : { writes, renewals: [...renewals.values()] };
}

/** Of several the one that other groups are the least likely to have done with. */
function newest(marks: readonly Mark[]): Mark | undefined {
  return marks.toSorted((one, other) => other.sinceMs - one.sinceMs || (one.stamp < other.stamp ? -1 : 1))[0];
}

function renewedBy(mark: Mark, renewals: readonly MarkRenewal[]): Mark {
  const own = renewals.find(({ group, from }) => group === mark.group && from === mark.stamp);
  return own === undefined ? mark : { ...mark, stamp: own.to, seated: own.roles };
}

function asOurs({ writes }: Seating, standing: readonly StandingSlot[], marks: readonly Mark[]): Seated {
  const isSame =
    standing.length === writes.length &&
    writes.every(({ after }) => standing.some(({ slot }) => JSON.stringify(slot) === JSON.stringify(after)));
  if (!isSame) return { kind: 'lost' };
  const renewed = new Map<string, string>();
  for (const { renewed: how } of standing) {
    if (how === undefined || !marks.some(({ stamp }) => stamp === how.from)) return { kind: 'lost' };
    renewed.set(how.from, how.to);
  }
  const roles = [...new Set(standing.map(({ slot }) => slot.role))];
  return {
    kind: 'seated',
    marks: marks.map((mark) => {
      const stamp = renewed.get(mark.stamp);
      return stamp === undefined ? mark : { ...mark, stamp, seated: roles.filter((role) => mark.roles.includes(role)) };
    }),
  };
}
