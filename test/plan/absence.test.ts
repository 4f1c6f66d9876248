import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LedgerSet } from '../../lib/model/ledger.ts';
import type { Member } from '../../lib/model/member.ts';
import { recordSet } from '../../lib/model/record-set.ts';
import type { Role } from '../../lib/model/role.ts';
import { absentToKeep } from '../../lib/plan/absence.ts';
import { member, pooled, slot } from '../desired/examples.ts';

/** A set of its own for each member. */
function own({ role, instanceId, privateIpv4 = '' }: Member, address = privateIpv4): LedgerSet {
  return {
    role,
    set: recordSet(`${instanceId}.example.com`, 'A', 60, [address]),
    contributors: { [instanceId]: [address] },
    serial: 7,
  };
}

function verdict(members: readonly Member[], ledger: readonly LedgerSet[], ownedSets = ledger.length) {
  const roles = [...new Set(members.map(({ role }) => role))].map((role) => ({
    role,
    members: members.filter((each) => each.role === role),
    slots: [],
  }));
  const { keep, withheld } = absentToKeep({ roles, ledger, ownedSets });
  return {
    keep: [...keep].flatMap(([role, kept]) => [...kept].sort().map((instance) => `${role} ${instance}`)),
    withheld,
  };
}

/** Where each has a set of its own. */
const verdictOnOwnNames = (members: readonly Member[]) =>
  verdict(
    members,
    members.map((each) => own(each)),
  );

const absent = (number: number, absentSweeps = 2) => member(number, { absentSweeps });
const fleet = (count: number, from = 1) => Array.from({ length: count }, (_each, index) => member(index + from));

