import { readKnowledge } from './knowledge.ts';
import { standingOf } from './member-standing.ts';
import { IDLE_ADDRESS_USD_A_MONTH } from './status-lines.ts';
import type { Target } from './target.ts';
import { columns, counted } from './text.ts';
import type { AddressesResult } from './views-schema.ts';

/** The pools' addresses: the slots as the registry has them, the associations as EC2 has them now. */
export async function addressesView(target: Target): Promise<AddressesResult> {
  const { roles } = await readKnowledge(target);
  const pooled = roles.filter(({ definition }) => definition?.elasticIp !== undefined);
  const elastic = pooled.length === 0 ? [] : await (await target.ports()).compute.describeAddresses();
  const associations = new Map(
    elastic.map(({ allocationId, instanceId, networkInterfaceId }) => [allocationId, instanceId ?? networkInterfaceId]),
  );
  const addresses = pooled
    .flatMap(({ slots }) => slots)
    .filter(({ allocationId }) => allocationId !== '')
    .map(({ role, ordinal, allocationId, publicIpv4, holder }) => {
      const associatedWith = associations.get(allocationId);
      return {
        role,
        ordinal,
        allocationId,
        publicIpv4,
        ...(holder === undefined ? {} : { holder }),
        ...(associatedWith === undefined ? {} : { associatedWith }),
        state: stateOf(holder, associatedWith),
      };
    });
  const standbys = pooled.map(
    (state) =>
      [
        state.role,
        state.members.filter((member) => standingOf(state, member) === 'standby').map(({ instanceId }) => instanceId),
      ] as const,
  );
  const idle = addresses.filter(({ state }) => state === 'idle').length;
  return {
    target: target.name,
    addresses,
    standbys: Object.fromEntries(standbys),
    idleCostPerMonth: Math.round(idle * IDLE_ADDRESS_USD_A_MONTH * 100) / 100,
  };
}

function stateOf(holder: string | undefined, associatedWith: string | undefined): 'held' | 'moving' | 'idle' {
  if (holder === undefined && associatedWith === undefined) return 'idle';
  return holder === associatedWith ? 'held' : 'moving';
}

export function addressesLines({ addresses, standbys, idleCostPerMonth }: AddressesResult): string[] {
  if (addresses.length === 0) return ['no role has a pool with an address'];
  const idle = addresses.filter(({ state }) => state === 'idle').length;
  return [
    ...columns(
      [
        ['role', 'slot', 'address', 'allocation', 'state', 'holder', 'associated with'],
        ...addresses.map(({ role, ordinal, publicIpv4, allocationId, state, holder, associatedWith }) => [
          role,
          String(ordinal),
          publicIpv4,
          allocationId,
          state,
          holder ?? '–',
          associatedWith ?? '–',
        ]),
      ],
      '',
    ),
    ...Object.entries(standbys)
      .filter(([, waiting]) => waiting.length > 0)
      .map(
        ([role, waiting]) =>
          `${role}: ${counted(waiting.length, 'standby', 'standbys')} without an address: ${waiting.join(', ')}`,
      ),
    ...(idle === 0
      ? []
      : [`${counted(idle, 'idle address', 'idle addresses')}: about ${idleCostPerMonth.toFixed(2)} USD a month`]),
  ];
}
