import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assignSlots } from '../../lib/desired/slots.ts';
import type { ElasticAddress } from '../../lib/model/address.ts';
import type { Member } from '../../lib/model/member.ts';
import type { Slot } from '../../lib/model/slot.ts';
import { address, member, pattern, pooled, slot } from './examples.ts';

function assign(slots: readonly Slot[], members: readonly Member[], pool?: readonly ElasticAddress[]) {
  return assignSlots({ role: pooled(), slots, pool, members });
}

function holders(slots: readonly Slot[]): string[] {
  return slots.map(({ ordinal, publicIpv4, holder }) => `${ordinal} ${publicIpv4} ${holder ?? '-'}`);
}

describe('slots', () => {
  test('are the pool’s addresses by allocation id, held by the oldest members', () => {
    const { slots, writes } = assign([], [member(3), member(1), member(2)], [address(2), address(1)]);
    expect(holders(slots)).toEqual(['1 198.51.100.1 i-1', '2 198.51.100.2 i-2']);
    expect(writes.map(({ before, after }) => [before, after.version])).toEqual([
      [undefined, 1],
      [undefined, 1],
    ]);
  });

  test('take listed allocations, and no others', () => {
    const listed = pooled([pattern()], {
      elasticIp: {
        source: { kind: 'allocations', allocationIds: ['eipalloc-7'] },
        succession: 'oldest',
        preferZone: false,
      },
    });
    const { slots } = assignSlots({ role: listed, slots: [], pool: [address(1), address(7)], members: [] });
    expect(holders(slots)).toEqual(['1 198.51.100.7 -']);
  });

  test('ignore addresses of another pool, and those of a service of AWS', () => {
    const pool = [address(1, { pool: 'mail' }), address(2, { serviceManaged: true }), address(3)];
    expect(holders(assign([], [], pool).slots)).toEqual(['1 198.51.100.3 -']);
  });

  test('keep the ordinal of an address while it is in the pool; a new one takes the lowest free', () => {
    const before = [slot(2, { allocationId: 'eipalloc-9', publicIpv4: '198.51.100.9', holder: 'i-1' })];
    const { slots, writes } = assign(before, [member(1)], [address(9), address(1), address(4)]);
    expect(holders(slots)).toEqual(['1 198.51.100.1 -', '2 198.51.100.9 i-1', '3 198.51.100.4 -']);
    expect(writes.map(({ after }) => after.ordinal)).toEqual([1, 3]);
  });

  test('lose address and holder when the address leaves the pool', () => {
    const { slots, writes, removed } = assign([slot(1, { holder: 'i-1', version: 4 })], [], []);
    expect(slots).toEqual([]);
    expect(removed.map(({ allocationId }) => allocationId)).toEqual(['eipalloc-1']);
    expect(writes.map(({ after }) => after)).toEqual([
      { role: 'web', ordinal: 1, allocationId: '', publicIpv4: '', version: 5 },
    ]);
  });

  test('that were emptied are filled again by the next new address', () => {
    const emptied = slot(1, { allocationId: '', publicIpv4: '', version: 5 });
    const { slots, writes, removed } = assign([emptied], [], [address(8)]);
    expect(slots).toEqual([
      { role: 'web', ordinal: 1, allocationId: 'eipalloc-8', publicIpv4: '198.51.100.8', version: 6 },
    ]);
    expect(writes).toHaveLength(1);
    expect(removed).toEqual([]);
  });

  test('that are emptied stay so without another write', () => {
    const emptied = slot(1, { allocationId: '', publicIpv4: '' });
    expect(assign([emptied], [member(1)], []).writes).toEqual([]);
    expect(assign([emptied], [member(1)]).writes).toEqual([]);
  });

  test('stay as they are where the addresses were not read', () => {
    expect(holders(assign([slot(1)], [member(1)]).slots)).toEqual(['1 198.51.100.1 i-1']);
  });
});

