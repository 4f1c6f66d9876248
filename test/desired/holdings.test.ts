import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assignSlots, hasSlots } from '../../lib/desired/slots.ts';
import type { Member } from '../../lib/model/member.ts';
import type { Role } from '../../lib/model/role.ts';
import type { Slot } from '../../lib/model/slot.ts';
import { member, pattern, pooled, role, slot } from './examples.ts';

const exclusive = (holders: number, succession: Role['succession'] = 'oldest') =>
  role([pattern()], { holders, succession });
const numbered = role([pattern({ pattern: '{role}-{ordinal}', addresses: ['private'] })]);

function assign(definition: Role, slots: readonly Slot[], members: readonly Member[]) {
  return assignSlots({ role: definition, slots, pool: undefined, members });
}

function seats(definition: Role, slots: readonly Slot[], members: readonly Member[]): string[] {
  return assign(definition, slots, members).slots.map(({ ordinal, holder }) => `${ordinal} ${holder ?? '-'}`);
}

const seat = (ordinal: number, holder?: string) =>
  slot(ordinal, { allocationId: '', publicIpv4: '', ...(holder === undefined ? {} : { holder }) });

const absent = (number: number, absentSweeps = 2) => member(number, { absentSweeps });

describe('slots', () => {
  test('are there for a pool, for holders, and for ordinals', () => {
    expect([pooled(), exclusive(1), numbered].map(hasSlots)).toEqual([true, true, true]);
  });

  test('are not there for a role that says none of these', () => {
    expect(hasSlots(role())).toBe(false);
    expect(assign(role(), [], [member(1)])).toEqual({
      slots: [],
      writes: [],
      removed: [],
      vacancies: [],
    });
  });
});

describe('the slots of an exclusive role', () => {
  test('are as many as it has holders, and have no address', () => {
    const { slots, writes, vacancies } = assign(exclusive(2), [], []);
    expect(slots).toEqual([
      { role: 'web', ordinal: 1, allocationId: '', publicIpv4: '', version: 1 },
      { role: 'web', ordinal: 2, allocationId: '', publicIpv4: '', version: 1 },
    ]);
    expect([writes.length, vacancies.length]).toEqual([2, 2]);
  });

  test.each<[Role['succession'], string]>([
    ['oldest', '1 i-1'],
    ['newest', '1 i-3'],
    ['priority', '1 i-2'],
  ])('go by %s when they are vacant', (succession, expected) => {
    const members = [member(1), member(2, { tags: { 'rolecall:priority': '10' } }), member(3)];
    expect(seats(exclusive(1, succession), [], members)).toEqual([expected]);
  });

  test('take no number for 0, and the older of equal priorities', () => {
    const tagged = (number: number, priority: string) => member(number, { tags: { 'rolecall:priority': priority } });
    expect(seats(exclusive(1, 'priority'), [], [tagged(1, '-1'), member(2), tagged(3, 'high')])).toEqual(['1 i-2']);
    expect(seats(exclusive(1, 'priority'), [], [tagged(2, '5'), tagged(1, '5')])).toEqual(['1 i-1']);
  });

  test.each<Role['succession']>(['oldest', 'priority'])('stay with a serving holder under %s', (succession) => {
    const members = [member(1), member(2), member(3, { tags: { 'rolecall:priority': '9' } })];
    expect(seats(exclusive(1, succession), [seat(1, 'i-2')], members)).toEqual(['1 i-2']);
  });

  test('go to the newest members under newest, whoever holds them', () => {
    const members = [member(1), member(2), member(3)];
    expect(seats(exclusive(1, 'newest'), [seat(1, 'i-1')], members)).toEqual(['1 i-3']);
    const { slots } = assign(exclusive(2, 'newest'), [seat(1, 'i-1'), seat(2, 'i-2')], members);
    expect(slots.map(({ holder, lastHolder }) => [holder, lastHolder])).toEqual([
      ['i-3', 'i-1'],
      ['i-2', undefined],
    ]);
  });

  test('are vacated by what is gone, pending, or not admitted', () => {
    const definition = { ...exclusive(3), allow: { vpcs: ['vpc-1'] } };
    const members = [
      member(2, { phase: 'pending', vpcId: 'vpc-1' }),
      member(3, { vpcId: 'vpc-2' }),
      member(4, { vpcId: 'vpc-1' }),
    ];
    const before = [seat(1, 'i-1'), seat(2, 'i-2'), seat(3, 'i-3')];
    expect(seats(definition, before, members)).toEqual(['1 i-4', '2 -', '3 -']);
  });

  test('beyond a lower count are vacated, and their holder moves to a free one', () => {
    const { slots, writes } = assign(exclusive(1), [seat(1), seat(2, 'i-2')], [member(2)]);
    expect(slots.map(({ holder }) => holder)).toEqual(['i-2']);
    expect(writes.map(({ after }) => [after.ordinal, after.holder, after.lastHolder])).toEqual([
      [1, 'i-2', undefined],
      [2, undefined, 'i-2'],
    ]);
  });

  test('lose the address of a pool that the role no longer has', () => {
    const { writes } = assign(exclusive(1), [slot(1, { holder: 'i-1', version: 3 })], [member(1)]);
    expect(writes.map(({ after }) => after)).toEqual([
      { role: 'web', ordinal: 1, allocationId: '', publicIpv4: '', holder: 'i-1', version: 4 },
    ]);
  });

  test('stay with an absent holder while nobody waits', () => {
    expect(seats(exclusive(1), [seat(1, 'i-1')], [absent(1)])).toEqual(['1 i-1']);
    expect(seats(exclusive(2), [seat(1, 'i-1'), seat(2, 'i-2')], [absent(1), member(2)])).toEqual(['1 i-1', '2 i-2']);
    expect(seats(exclusive(2), [seat(1, 'i-1'), seat(2)], [absent(1), member(2)])).toEqual(['1 i-1', '2 i-2']);
  });

  test('go from an absent holder to a member that waits, the longest absent first', () => {
    const before = [seat(1, 'i-1'), seat(2, 'i-2')];
    expect(seats(exclusive(2), before, [absent(1), absent(2, 3), member(3)])).toEqual(['1 i-1', '2 i-3']);
    expect(seats(exclusive(1, 'newest'), [seat(1, 'i-3')], [member(1), absent(3)])).toEqual(['1 i-1']);
  });
});

