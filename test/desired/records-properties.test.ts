import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { desiredRecords } from '../../lib/desired/records.ts';
import type { LedgerSet } from '../../lib/model/ledger.ts';
import { isPublishableName } from '../../lib/model/name.ts';
import { setKey } from '../../lib/model/record-set.ts';
import { anyInput } from './any-role.ts';

const RUNS = { numRuns: 500 };

/** How what is owned may differ from what is wanted in its place. */
const OTHERWISE: Readonly<Record<string, (owned: LedgerSet) => LedgerSet>> = {
  'not at all': (owned) => owned,
  'the time to live': (owned) => ({ ...owned, set: { ...owned.set, ttlSeconds: 45 } }),
  'a value more': (owned) => ({ ...owned, set: { ...owned.set, values: [...owned.set.values, 'zzz'] } }),
  'a value less': (owned) => ({ ...owned, set: { ...owned.set, values: owned.set.values.slice(1) } }),
  'another value': (owned) => ({ ...owned, set: { ...owned.set, values: ['0.0.0.0', ...owned.set.values.slice(1)] } }),
  'a health check': (owned) => ({ ...owned, set: { ...owned.set, healthCheckId: 'check' } }),
  'another routing': (owned) => ({
    ...owned,
    set: { ...owned.set, routing: { kind: 'multivalue', setIdentifier: 'i-1' } },
  }),
  'no routing': (owned) => ({ ...owned, set: { ...owned.set, routing: { kind: 'simple' } } }),
  'other values throughout': ({ set, contributors, ...owned }) => {
    const others = Object.entries(contributors).map(
      ([each, values]) => [each, values.map((old) => `${old}0`)] as const,
    );
    const values = set.values.map((old) => `${old}0`).sort();
    return { ...owned, set: { ...set, values }, contributors: Object.fromEntries(others) };
  },
  'nobody behind it': (owned) => ({ ...owned, contributors: {} }),
  'a contributor more': (owned) => ({ ...owned, contributors: { ...owned.contributors, 'i-99': ['10.0.0.99'] } }),
  'another contributor': ({ contributors, ...owned }) => {
    const [first, ...others] = Object.entries(contributors);
    return { ...owned, contributors: { ...Object.fromEntries(others), 'i-99': first?.[1] ?? [] } };
  },
  'another value of a contributor': ({ contributors, ...owned }) => {
    const contributor = Object.keys(contributors)[0] ?? '';
    return { ...owned, contributors: { ...contributors, [contributor]: ['10.0.0.99'] } };
  },
};

describe('the records of any role', () => {
  test('are at names of the zone that can be published, each once, and hold something', () => {
    const types = new Set<string>();
    fc.assert(
      fc.property(anyInput, (input) => {
        const { sets } = desiredRecords(input);
        for (const { set, contributors } of sets) {
          types.add(set.type);
          expect(set.name === input.zone.name || set.name.endsWith(`.${input.zone.name}`)).toBe(true);
          expect(isPublishableName(set.name)).toBe(true);
          expect(set.values.length).toBeGreaterThan(0);
          expect([...new Set(Object.values(contributors).flat())].sort()).toEqual(set.values);
        }
        expect(new Set(sets.map(({ set }) => setKey(set))).size).toBe(sets.length);
      }),
      RUNS,
    );
    expect([...types].sort()).toEqual(['A', 'AAAA', 'CNAME', 'MX', 'PTR', 'SRV']);
  });

  test('never mix routings of one name and type, nor a CNAME with anything', () => {
    let names = 0;
    fc.assert(
      fc.property(anyInput, (input) => {
        const { sets } = desiredRecords(input);
        for (const { set } of sets) {
          const others = sets.filter((each) => each.set !== set && each.set.name === set.name);
          names += others.length;
          expect(set.type === 'CNAME' ? others : []).toEqual([]);
          for (const other of others.filter((each) => each.set.type === set.type)) {
            expect(set.routing.kind).not.toBe('simple');
            expect(other.set.routing.kind).toBe(set.routing.kind);
            expect(other.set.ttlSeconds).toBe(set.ttlSeconds);
          }
        }
      }),
      RUNS,
    );
    expect(names).toBeGreaterThan(0);
  });

  test('do not depend on the order of members or slots', () => {
    let sets = 0;
    fc.assert(
      fc.property(anyInput, (input) => {
        const result = desiredRecords(input);
        sets += result.sets.length;
        const turned = { ...input, members: [...input.members].reverse(), slots: [...input.slots].reverse() };
        expect(JSON.stringify(desiredRecords(turned))).toBe(JSON.stringify(result));
      }),
      RUNS,
    );
    expect(sets).toBeGreaterThan(0);
  });

  test('do not depend on what is owned at their names', () => {
    const ways = new Map<string, number>();
    fc.assert(
      fc.property(anyInput, fc.constantFrom(...Object.keys(OTHERWISE)), fc.nat(), (input, way, which) => {
        const result = desiredRecords(input);
        const changed = OTHERWISE[way] ?? ((owned: LedgerSet) => owned);
        const ledger = result.sets.map((each): LedgerSet => ({ ...each, serial: 7 }));
        const previous = ledger.map((owned, index) => (index === which % ledger.length ? changed(owned) : owned));
        ways.set(way, (ways.get(way) ?? 0) + previous.length);
        expect(JSON.stringify(desiredRecords({ ...input, previous }))).toBe(JSON.stringify(result));
        const reversed = [...previous].reverse();
        expect(JSON.stringify(desiredRecords({ ...input, previous: reversed }))).toBe(JSON.stringify(result));
      }),
      { numRuns: 2_000 },
    );
    for (const way of Object.keys(OTHERWISE)) expect(ways.get(way)).toBeGreaterThan(0);
  });

  test('hold no value of a member that does not serve', () => {
    let absent = 0;
    fc.assert(
      fc.property(anyInput, (input) => {
        const { sets } = desiredRecords(input);
        const others = input.members.filter(({ phase }) => phase !== 'serving');
        absent += others.length;
        const values = new Set(sets.flatMap(({ set }) => set.values));
        for (const { privateIpv4 = '', publicIpv4 = '' } of others) {
          expect(values.has(privateIpv4) || values.has(publicIpv4)).toBe(false);
        }
      }),
      RUNS,
    );
    expect(absent).toBeGreaterThan(0);
  });
});