describe('a holder', () => {
  test('that serves is never displaced by an older member', () => {
    const { writes } = assign([slot(1, { holder: 'i-5' })], [member(1), member(5)]);
    expect(writes).toEqual([]);
  });

  test('that is gone is followed by the oldest that has none', () => {
    const before = slot(1, { holder: 'i-1', version: 3 });
    const { writes } = assign([before], [member(3), member(2)]);
    expect(writes).toEqual([{ before, after: { ...before, holder: 'i-2', lastHolder: 'i-1', version: 4 } }]);
  });

  test('that starts again has lost its slot', () => {
    const members = [member(1, { phase: 'pending' }), member(2)];
    expect(holders(assign([slot(1, { holder: 'i-1' })], members).slots)).toEqual(['1 198.51.100.1 i-2']);
  });

  test('that two sweeps did not list gives way to a member that serves', () => {
    const members = [member(1, { absentSweeps: 2 }), member(2)];
    expect(holders(assign([slot(1, { holder: 'i-1' })], members).slots)).toEqual(['1 198.51.100.1 i-2']);
  });

  test('that one sweep did not list keeps its slot', () => {
    expect(assign([slot(1, { holder: 'i-1' })], [member(1, { absentSweeps: 1 }), member(2)]).writes).toEqual([]);
  });

  test('that is absent and alone keeps its slot', () => {
    expect(assign([slot(1, { holder: 'i-1' })], [member(1, { absentSweeps: 9 })]).writes).toEqual([]);
    const absent = [member(1, { absentSweeps: 2 }), member(2, { absentSweeps: 2 })];
    expect(assign([slot(1, { holder: 'i-1' })], absent).writes).toEqual([]);
  });

  test('leaves a vacancy where nobody can follow', () => {
    const { slots, vacancies } = assign([slot(1, { holder: 'i-1' })], []);
    expect(slots).toEqual([
      {
        role: 'web',
        ordinal: 1,
        allocationId: 'eipalloc-1',
        publicIpv4: '198.51.100.1',
        lastHolder: 'i-1',
        version: 2,
      },
    ]);
    expect(vacancies.map(({ ordinal }) => ordinal)).toEqual([1]);
  });
});

describe('a candidate', () => {
  test('is no member that EC2 was read to have given another Elastic IP', () => {
    const others = [address(1), address(7, { pool: 'other', instanceId: 'i-1' })];
    const read = assign([slot(1)], [member(1), member(2)], others);
    expect(holders(read.slots)).toEqual(['1 198.51.100.1 i-2']);
    expect(read.slots[0]?.ineligible).toEqual(['i-1']);
    expect(holders(assign([slot(1)], [member(1)], others).slots)).toEqual(['1 198.51.100.1 -']);
  });

  test('is remembered not to be one by passes that do not read EC2', () => {
    const remembered = slot(1, { ineligible: ['i-1'] });
    expect(holders(assign([remembered], [member(1), member(2)]).slots)).toEqual(['1 198.51.100.1 i-2']);
    expect(assign([remembered], [member(1)]).writes).toEqual([]);
  });

  test('that turns out to have another Elastic IP gives its slot to the next', () => {
    const others = [address(1), address(7, { pool: 'other', instanceId: 'i-1' })];
    const { slots } = assign([slot(1, { holder: 'i-1' })], [member(1), member(2)], others);
    expect(holders(slots)).toEqual(['1 198.51.100.1 i-2']);
  });

  test('that already has an address of the pool takes that very slot', () => {
    const has = member(9, { publicIpv4: '198.51.100.2' });
    expect(holders(assign([slot(1), slot(2)], [member(1), member(2), has]).slots)).toEqual([
      '1 198.51.100.1 i-1',
      '2 198.51.100.2 i-9',
    ]);
  });

  test('that has the address of a slot held by another takes no other slot', () => {
    const has = member(1, { publicIpv4: '198.51.100.2' });
    const { slots } = assign([slot(1), slot(2, { holder: 'i-5' })], [has, member(5)]);
    expect(holders(slots)).toEqual(['1 198.51.100.1 -', '2 198.51.100.2 i-5']);
  });

  test('is no pending and no absent member', () => {
    const members = [member(1, { phase: 'pending' }), member(2, { absentSweeps: 2 })];
    expect(assign([slot(1)], members).writes).toEqual([]);
  });
});

describe('properties', () => {
  const fleet = fc.uniqueArray(
    fc
      .record({
        number: fc.integer({ min: 1, max: 9 }),
        phase: fc.constantFrom('serving' as const, 'serving' as const, 'pending' as const),
        absentSweeps: fc.constantFrom(0, 0, 2),
        elastic: fc.constantFrom(undefined, undefined, '192.0.2.1', '198.51.100.2'),
      })
      .map(({ number, phase, absentSweeps, elastic }) =>
        member(number, {
          phase,
          absentSweeps,
          ...(elastic === undefined ? {} : { publicIpv4: elastic }),
        }),
      ),
    { selector: ({ instanceId }) => instanceId },
  );
  const pool = fc
    .uniqueArray(fc.integer({ min: 1, max: 5 }))
    .map((numbers) => numbers.map((number) => address(number)));
  const stored = fc
    .uniqueArray(
      fc.record({ ordinal: fc.integer({ min: 1, max: 4 }), holder: fc.option(fc.integer({ min: 1, max: 9 })) }),
      { selector: ({ ordinal }) => ordinal },
    )
    .map((slots) =>
      slots.map(({ ordinal, holder }) => slot(ordinal, holder === null ? {} : { holder: `i-${holder}` })),
    );

  test('a second assignment changes nothing, and order does not matter', () => {
    let written = 0;
    fc.assert(
      fc.property(stored, fleet, pool, (slots, members, addresses) => {
        const once = assign(slots, members, addresses);
        written += once.writes.length;
        const reversed = assign([...slots].reverse(), [...members].reverse(), [...addresses].reverse());
        expect(reversed).toEqual(once);
        const emptied = once.writes.map(({ after }) => after).filter(({ allocationId }) => allocationId === '');
        expect(assign([...once.slots, ...emptied], members, addresses).writes).toEqual([]);
      }),
    );
    expect(written).toBeGreaterThan(0);
  });

  test('nobody holds two slots, and who serves keeps the slot held', () => {
    let held = 0;
    fc.assert(
      fc.property(stored, fleet, (slots, members) => {
        const assigned = assign(slots, members).slots;
        const now = assigned.flatMap(({ holder }) => holder ?? []);
        held += now.length;
        expect(new Set(now).size).toBe(now.length);
        const kept = new Set<string>();
        for (const { ordinal, holder } of [...slots].sort((one, other) => one.ordinal - other.ordinal)) {
          const serves = members.some(
            ({ instanceId, phase, absentSweeps }) => instanceId === holder && phase === 'serving' && absentSweeps === 0,
          );
          if (holder === undefined || !serves || kept.has(holder)) continue;
          kept.add(holder);
          expect(assigned.find((each) => each.ordinal === ordinal)?.holder).toBe(holder);
        }
      }),
    );
    expect(held).toBeGreaterThan(0);
  });
});