describe('ordinals', () => {
  test('are given in order of age, one for each member', () => {
    expect(seats(numbered, [], [member(3), member(1), member(2)])).toEqual(['1 i-1', '2 i-2', '3 i-3']);
  });

  test('are kept while the member lives, and the lowest free one is given again', () => {
    const before = [seat(1, 'i-1'), seat(2, 'i-2'), seat(3, 'i-3')];
    expect(seats(numbered, before, [member(1), member(3)])).toEqual(['1 i-1', '2 -', '3 i-3']);
    expect(seats(numbered, before, [member(1), member(3), member(4), member(5)])).toEqual([
      '1 i-1',
      '2 i-4',
      '3 i-3',
      '4 i-5',
    ]);
  });

  test('are freed by a stop', () => {
    expect(seats(numbered, [seat(1, 'i-1')], [])).toEqual(['1 -']);
  });

  test('stay with an absent member for ten sweeps, and longer where it is alone', () => {
    const before = [seat(1, 'i-1'), seat(2, 'i-2')];
    expect(seats(numbered, before, [absent(1, 9), member(2)])).toEqual(['1 i-1', '2 i-2']);
    expect(seats(numbered, before, [absent(1, 10), member(2)])).toEqual(['1 -', '2 i-2']);
    expect(seats(numbered, [seat(1, 'i-1')], [absent(1, 10)])).toEqual(['1 i-1']);
  });

  test('do not wait in line: the succession of a role without holders says nothing', () => {
    const newest: Role = { ...numbered, succession: 'newest' };
    expect(seats(newest, [], [member(1), member(2)])).toEqual(['1 i-1', '2 i-2']);
  });
});

describe('any assignment of slots without a pool', () => {
  const anyRole = fc.oneof(
    fc.constant(numbered),
    fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom<Role['succession']>('oldest', 'newest', 'priority'))
      .map(([holders, succession]) => exclusive(holders, succession)),
  );
  const anyMembers = fc.uniqueArray(
    fc
      .tuple(fc.integer({ min: 1, max: 9 }), fc.constantFrom(0, 0, 2, 10), fc.boolean())
      .map(([number, absentSweeps, isServing]) =>
        member(number, { absentSweeps, phase: isServing ? 'serving' : 'pending' }),
      ),
    { selector: ({ instanceId }) => instanceId, minLength: 2, maxLength: 9 },
  );
  const anySlots = fc.uniqueArray(
    fc
      .tuple(fc.integer({ min: 1, max: 6 }), fc.option(fc.integer({ min: 1, max: 9 })))
      .map(([ordinal, holder]) => seat(ordinal, holder === null ? undefined : `i-${holder}`)),
    { selector: ({ ordinal }) => ordinal },
  );

  test('seats nobody twice, leaves no slot vacant that someone waits for, and then rests', () => {
    let seated = 0;
    fc.assert(
      fc.property(anyRole, anySlots, anyMembers, (definition, before, members) => {
        const first = assign(definition, before, members);
        const holders = first.slots.flatMap(({ holder }) => holder ?? []);
        seated += holders.length;
        expect(new Set(holders).size).toBe(holders.length);
        const waiting = members.filter(
          ({ instanceId, phase, absentSweeps }) =>
            phase === 'serving' && absentSweeps < 2 && !holders.includes(instanceId),
        );
        expect(first.vacancies.length === 0 || waiting.length === 0).toBe(true);
        const stored = new Map(before.map((each) => [each.ordinal, each]));
        for (const { after } of first.writes) stored.set(after.ordinal, after);
        expect(assign(definition, [...stored.values()], members).writes).toEqual([]);
        const reversed = assign(definition, before.toReversed(), members.toReversed());
        expect(reversed.slots).toEqual(first.slots);
      }),
    );
    expect(seated).toBeGreaterThan(20);
  });
});
