import { assignSlots, hasSlots } from '../desired/slots.ts';
import type { ElasticAddress } from '../model/address.ts';
import type { GroupHead, Mark, NewMark } from '../model/ledger.ts';
import type { Installation, Role } from '../model/role.ts';
import { groupsOf, zonesFirst } from './groups.ts';
import type { CorePorts, RoleState, SlotWrite } from './ports.ts';
import { seatTogether, type Vacancies } from './seating.ts';

export type Election =
  /** With the slots as they now count: one whose holder left is vacant, though nobody wrote it. */
  | { readonly kind: 'unchanged'; readonly states: readonly RoleState[] }
  /** The slots were written, and the groups that plan from them marked: all that were, in parts. */
  | {
      readonly kind: 'changed';
      readonly groups: readonly string[];
      readonly marks: readonly Mark[];
      /** As they were written; absent where that took several writes: then everything is read again. */
      readonly states?: readonly RoleState[];
    }
  /** The slots are as in the states, by this pass or by another that was woken by the same; nobody is to be told. */
  | { readonly kind: 'shared'; readonly states: readonly RoleState[]; readonly marks: readonly Mark[] }
  /** Another wrote them first, or settled the group since it was read. */
  | { readonly kind: 'lost' };

/** Slots and marks of one transaction, which has 100 items ("TransactWriteItems", Amazon DynamoDB API Reference): the head is one. */
const MAX_TRANSACTION_ITEMS = 99;

interface Seating extends Vacancies {
  readonly definition: Role;
}

/**
 * Fills the vacant slots of the roles that have any, as long as the group is in the epoch that was read. `pool` is what EC2 was read to have; without it the addresses stay
 * those of the slots. `marked` is what woke the pass; without it, or where others were not woken by the same, the groups
 * that plan from the slots are marked in the same write. Where there are more writes than one transaction takes, each is
 * one step towards the same seats: the next election goes on from any of them.
 */
export async function elect(
  head: Pick<GroupHead, 'group' | 'epoch'>,
  states: readonly RoleState[],
  pool: readonly ElasticAddress[] | undefined,
  ports: CorePorts,
  marked: readonly Mark[] = [],
): Promise<Election> {
  const seatings: Seating[] = [];
  const seated = states.map((state): RoleState => {
    const { definition, members, slots } = state;
    if (definition === undefined || !hasSlots(definition)) return state;
    const assigned = assignSlots({ role: definition, slots, pool, members });
    if (assigned.writes.length > 0) seatings.push({ state, definition, writes: assigned.writes });
    return { ...state, slots: assigned.slots };
  });
  if (seatings.length === 0) return { kind: 'unchanged', states: seated };
  const together = await seatTogether(seatings, marked, ports);
  if (together.kind === 'lost') return together;
  if (together.kind === 'seated') return { kind: 'shared', states: seated, marks: together.marks };
  const installation = await ports.registry.readInstallation();
  if (installation === undefined) return { kind: 'unchanged', states };
  const parts = transactions(seatings, installation, ports);
  for (const { writes, marks } of parts) {
    if (!(await ports.registry.writeSlots(writes, marks, [], head))) return { kind: 'lost' };
  }
  const marks = parts.flatMap((part) => part.marks);
  const groups = zonesFirst(new Set(marks.map(({ group }) => group)));
  return { kind: 'changed', groups, marks, ...(parts.length === 1 ? { states: seated } : {}) };
}

interface Transaction {
  readonly writes: SlotWrite[];
  readonly marks: Mark[];
}

function transactions(seatings: readonly Seating[], installation: Installation, ports: CorePorts): Transaction[] {
  const parts: Transaction[] = [];
  let room = 0;
  for (const { definition, writes } of seatings) {
    const marks = slotMarks(definition, installation, ports.clock.now());
    let isMarked = false;
    for (const write of writes) {
      if (room < 1 + (isMarked ? 0 : marks.length)) {
        parts.push({ writes: [], marks: [] });
        room = MAX_TRANSACTION_ITEMS;
        isMarked = false;
      }
      const part = parts.at(-1);
      if (!isMarked) part?.marks.push(...marks.map((mark) => ({ ...mark, stamp: ports.random.id() })));
      part?.writes.push(write);
      room -= 1 + (isMarked ? 0 : marks.length);
      isMarked = true;
    }
  }
  return parts;
}

function slotMarks(definition: Role, installation: Installation, nowMs: number): NewMark[] {
  return groupsOf(installation, definition).map((group) => ({
    group,
    subject: { kind: 'role', role: definition.role },
    roles: [definition.role],
    reason: 'slot',
    sinceMs: nowMs,
  }));
}
