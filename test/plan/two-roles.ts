import fc from 'fast-check';
import { desiredRecords } from '../../lib/desired/records.ts';
import { afterOf, type Change, type Plan } from '../../lib/model/change.ts';
import type { LedgerSet, Mark } from '../../lib/model/ledger.ts';
import type { Member } from '../../lib/model/member.ts';
import type { Role } from '../../lib/model/role.ts';
import type { Slot } from '../../lib/model/slot.ts';
import type { Zone } from '../../lib/model/zone.ts';
import { makePlan } from '../../lib/plan/plan.ts';
import { anyAddresses, anyInput, REVERSE_ZONE, ZONES } from '../desired/any-role.ts';

/** One role, and what it has. */
export interface Holding {
  readonly role: Role;
  readonly members: readonly Member[];
  readonly slots: readonly Slot[];
}

export const anyZone = fc.constantFrom(...ZONES);

export function anyHolding(name: string): fc.Arbitrary<Holding> {
  return anyInput.map(({ role, members, slots }) => ({
    role: { ...role, role: name },
    members: members.map((each) => ({ ...each, role: name })),
    slots: slots.map((each) => ({ ...each, role: name })),
  }));
}

/** The same role with other kinds of address at its names, and without some of its members. */
export function anyTurn({ role, members, slots }: Holding): fc.Arbitrary<Holding> {
  return fc
    .record({
      addresses: fc.array(fc.option(anyAddresses), { minLength: role.names.length, maxLength: role.names.length }),
      members: fc.subarray([...members], { minLength: Math.ceil(members.length / 2) }),
    })
    .map(({ addresses, members: still }) => {
      const names = role.names.map((each, index) => ({ ...each, addresses: addresses[index] ?? each.addresses }));
      return { role: { ...role, names }, members: still, slots };
    });
}

/** What is to be done for these roles, of which the ledger may know more than is asked. */
export function planOf(
  zone: Zone,
  holdings: readonly Holding[],
  ledger: readonly LedgerSet[],
  marks: readonly Mark[] = [],
): Plan {
  const roles = holdings.map(({ role, members, slots }) => {
    const records = desiredRecords({
      zone,
      role,
      region: 'us-east-1',
      members,
      slots,
      keepAbsent: new Set(),
      previous: ledger.filter((each) => each.role === role.role),
      reverseZones: [REVERSE_ZONE.name],
    });
    return { role: role.role, desired: records.sets, withheld: records.withheld };
  });
  return makePlan({ zone, roles, ledger, notes: [], marks, drift: [] });
}

/** The ledger of a zone in which these roles alone have just been published. */
export function publishedBy(zone: Zone, holdings: readonly Holding[]): LedgerSet[] {
  return planOf(zone, holdings, []).changes.flatMap((change) => ownedAfter(change));
}

export function ownedAfter(change: Change): LedgerSet[] {
  const { role, contributors } = change;
  const set = afterOf(change);
  return set === undefined ? [] : [{ role, set, contributors, serial: 7 }];
}