describe('succession in a pool', () => {
  const by = (succession: 'oldest' | 'newest' | 'priority', preferZone = false) =>
    pooled([pattern()], { elasticIp: { source: { kind: 'tag', pool: 'web' }, succession, preferZone } });
  const zoned = (number: number, availabilityZone: string) => member(number, { availabilityZone });

  test.each([
    ['oldest', '1 198.51.100.1 i-1'],
    ['newest', '1 198.51.100.1 i-3'],
    ['priority', '1 198.51.100.1 i-2'],
  ] as const)('gives a vacant slot by %s', (succession, expected) => {
    const members = [member(1), member(2, { tags: { 'rolecall:priority': '1' } }), member(3)];
    const { slots } = assignSlots({ role: by(succession), slots: [slot(1)], pool: undefined, members });
    expect(holders(slots)).toEqual([expected]);
  });

  test('takes no address from a serving holder, even under newest', () => {
    const before = [slot(1, { holder: 'i-1' })];
    const { writes } = assignSlots({
      role: by('newest'),
      slots: before,
      pool: undefined,
      members: [member(1), member(2)],
    });
    expect(writes).toEqual([]);
  });

  test('prefers the last holder’s availability zone where it is asked to', () => {
    const role = by('oldest', true);
    const members = [zoned(1, 'us-east-1a'), zoned(2, 'us-east-1b'), zoned(3, 'us-east-1b')];
    const held = assignSlots({ role, slots: [slot(1, { holder: 'i-3' })], pool: undefined, members });
    expect(held.slots.map(({ lastZone }) => lastZone)).toEqual(['us-east-1b']);
    const next = assignSlots({ role, slots: held.slots, pool: undefined, members: members.slice(0, 2) });
    expect(holders(next.slots)).toEqual(['1 198.51.100.1 i-2']);
    const elsewhere = assignSlots({ role, slots: held.slots, pool: undefined, members: members.slice(0, 1) });
    expect(elsewhere.slots.map(({ holder, lastZone }) => [holder, lastZone])).toEqual([['i-1', 'us-east-1a']]);
  });

  test('does not look at the zone, nor remember it, where it is not asked to', () => {
    const members = [zoned(1, 'us-east-1a'), zoned(2, 'us-east-1b')];
    const before = [slot(1, { lastHolder: 'i-3' })];
    const { slots } = assignSlots({ role: by('oldest'), slots: before, pool: undefined, members });
    expect(slots.map(({ holder, lastZone }) => [holder, lastZone])).toEqual([['i-1', undefined]]);
  });

  test('gives no address to a member that the role does not admit', () => {
    const role = pooled([pattern()], { allow: { vpcs: ['vpc-1'] } });
    const members = [member(1), member(2, { vpcId: 'vpc-1' })];
    const { slots } = assignSlots({ role, slots: [slot(1, { holder: 'i-1' })], pool: undefined, members });
    expect(holders(slots)).toEqual(['1 198.51.100.1 i-2']);
  });
});

describe('a host outside EC2', () => {
  const host: Member = { ...member(1), instanceId: 'dc1-web', offCloud: true };

  test('is no candidate for an Elastic IP', () => {
    const { slots } = assign([], [host, member(2)], [address(1), address(2)]);
    expect(holders(slots)).toEqual(['1 198.51.100.1 i-2', '2 198.51.100.2 -']);
  });

  test('holds one of the slots of a role without a pool, as an instance does', () => {
    const { elasticIp: _pool, ...plain } = pooled();
    const exclusive = { ...plain, holders: 1 };
    const { slots } = assignSlots({ role: exclusive, slots: [], pool: undefined, members: [host, member(2)] });
    expect(slots.map(({ holder }) => holder)).toEqual(['dc1-web']);
  });
});
