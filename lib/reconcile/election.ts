import { assignSlots } from '../desired/slots.ts';
import type { ElasticAddress } from '../model/address.ts';
import type { NewMark } from '../model/ledger.ts';
import type { Role } from '../model/role.ts';
import { ADDRESSES_GROUP } from '../model/zone.ts';
import type { CorePorts, RoleState, SlotWrite } from './ports.ts';

export type Election =
  | { readonly kind: 'unchanged'; readonly states: readonly RoleState[] }
  /** The slots were written: everything is read again before anything is planned from them. */
  | { readonly kind: 'changed' }
  /** Another wrote them first. */
  | { readonly kind: 'lost' };

/**
 * Fills the vacant slots of the roles that have a pool. `pool` is what EC2 was read to have; without it the addresses
 * stay those of the slots. The groups that plan from the slots are marked in the same write.
 */
export async function elect(
  states: readonly RoleState[],
  pool: readonly ElasticAddress[] | undefined,
  groupsOfRole: (role: Role) => readonly string[],
  ports: CorePorts,
): Promise<Election> {
  const writes: SlotWrite[] = [];
  const marks: NewMark[] = [];
  for (const { definition, members, slots } of states) {
    if (definition?.elasticIp === undefined) continue;
    const assigned = assignSlots({ role: definition, slots, pool, members });
    if (assigned.writes.length === 0) continue;
    writes.push(...assigned.writes);
    for (const group of new Set([...groupsOfRole(definition), ADDRESSES_GROUP])) {
      marks.push({
        group,
        subject: { kind: 'role', role: definition.role },
        roles: [definition.role],
        reason: 'slot',
        sinceMs: ports.clock.now(),
      });
    }
  }
  if (writes.length === 0) return { kind: 'unchanged', states };
  const won = await ports.registry.writeSlots(writes, marks);
  return { kind: won ? 'changed' : 'lost' };
}
