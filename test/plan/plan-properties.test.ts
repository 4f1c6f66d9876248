import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { desiredRecords } from '../../lib/desired/records.ts';
import { afterOf, beforeOf, type Change, type DesiredSet } from '../../lib/model/change.ts';
import type { LedgerSet } from '../../lib/model/ledger.ts';
import { recordSet, setKey } from '../../lib/model/record-set.ts';
import { nextBatch, wireChanges } from '../../lib/plan/batch.ts';
import { makePlan, type PlanInput } from '../../lib/plan/plan.ts';
import { assertSafe } from '../../lib/plan/safety.ts';
import { member, PRIVATE_ZONE, PUBLIC_ZONE, pattern, role } from '../desired/examples.ts';
import { instanceMark, wanted } from './examples.ts';
import { StrictZone } from './strict-zone.ts';

const addresses = fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 });
const someSets = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      shape: fc.constantFrom('A', 'AAAA', 'CNAME'),
      owner: fc.constantFrom('api', 'web'),
      ttl: fc.constantFrom(30, 60),
      numbers: addresses,
    }),
    { selector: ({ name }) => name },
  )
  .map((sets) =>
    sets.map(({ name, shape, owner, ttl, numbers }) => {
      const place = { name: `${name}.example.com`, ttl, role: owner };
      if (shape === 'CNAME') return wanted({ 'i-1': ['target.example.com'] }, { ...place, type: 'CNAME' });
      const valueOf = (number: number) => (shape === 'A' ? `203.0.113.${number}` : `2001:db8::${number}`);
      const contributors = Object.fromEntries(numbers.map((number) => [`i-${number}`, [valueOf(number)]]));
      return wanted(contributors, { ...place, type: shape === 'A' ? 'A' : 'AAAA' });
    }),
  );

const everyRole = ['api', 'web'];

function planBetween(desired: readonly DesiredSet[], ledger: readonly LedgerSet[], drift: PlanInput['drift'] = []) {
  const roles = everyRole.map((name) => ({
    role: name,
    desired: desired.filter((each) => each.role === name),
    withheld: [],
  }));
  return makePlan({ zone: PUBLIC_ZONE, roles, ledger, notes: [], marks: [], drift });
}

/** Sends every change in batches, and keeps a ledger as a registry would. */
function carryOut(zone: StrictZone, ledger: readonly LedgerSet[], changes: readonly Change[]): LedgerSet[] {
  const owns = new Map(ledger.map((each) => [`${each.role}|${setKey(each.set)}`, each]));
  let rest = changes;
  while (rest.length > 0) {
    const next = nextBatch(rest, { maxElements: 12 });
    zone.change(wireChanges(next.batch));
    for (const change of next.batch) {
      const before = beforeOf(change);
      if (before !== undefined) owns.delete(`${change.role}|${setKey(before)}`);
    }
    for (const change of next.batch) {
      const { role: name, contributors } = change;
      const after = afterOf(change);
      if (after !== undefined)
        owns.set(`${name}|${setKey(after)}`, { role: name, set: after, contributors, serial: 8 });
    }
    rest = next.rest;
  }
  return [...owns.values()];
}

describe('any plan', () => {
  test('reaches what is desired, harms nothing foreign, and is empty the second time', () => {
    let seen = 0;
    const foreign = recordSet('foreign.example.com', 'A', 60, ['192.0.2.1']);
    fc.assert(
      fc.property(someSets, someSets, (before, after) => {
        const ledger = before.map((each) => ({ ...each, serial: 7 }));
        const zone = new StrictZone([...before.map((each) => each.set), foreign]);
        const result = planBetween(after, ledger);
        seen += result.changes.length;
        assertSafe(result, { zone: PUBLIC_ZONE, ledger, serialName: 'o._rolecall.example.com', drift: [] });
        const taken = carryOut(zone, ledger, result.changes);
        const reached = new StrictZone([...after.map((each) => each.set), foreign]);
        expect(zone.sets).toEqual(reached.sets);
        expect(planBetween(after, taken)).toEqual({ changes: [], withheld: [], restated: [] });
      }),
    );
    expect(seen).toBeGreaterThan(0);
  });

  test('sets right whatever was done to owned sets by hand', () => {
    let repaired = 0;
    fc.assert(
      fc.property(
        someSets,
        someSets,
        fc.infiniteStream(fc.constantFrom('keep', 'edit', 'lose')),
        (before, after, hands) => {
          const ledger = before.map((each) => ({ ...each, serial: 7 }));
          const found = before.flatMap(({ set: original }) => {
            const hand: string = hands.next().value ?? 'keep';
            if (hand === 'lose') return [];
            return [hand === 'edit' ? { ...original, ttlSeconds: 999 } : original];
          });
          const drift = before.flatMap(({ set: original }) => {
            const observed = found.find((each) => setKey(each) === setKey(original));
            if (observed?.ttlSeconds === original.ttlSeconds) return [];
            return [{ key: setKey(original), ...(observed === undefined ? {} : { observed }) }];
          });
          repaired += drift.length;
          const zone = new StrictZone(found);
          const result = planBetween(after, ledger, drift);
          assertSafe(result, { zone: PUBLIC_ZONE, ledger, serialName: 'o._rolecall.example.com', drift });
          const taken = carryOut(zone, ledger, result.changes);
          expect(zone.sets).toEqual(new StrictZone(after.map((each) => each.set)).sets);
          expect(planBetween(after, taken).changes).toEqual([]);
        },
      ),
    );
    expect(repaired).toBeGreaterThan(0);
  });

  test('does not depend on the order of its input', () => {
    let seen = 0;
    fc.assert(
      fc.property(someSets, someSets, (before, after) => {
        const ledger = before.map((each) => ({ ...each, serial: 7 }));
        const result = planBetween(after, ledger);
        seen += result.changes.length;
        expect(planBetween([...after].reverse(), [...ledger].reverse())).toEqual(result);
      }),
    );
    expect(seen).toBeGreaterThan(0);
  });
});

describe('ten thousand members', () => {
  test('of whom ten go cost ten deletes and one update', () => {
    const fleet = Array.from({ length: 10_000 }, (_each, index) => member(index + 1));
    const own = role([pattern({ zone: 'int', pattern: '{instanceId}', addresses: ['private'] })]);
    const before = desiredRecords({
      zone: PRIVATE_ZONE,
      role: own,
      members: fleet,
      slots: [],
      keepAbsent: new Set(),
      previous: [],
    }).sets;
    const after = desiredRecords({
      zone: PRIVATE_ZONE,
      role: own,
      members: fleet.slice(10),
      slots: [],
      keepAbsent: new Set(),
      previous: [],
    }).sets;
    const result = makePlan({
      zone: PRIVATE_ZONE,
      roles: [{ role: 'web', desired: after, withheld: [] }],
      ledger: before.map((each) => ({ ...each, serial: 7 })),
      notes: [],
      marks: fleet.slice(0, 10).map(({ instanceId }) => instanceMark(instanceId, 'terminated')),
      drift: [],
    });
    expect(result.changes.map(({ action, urgent }) => `${action} ${urgent}`)).toEqual(Array(10).fill('delete true'));
  });
});
