import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assignSlots } from '../../lib/desired/slots.ts';
import type { ElasticAddress } from '../../lib/model/address.ts';
import type { Member } from '../../lib/model/member.ts';
import type { Slot } from '../../lib/model/slot.ts';
import { address, member, pooled, slot } from './examples.ts';

function assign(slots: readonly Slot[], members: readonly Member[], pool: readonly ElasticAddress[] | undefined) {
  return assignSlots({ role: pooled(), slots, pool, members });
}

function holders(slots: readonly Slot[]): string[] {
  return slots.map(({ ordinal, holder }) => `${ordinal} ${holder ?? '-'}`);
}

const [one, two, three, four] = [1, 2, 3, 4].map((number) => member(number));
const both = [slot(1, { holder: 'i-1' }), slot(2, { holder: 'i-2' })];
const withOf = (number: number, instanceId: string) =>
  address(number, { instanceId, associationId: `eipassoc-${number}` });

function fleetOf(...given: readonly (Member | undefined)[]): Member[] {
  return given.flatMap((each) => each ?? []);
}

describe('an address that hands moved to the holder of another slot', () => {
  test('takes its slot with it: the two change places', () => {
    const { slots, writes } = assign(both, fleetOf(one, two), [withOf(1, 'i-2'), address(2)]);
    expect(holders(slots)).toEqual(['1 i-2', '2 i-1']);
    expect(writes.map(({ after }) => [after.ordinal, after.lastHolder, after.version])).toEqual([
      [1, 'i-1', 2],
      [2, 'i-2', 2],
    ]);
  });

  test('changes nothing of a slot whose holder has its own address', () => {
    const { slots, writes } = assign([...both, slot(3, { holder: 'i-3' })], fleetOf(one, two, three), [
      withOf(1, 'i-2'),
      address(2),
      withOf(3, 'i-3'),
    ]);
    expect(holders(slots)).toEqual(['1 i-2', '2 i-1', '3 i-3']);
    expect(writes.map(({ after }) => after.ordinal)).toEqual([1, 2]);
  });

  test('goes round where three were moved', () => {
    const stored = [...both, slot(3, { holder: 'i-3' })];
    const pool = [withOf(1, 'i-2'), withOf(2, 'i-3'), withOf(3, 'i-1')];
    expect(holders(assign(stored, fleetOf(one, two, three), pool).slots)).toEqual(['1 i-2', '2 i-3', '3 i-1']);
  });

  test('leaves the slots as they are where that holder has its own address, too', () => {
    expect(assign(both, fleetOf(one, two), [withOf(1, 'i-2'), withOf(2, 'i-2')]).writes).toEqual([]);
  });

  test('leaves a slot of which a planned move is under way', () => {
    const planned = [slot(1, { holder: 'i-1', planned: { from: 'i-2' } }), slot(2, { holder: 'i-2' })];
    expect(assign(planned, fleetOf(one, two), [withOf(1, 'i-2'), address(2)]).writes).toEqual([]);
    const other = [slot(1, { holder: 'i-1' }), slot(2, { holder: 'i-2', planned: {} })];
    expect(assign(other, fleetOf(one, two), [withOf(1, 'i-2'), address(2)]).writes).toEqual([]);
  });

  test('changes nothing where the addresses were not read', () => {
    const moved = [member(1), member(2, { publicIpv4: '198.51.100.1' })];
    expect(assign(both, moved, undefined).writes).toEqual([]);
  });

  test('does not follow to a member that two sweeps did not list', () => {
    const absent = member(2, { absentSweeps: 2 });
    const { slots } = assign(both, fleetOf(one, absent), [withOf(1, 'i-2'), withOf(2, 'i-9')]);
    expect(holders(slots)[0]).toBe('1 i-1');
  });
});

