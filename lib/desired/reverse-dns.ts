import type { ReverseDns } from '../model/address.ts';
import type { Note } from '../model/ledger.ts';
import type { Role } from '../model/role.ts';
import type { AskedReverseDns, Slot } from '../model/slot.ts';

/** What is to be done that an address has the reverse DNS that its pool wants, or none of ours. */
export type ReverseDnsStep =
  | { readonly kind: 'set'; readonly slot: Slot; readonly name: string; readonly names: readonly string[] }
  | { readonly kind: 'reset'; readonly slot: Slot; readonly asked: AskedReverseDns }
  /** Nothing of ours is there any more. */
  | { readonly kind: 'forget'; readonly slot: Slot; readonly asked: AskedReverseDns }
  /** EC2 refused it a while ago, and is asked again later. */
  | {
      readonly kind: 'refused';
      readonly slot: Slot;
      readonly name: string;
      readonly reason: string;
      readonly atMs: number;
    };

export interface ReverseDnsInput {
  /** Absent where the configuration does not have the role any more. */
  readonly role?: Role | undefined;
  readonly slots: readonly Slot[];
  readonly shown: readonly ReverseDns[];
  /** What is known to be refused. */
  readonly notes: readonly Note[];
  /** Addresses that slots of other roles answer for. */
  readonly elsewhere: ReadonlySet<string>;
  readonly nowMs: number;
}

/** A read may be that much older than an answer ("Eventual consistency in the Amazon EC2 API"). */
const SETTLES_IN_MS = 30_000;
const REFUSED_AGAIN_AFTER_MS = 3_600_000;

/** The full name that an address should have in reverse DNS. */
export function wantedReverseDns(role: Role | undefined, { ordinal, allocationId }: Slot): string | undefined {
  if (allocationId === '') return undefined;
  return role?.elasticIp?.ptr?.replaceAll('{role}', role.role).replaceAll('{ordinal}', String(ordinal));
}

/** Whether any address of the role has, or should have, reverse DNS by us. */
export function concernsReverseDns(role: Role | undefined, slots: readonly Slot[]): boolean {
  return role?.elasticIp?.ptr !== undefined || slots.some(({ reversed = [] }) => reversed.length > 0);
}

/**
 * ```
 * wanted   shown by EC2                          step
 * a name   that name, or an update under way     -
 * a name   another name, or none                 set; an hour after a refusal at the earliest
 * none     a name that we asked for              reset
 * none     an update under way                   -
 * none     no name, or one that others set       forget
 * ```
 */
export function reverseDnsSteps(input: ReverseDnsInput): ReverseDnsStep[] {
  const shown = new Map(input.shown.map((each) => [each.allocationId, each]));
  return input.slots.flatMap((slot) => {
    const name = wantedReverseDns(input.role, slot);
    const of = shown.get(slot.allocationId);
    const wanted = name === undefined || of === undefined ? [] : stepsToward(name, of, slot, input);
    const left = (slot.reversed ?? []).filter(
      ({ allocationId }) => name === undefined || allocationId !== slot.allocationId,
    );
    return [...wanted, ...left.flatMap((asked) => stepsAway(asked, shown.get(asked.allocationId), slot, input))];
  });
}

function stepsToward(name: string, shown: ReverseDns, slot: Slot, { notes, nowMs }: ReverseDnsInput): ReverseDnsStep[] {
  const { current, pending, failed } = shown;
  const asked = slot.reversed?.find(({ allocationId }) => allocationId === slot.allocationId);
  if (pending !== undefined || current === name) return [];
  if (asked?.names[0] === name && isSettling(asked, nowMs)) return [];
  const note = notes.find((each) => each.reason === 'ptr-refused' && each.name === slot.publicIpv4);
  const refused = note?.refused?.set === name ? note.refused : undefined;
  if (refused !== undefined && nowMs - refused.atMs < REFUSED_AGAIN_AFTER_MS)
    return [{ kind: 'refused', slot, name, reason: note?.detail ?? '', atMs: refused.atMs }];
  if (refused === undefined && failed?.name === name)
    return [{ kind: 'refused', slot, name, reason: `${name}: ${failed.reason}`, atMs: nowMs }];
  const before = current !== undefined && asked?.names.includes(current) ? [current] : [];
  return [{ kind: 'set', slot, name, names: [name, ...before] }];
}

function stepsAway(
  asked: AskedReverseDns,
  shown: ReverseDns | undefined,
  slot: Slot,
  { slots, role, elsewhere, nowMs }: ReverseDnsInput,
): ReverseDnsStep[] {
  if (shown?.pending !== undefined || isSettling(asked, nowMs)) return [];
  const hasAnother = slots.some(
    (each) => each.allocationId === asked.allocationId && wantedReverseDns(role, each) !== undefined,
  );
  const isOurs = shown?.current !== undefined && asked.names.includes(shown.current);
  const isLeft = hasAnother || elsewhere.has(asked.allocationId);
  return [{ kind: isOurs && !isLeft ? 'reset' : 'forget', slot, asked }];
}

function isSettling({ acceptedAtMs }: AskedReverseDns, nowMs: number): boolean {
  return acceptedAtMs !== undefined && nowMs - acceptedAtMs < SETTLES_IN_MS;
}