describe('absence', () => {
  test('of nobody keeps nobody', () => {
    expect(verdictOnOwnNames(fleet(3))).toEqual({ keep: [], withheld: [] });
  });

  describe('of the holder of a slot', () => {
    const named: LedgerSet = {
      role: 'web',
      set: recordSet('web.example.com', 'A', 60, ['203.0.113.1']),
      contributors: { 'slot:1': ['203.0.113.1'] },
      serial: 7,
    };
    const saidWith = (definition: Role, holder: string): string[] => {
      const roles = [{ role: 'web', members: [absent(1)], definition, slots: [slot(1, { holder })] }];
      const { keep, withheld } = absentToKeep({ roles, ledger: [named], ownedSets: 1 });
      expect(keep).toEqual(new Map());
      return withheld.map(({ reason, instance, name, type }) => `${reason} ${instance} ${name} ${type}`);
    };

    test('says that the name of its address stays', () => {
      expect(saidWith(pooled(), 'i-1')).toEqual(['cap i-1 web.example.com A']);
    });

    test('says nothing where another has it, or where the name stays whoever holds it', () => {
      expect(saidWith(pooled(), 'i-2')).toEqual([]);
      expect(saidWith(pooled([], { whenEmpty: 'keep' }), 'i-1')).toEqual([]);
    });
  });

  test('of some of a small zone goes through', () => {
    const members = [absent(1), absent(2), member(3)];
    expect(verdictOnOwnNames(members).keep).toEqual([]);
  });

  test('counts from the second sweep on', () => {
    const members = [absent(1, 1), absent(2, 1)];
    expect(verdictOnOwnNames(members).keep).toEqual([]);
  });

  test('never takes all of a role: the member seen last stays', () => {
    const members = [absent(1, 5), absent(2, 3), absent(3, 5)];
    expect(verdictOnOwnNames(members)).toEqual({
      keep: ['web i-2'],
      withheld: [
        {
          role: 'web',
          name: 'i-2.example.com',
          type: 'A',
          reason: 'cap',
          instance: 'i-2',
          detail: 'i-2 was not listed by 3 complete sweeps, which is no proof that it is gone',
        },
      ],
    });
  });

  test('never takes all of any of several roles, and keeps nobody in the others', () => {
    const members = [absent(1), member(1, { role: 'api', absentSweeps: 2 }), member(2, { role: 'api' })];
    expect(verdictOnOwnNames(members).keep).toEqual(['web i-1']);
  });

  test('takes at most 30 % of ten or more sets', () => {
    const members = [...fleet(5), ...[6, 7, 8, 9, 10].map((number) => absent(number))];
    const { keep, withheld } = verdictOnOwnNames(members);
    expect(keep).toEqual(['web i-8', 'web i-9']);
    expect(withheld.map(({ reason, instance }) => `${reason} ${instance}`)).toEqual(['cap i-8', 'cap i-9']);
  });

  test('keeps nobody in a role in none of whose records it is any more', () => {
    const members = [...fleet(5), ...[6, 7, 8, 9, 10].map((number) => absent(number))];
    const elsewhere = [member(8, { role: 'api', absentSweeps: 2 }), member(1, { role: 'api' })];
    const ledger = members.map((each) => own(each));
    expect(verdict([...members, ...elsewhere], ledger).keep).toEqual(['web i-8', 'web i-9']);
  });

  test('measures the part by all sets of the zone', () => {
    const members = [...fleet(5), ...[6, 7, 8, 9, 10].map((number) => absent(number))];
    expect(
      verdict(
        members,
        members.map((each) => own(each)),
        20,
      ).keep,
    ).toEqual([]);
  });

  test('of members that share one set touches one set', () => {
    const members = [...fleet(9), ...Array.from({ length: 20 }, (_each, index) => absent(index + 20))];
    const contributors = Object.fromEntries(
      members.slice(9).map((each) => [each.instanceId, [each.privateIpv4 ?? '']]),
    );
    const shared: LedgerSet = {
      role: 'web',
      set: recordSet('web.example.com', 'A', 60, Object.values(contributors).flat()),
      contributors,
      serial: 7,
    };
    expect(verdict(members, [...members.slice(0, 9).map((each) => own(each)), shared]).keep).toEqual([]);
  });

  describe('of a member whose values another contributes too', () => {
    /** Thirteen sets, of which absence may take three. */
    const others = [...fleet(9), absent(20, 3), absent(21, 3), absent(22, 3)];
    const partly = (contributors: LedgerSet['contributors']): LedgerSet => ({
      role: 'web',
      set: recordSet('shared.example.com', 'A', 60, [...new Set(Object.values(contributors).flat())]),
      contributors,
      serial: 7,
    });
    const keptWith = (shared: LedgerSet, more: readonly Member[] = []) =>
      verdict([...others, absent(30), ...more], [...others.map((each) => own(each)), shared]).keep;

    test('takes nothing away', () => {
      expect(keptWith(partly({ 'i-30': ['192.0.2.1'], 'i-1': ['192.0.2.1', '192.0.2.2'] }))).toEqual([]);
    });

    test('takes away what it alone contributes', () => {
      const shared = partly({ 'i-30': ['192.0.2.1', '192.0.2.3'], 'i-1': ['192.0.2.1', '192.0.2.2'] });
      expect(keptWith(shared)).toEqual(['web i-30']);
    });

    test('takes them away where the other is absent too', () => {
      const shared = partly({ 'i-30': ['192.0.2.1'], 'i-31': ['192.0.2.1'] });
      expect(keptWith(shared, [absent(31)])).toEqual(['web i-30', 'web i-31']);
    });
  });

  test('that already took members out leaves less for the next pass', () => {
    const members = [...fleet(10), ...[11, 12, 13, 14, 15, 16].map((number) => absent(number))];
    const ledger = members.filter(({ instanceId }) => !['i-11', 'i-12'].includes(instanceId)).map((each) => own(each));
    const { keep } = verdict(members, ledger);
    expect(keep).toEqual(['web i-15', 'web i-16']);
    expect(keep.includes('web i-11') || keep.includes('web i-12')).toBe(false);
  });

  test('never brings a member back into its records', () => {
    expect(verdict([absent(1)], []).keep).toEqual([]);
  });

  test('for ten sweeps of an address that a stranger may have takes even the last', () => {
    const members = [absent(1, 10)];
    expect(verdict(members, [own(members[0] ?? member(1), '203.0.113.1')])).toEqual({ keep: [], withheld: [] });
  });

  test('for ten sweeps of the EC2 name of such an address takes even the last', () => {
    const named = member(1, { absentSweeps: 10, publicDnsName: 'EC2-203-0-113-1.compute-1.amazonaws.com' });
    const target = 'ec2-203-0-113-1.compute-1.amazonaws.com';
    const owned: LedgerSet = {
      role: 'web',
      set: recordSet('web.example.com', 'CNAME', 60, [target]),
      contributors: { 'i-1': [target] },
      serial: 7,
    };
    expect(verdict([named], [owned]).keep).toEqual([]);
    expect(verdict([{ ...named, absentSweeps: 9 }], [owned]).keep).toEqual(['web i-1']);
  });

  test('for nine sweeps of such an address does not', () => {
    expect(verdict([absent(1, 9)], [own(member(1), '203.0.113.1')]).keep).toEqual(['web i-1']);
  });

  test('for ten sweeps of an owned address keeps the last', () => {
    expect(verdict([absent(1, 10)], [own(member(1), '10.0.0.1')]).keep).toEqual(['web i-1']);
  });

  test('never empties a role, nor takes more than its part, whatever the fleet', () => {
    let kept = 0;
    const members = fc.uniqueArray(
      fc
        .record({ number: fc.integer({ min: 1, max: 60 }), absentSweeps: fc.integer({ min: 0, max: 9 }) })
        .map(({ number, absentSweeps }) => member(number, { absentSweeps })),
      { selector: ({ instanceId }) => instanceId, minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(members, (some) => {
        const ledger = some.map((each) => own(each));
        const { keep } = verdict(some, ledger);
        kept += keep.length;
        const gone = some.filter(
          ({ absentSweeps, instanceId }) => absentSweeps >= 2 && !keep.includes(`web ${instanceId}`),
        );
        expect(gone.length).toBeLessThan(some.length);
        expect(gone.length).toBeLessThanOrEqual(ledger.length >= 10 ? ledger.length * 0.3 : ledger.length);
        expect(verdict([...some].reverse(), [...ledger].reverse()).keep).toEqual(keep);
      }),
    );
    expect(kept).toBeGreaterThan(0);
  });
});
