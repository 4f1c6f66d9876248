import type { AssociationStep } from '../desired/addresses.ts';
import { hasAddress } from '../desired/slots.ts';
import { inService } from '../desired/standing.ts';
import { isAbsent } from '../desired/succession.ts';
import type { Withheld } from '../model/change.ts';
import type { Role } from '../model/role.ts';
import type { RoleState } from './ports.ts';

/** A role that has a pool. */
export type PooledState = RoleState & { readonly definition: Role };

export function pooledState(state: RoleState): PooledState[] {
  const { definition } = state;
  return definition?.elasticIp === undefined ? [] : [{ ...state, definition }];
}

/** A role whose pool has fewer addresses than it has members in service, or none at all. Who is absent waits for none. */
export function shortPool({ role, definition, slots, members }: PooledState): Withheld[] {
  const addresses = slots.filter(hasAddress).length;
  if (addresses === 0)
    return [
      { role, name: role, type: 'EIP', reason: 'pool-empty', detail: 'no Elastic IP is in the pool of the role' },
    ];
  const serving = inService(definition, members).filter((each) => each.offCloud !== true && !isAbsent(each)).length;
  if (serving <= addresses) return [];
  const detail = 'the pool has fewer Elastic IPs than the role has members in service; the others stand by';
  return [{ role, name: role, type: 'EIP', reason: 'pool-too-small', detail }];
}

/** Why the holder of a slot does not get its address. */
export function refusalOf(step: Extract<AssociationStep, { kind: 'leave' | 'refuse' }>): Withheld {
  const { kind, slot, instance, detail } = step;
  const reason = kind === 'leave' ? 'address-held' : 'has-elastic-ip';
  const who = instance === undefined ? {} : { instance };
  return { role: slot.role, name: slot.publicIpv4, type: 'EIP', reason, ...who, detail };
}
