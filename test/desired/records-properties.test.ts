import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { desiredRecords } from '../../lib/desired/records.ts';
import { isPublishableName } from '../../lib/model/name.ts';
import { setKey } from '../../lib/model/record-set.ts';
import { anyInput } from './any-role.ts';

const RUNS = { numRuns: 500 };

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
