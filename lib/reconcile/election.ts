import { assignSlots } from '../desired/slots.ts';
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

/**
 * Fills the vacant slots of the roles that have a pool. `pool` is what EC2 was read to have; without it the addresses
 * stay those of the slots. The groups that plan from the slots are marked in the same write.
 */
export async function elect(
  states: readonly RoleState[],
  pool: readonly ElasticAddress[] | undefined,
  ports: CorePorts,
): Promise<Election> {
  const writes: SlotWrite[] = [];
  const changed: Role[] = [];
  for (const { definition, members, slots } of states) {
    if (definition?.elasticIp === undefined) continue;
    const assigned = assignSlots({ role: definition, slots, pool, members });
    writes.push(...assigned.writes);
    if (assigned.writes.length > 0) changed.push(definition);
  }
  if (writes.length === 0) return { kind: 'unchanged' };
  const installation = await ports.registry.readInstallation();
  if (installation === undefined) return { kind: 'unchanged' };
  const marks = changed.flatMap((role) => slotMarks(role, installation, ports.clock.now()));
  const won = await ports.registry.writeSlots(writes, marks);
  return won ? { kind: 'changed', groups: zonesFirst(marks.map((mark) => mark.group)) } : { kind: 'lost' };
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
