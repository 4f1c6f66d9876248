import { concernsReverseDns, wantedReverseDns } from '../desired/reverse-dns.ts';
import type { ReverseDns } from '../model/address.ts';
import type { Note } from '../model/ledger.ts';
import type { Role } from '../model/role.ts';
import type { Slot } from '../model/slot.ts';
import { shownReverseDns } from '../reconcile/reverse-dns.ts';
import { readKnowledge } from './knowledge.ts';
import { standingOf } from './member-standing.ts';
import { idleUsdAMonth } from './status-lines.ts';
import type { Target } from './target.ts';
import { columns, counted } from './text.ts';
import type { AddressesResult } from './views-schema.ts';

/** The pools' addresses: the slots as the registry has them, the associations as EC2 has them now. */
export async function addressesView(target: Target): Promise<AddressesResult> {
  const { roles, addresses: group } = await readKnowledge(target);
  const pooled = roles.filter(({ definition }) => definition?.elasticIp !== undefined);
  const elastic = pooled.length === 0 ? [] : await (await target.ports()).compute.describeAddresses();
  const associations = new Map(
    elastic.map(({ allocationId, instanceId, networkInterfaceId }) => [allocationId, instanceId ?? networkInterfaceId]),
  );
  const shown = pooled.some(({ definition, slots }) => concernsReverseDns(definition, slots))
    ? await shownReverseDns(pooled, elastic, await target.ports())
    : [];
  const definitions = new Map(pooled.map(({ role, definition }) => [role, definition]));
  const addresses = pooled
    .flatMap(({ slots }) => slots)
    .filter(({ allocationId }) => allocationId !== '')
    .map((slot) => ({ ...slot, ...reverseDnsOf(definitions.get(slot.role), slot, shown, group.notes) }))
    .map(({ reverseDns, role, ordinal, allocationId, publicIpv4, holder }) => {
      const associatedWith = associations.get(allocationId);
      return {
        role,
        ordinal,
        allocationId,
        publicIpv4,
        ...(holder === undefined ? {} : { holder }),
        ...(associatedWith === undefined ? {} : { associatedWith }),
        state: stateOf(holder, associatedWith),
        ...(reverseDns === undefined ? {} : { reverseDns }),
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
    idleCostPerMonth: idleUsdAMonth(idle),
  };
}

type ShownReverseDns = NonNullable<AddressesResult['addresses'][number]['reverseDns']>;

function reverseDnsOf(
  role: Role | undefined,
  slot: Slot,
  shown: readonly ReverseDns[],
  notes: readonly Note[],
): { readonly reverseDns?: ShownReverseDns } {
  const wanted = wantedReverseDns(role, slot);
  if (wanted === undefined) return {};
  const { current, pending } = shown.find(({ allocationId }) => allocationId === slot.allocationId) ?? {};
  const note = notes.find(
    ({ role: of, name, reason }) => of === slot.role && name === slot.publicIpv4 && reason === 'ptr-refused',
  );
  const refused = note === undefined ? {} : { refused: note.detail ?? note.reason };
  return {
    reverseDns: {
      wanted,
      ...(current === undefined ? {} : { current }),
      ...(pending === undefined ? {} : { pending }),
      ...refused,
    },
  };
}

function reverseDnsLine({ wanted, current, pending, refused }: ShownReverseDns): string {
  if (current === wanted) return `reverse DNS ${wanted}`;
  const is = current === undefined ? 'none' : current;
  if (pending !== undefined) return `reverse DNS ${is}, pending ${pending === '' ? 'removal' : pending}`;
  if (refused !== undefined) return `reverse DNS ${is}, wanted ${wanted}, refused: ${refused}`;
  return `reverse DNS ${is}, wanted ${wanted}, waiting for that name to be in sync`;
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
    ...addresses.flatMap(({ publicIpv4, reverseDns }) =>
      reverseDns === undefined ? [] : [`${publicIpv4}: ${reverseDnsLine(reverseDns)}`],
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