describe('an address that hands moved to a member without a slot', () => {
  test('takes its slot with it where another slot and its address are nobody’s', () => {
    const stored = [slot(1, { holder: 'i-1' }), slot(2)];
    const { slots } = assign(stored, fleetOf(one, two), [withOf(1, 'i-2'), address(2)]);
    expect(holders(slots)).toEqual(['1 i-2', '2 i-1']);
  });

  test('does not where no slot is vacant: who waits for it keeps its slot', () => {
    const pool = [withOf(1, 'i-3'), withOf(2, 'i-2')];
    expect(assign(both, fleetOf(one, two, three), pool).writes).toEqual([]);
  });

  test('does not where the address of the vacant slot is with somebody', () => {
    const stored = [slot(1, { holder: 'i-1' }), slot(2)];
    const pool = [withOf(1, 'i-2'), withOf(2, 'i-9')];
    expect(assign(stored, fleetOf(one, two), pool).writes).toEqual([]);
    const atInterface = [withOf(1, 'i-2'), address(2, { associationId: 'eipassoc-2', networkInterfaceId: 'eni-1' })];
    expect(assign(stored, fleetOf(one, two), atInterface).writes).toEqual([]);
  });

  test('takes its slot with it where the address of the vacant slot is still with its last holder, who leaves', () => {
    const stored = [slot(1, { holder: 'i-1' }), slot(2, { holder: 'i-3' })];
    const leaving = member(3, { drains: [{ by: 'tag', atMs: 1 }] });
    const { slots } = assign(stored, fleetOf(one, two, leaving), [withOf(1, 'i-2'), withOf(2, 'i-3')]);
    expect(holders(slots)).toEqual(['1 i-2', '2 i-1']);
    expect(slots[1]?.lastHolder).toBe('i-3');
  });

  test('does not where that last holder still serves', () => {
    const stored = [slot(1, { holder: 'i-1' }), slot(2, { lastHolder: 'i-3' })];
    const pool = [withOf(1, 'i-2'), withOf(2, 'i-3')];
    expect(holders(assign(stored, fleetOf(one, two, three), pool).slots)).toEqual(['1 i-1', '2 i-3']);
  });

  test('gives the vacant slot to who has no address at all before it', () => {
    const stored = [slot(1, { holder: 'i-1' }), slot(2)];
    const pool = [withOf(1, 'i-2'), address(2)];
    expect(holders(assign(stored, fleetOf(one, two, four), pool).slots)).toEqual(['1 i-1', '2 i-4']);
  });
});

describe('whatever hands moved', () => {
  const fleet = fc
    .uniqueArray(fc.record({ number: fc.integer({ min: 1, max: 6 }), absentSweeps: fc.constantFrom(0, 0, 0, 2) }), {
      selector: ({ number }) => number,
    })
    .map((given) => given.map(({ number, absentSweeps }) => member(number, { absentSweeps })));
  const pool = fc
    .uniqueArray(fc.record({ number: fc.integer({ min: 1, max: 5 }), at: fc.option(fc.integer({ min: 1, max: 7 })) }), {
      selector: ({ number }) => number,
    })
    .map((given) => given.map(({ number, at }) => (at === null ? address(number) : withOf(number, `i-${at}`))));
  const stored = fc
    .uniqueArray(
      fc.record({ ordinal: fc.integer({ min: 1, max: 5 }), holder: fc.option(fc.integer({ min: 1, max: 6 })) }),
      { selector: ({ ordinal }) => ordinal },
    )
    .map((given) =>
      given.map(({ ordinal, holder }) => slot(ordinal, holder === null ? {} : { holder: `i-${holder}` })),
    );

  test('no one holds two slots, a second assignment changes nothing, and the order does not matter', () => {
    let moved = 0;
    fc.assert(
      fc.property(stored, fleet, pool, (slots, fleetNow, addresses) => {
        const once = assign(slots, fleetNow, addresses);
        const now = once.slots.flatMap(({ holder }) => holder ?? []);
        expect(new Set(now).size).toBe(now.length);
        const emptied = once.writes.map(({ after }) => after).filter(({ allocationId }) => allocationId === '');
        expect(assign([...once.slots, ...emptied], fleetNow, addresses).writes).toEqual([]);
        const reversed = assign([...slots].reverse(), [...fleetNow].reverse(), [...addresses].reverse());
        expect(reversed).toEqual(once);
        moved += once.writes.filter(({ before, after }) => before?.holder !== after.holder).length;
      }),
      { numRuns: 2_000 },
    );
    expect(moved).toBeGreaterThan(1_000);
  });

  test('who has an address of the pool holds its slot, or one that it has, too, or none; and nobody waits beside an idle slot', () => {
    let atHands = 0;
    fc.assert(
      fc.property(stored, fleet, pool, (slots, fleetNow, addresses) => {
        const present = new Set(fleetNow.filter((each) => each.absentSweeps === 0).map((each) => each.instanceId));
        const at = new Map(addresses.map(({ allocationId, instanceId }) => [allocationId, instanceId]));
        const assigned = assign(slots, fleetNow, addresses).slots;
        const waiting = assigned.filter(({ allocationId, holder }) => {
          const has = at.get(allocationId);
          return holder !== undefined && has !== undefined && has !== holder && present.has(has);
        });
        const seats = waiting.flatMap(({ allocationId }) =>
          assigned.filter(({ holder }) => holder === at.get(allocationId)),
        );
        expect(seats.filter((seat) => at.get(seat.allocationId) !== seat.holder)).toEqual([]);
        const taken = assigned.filter(({ allocationId }) => present.has(at.get(allocationId) ?? ''));
        atHands += taken.length;
        const idle = assigned.filter((each) => each.holder === undefined && at.get(each.allocationId) === undefined);
        const seatless = waiting.filter((each) => !assigned.some(({ holder }) => holder === at.get(each.allocationId)));
        expect(Math.min(idle.length, seatless.length)).toBe(0);
      }),
      { numRuns: 2_000 },
    );
    expect(atHands).toBeGreaterThan(1_000);
  });
});
