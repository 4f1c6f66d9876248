import { assignSlots, hasSlots } from '../desired/slots.ts';
import type { ElasticAddress } from '../model/address.ts';
import type { NewMark } from '../model/ledger.ts';
import type { Installation, Role } from '../model/role.ts';
import { groupsOf, zonesFirst } from './groups.ts';
import type { CorePorts, RoleState, SlotWrite } from './ports.ts';

export type Election =
  | { readonly kind: 'unchanged' }
  /** The slots were written: everything is read again before anything is planned from them. */
  | { readonly kind: 'changed'; readonly groups: readonly string[] }
  /** Another wrote them first. */
  | { readonly kind: 'lost' };

/** "TransactWriteItems" (Amazon DynamoDB API Reference): items of one transaction, slots and marks together. */
const MAX_TRANSACTION_ITEMS = 100;

interface Seating {
  readonly definition: Role;
  readonly writes: readonly SlotWrite[];
}

/**
 * Fills the vacant slots of the roles that have any. `pool` is what EC2 was read to have; without it the addresses stay
 * those of the slots. The groups that plan from the slots are marked in the same write. Where there are more writes
 * than one transaction takes, each is one step towards the same seats: the next election goes on from any of them.
 */
export async function elect(
  states: readonly RoleState[],
  pool: readonly ElasticAddress[] | undefined,
  ports: CorePorts,
): Promise<Election> {
  const seatings = states.flatMap(({ definition, members, slots }): Seating[] => {
    if (definition === undefined || !hasSlots(definition)) return [];
    const { writes } = assignSlots({ role: definition, slots, pool, members });
    return writes.length === 0 ? [] : [{ definition, writes }];
  });
  if (seatings.length === 0) return { kind: 'unchanged' };
  const installation = await ports.registry.readInstallation();
  if (installation === undefined) return { kind: 'unchanged' };
  const groups = new Set<string>();
  for (const { writes, marks } of transactions(seatings, installation, ports.clock.now())) {
    if (!(await ports.registry.writeSlots(writes, marks))) return { kind: 'lost' };
    for (const { group } of marks) groups.add(group);
  }
  return { kind: 'changed', groups: zonesFirst(groups) };
}

interface Transaction {
  readonly writes: SlotWrite[];
  readonly marks: NewMark[];
}

function transactions(seatings: readonly Seating[], installation: Installation, nowMs: number): Transaction[] {
  const parts: Transaction[] = [];
  let room = 0;
  for (const { definition, writes } of seatings) {
    const marks = slotMarks(definition, installation, nowMs);
    let isMarked = false;
    for (const write of writes) {
      if (room < 1 + (isMarked ? 0 : marks.length)) {
        parts.push({ writes: [], marks: [] });
        room = MAX_TRANSACTION_ITEMS;
        isMarked = false;
      }
      const part = parts.at(-1);
      if (!isMarked) part?.marks.push(...marks);
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
