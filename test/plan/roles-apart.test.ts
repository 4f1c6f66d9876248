import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { afterOf, beforeOf } from '../../lib/model/change.ts';
import { anyHolding, anyZone, ownedAfter, planOf, publishedBy } from './two-roles.ts';

/** One role before and after. Of two that want one name, the first by alphabet gets it. */
const anyChange = fc.constantFrom('api', 'web').chain((name) => fc.tuple(anyHolding(name), anyHolding(name)));

const RUNS = { numRuns: 500 };

describe('a change to one role', () => {
  test('touches no record of another, but at names for which the two compete', () => {
    let changed = 0;
    let apart = 0;
    let contested = 0;
    fc.assert(
      fc.property(anyZone, anyHolding('mid'), anyChange, (zone, other, [before, after]) => {
        const ledger = publishedBy(zone, [other, before]);
        const { changes, restated } = planOf(zone, [other, after], ledger);
        changed += changes.filter(({ role }) => role === before.role.role).length;
        const ofChanged = new Set(
          [
            ...ledger.filter(({ role }) => role === before.role.role),
            ...publishedBy(zone, [before]),
            ...publishedBy(zone, [after]),
          ].map(({ set }) => set.name),
        );
        apart += ledger.filter(({ role, set }) => role === 'mid' && !ofChanged.has(set.name)).length;
        const ofOther = [
          ...changes.filter(({ role }) => role === 'mid').map((each) => (afterOf(each) ?? beforeOf(each))?.name),
          ...restated.filter(({ role }) => role === 'mid').map(({ set }) => set.name),
        ];
        contested += ofOther.length;
        expect(ofOther.filter((name) => name === undefined || !ofChanged.has(name))).toEqual([]);
      }),
      RUNS,
    );
    expect(Math.min(changed, apart, contested)).toBeGreaterThan(0);
  });

  test('touches no record of another that its pass does not look at', () => {
    let changed = 0;
    let owned = 0;
    fc.assert(
      fc.property(anyZone, anyHolding('mid'), anyChange, (zone, other, [before, after]) => {
        const ledger = publishedBy(zone, [other, before]);
        const ofOther = ledger.filter(({ role }) => role === 'mid');
        const { changes, restated } = planOf(zone, [after], ledger);
        changed += changes.length;
        owned += ofOther.length;
        expect(changes.filter(({ role }) => role !== before.role.role)).toEqual([]);
        expect(restated.filter(({ role }) => role !== before.role.role)).toEqual([]);
        const written = changes.flatMap(ownedAfter).map(({ set }) => `${set.name}|${set.type}`);
        expect(ofOther.filter(({ set }) => written.includes(`${set.name}|${set.type}`))).toEqual([]);
      }),
      RUNS,
    );
    expect(Math.min(changed, owned)).toBeGreaterThan(0);
  });
});
