import { describe, expect, test } from 'vitest';
import type { DesiredSet } from '../../lib/model/change.ts';
import type { LedgerSet } from '../../lib/model/ledger.ts';
import { recordSet } from '../../lib/model/record-set.ts';
import { largeChange } from '../../lib/plan/large-change.ts';

const set = (number: number, routing?: { kind: 'multivalue'; setIdentifier: string }) =>
  recordSet(`web-${number}.example.com`, 'A', 60, [`10.0.0.${number}`], routing);
const owned = (count: number): LedgerSet[] =>
  Array.from({ length: count }, (_each, index) => ({ role: 'web', set: set(index + 1), contributors: {}, serial: 1 }));
const wanted = (count: number): DesiredSet[] =>
  owned(count).map((each) => ({ role: each.role, set: each.set, contributors: {} }));

describe('a change of the configuration', () => {
  test('is large when it takes away more than 30 % of ten sets', () => {
    expect(largeChange({ ledger: owned(10), desired: wanted(6), ownedSets: 10 })).toEqual({ removed: 4, owned: 10 });
  });

  test('is not large when it takes away 30 %', () => {
    expect(largeChange({ ledger: owned(10), desired: wanted(7), ownedSets: 10 })).toBeUndefined();
  });

  test('is not large where there are fewer than ten sets', () => {
    expect(largeChange({ ledger: owned(9), desired: [], ownedSets: 9 })).toBeUndefined();
  });

  test('is measured by all that we own in the zone', () => {
    expect(largeChange({ ledger: owned(6), desired: [], ownedSets: 20 })).toBeUndefined();
    expect(largeChange({ ledger: owned(7), desired: [], ownedSets: 20 })).toEqual({ removed: 7, owned: 20 });
  });

  test('takes nothing away where another routing replaces a set of the same name', () => {
    const desired = owned(10).map(({ role }, index) => ({
      role,
      set: set(index + 1, { kind: 'multivalue', setIdentifier: 'i-1' }),
      contributors: {},
    }));
    expect(largeChange({ ledger: owned(10), desired, ownedSets: 10 })).toBeUndefined();
  });
});
