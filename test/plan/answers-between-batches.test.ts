import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { beforeOf, type Plan } from '../../lib/model/change.ts';
import type { LedgerSet } from '../../lib/model/ledger.ts';
import type { RecordSet } from '../../lib/model/record-set.ts';
import { nextBatch, wireChanges } from '../../lib/plan/batch.ts';
import { instanceMark } from './examples.ts';
import { StrictZone } from './strict-zone.ts';
import { anyHolding, anyTurn, anyZone, type Holding, planOf, publishedBy } from './two-roles.ts';

const RUNS = { numRuns: 500 };
/** Two roles before and after. */
const anyChanges = fc
  .tuple(anyHolding('api'), anyHolding('web'))
  .chain(([api, web]) =>
    fc.tuple(
      fc.constant([api, web]),
      fc.oneof(fc.tuple(anyTurn(api), anyTurn(web)), fc.tuple(anyHolding('api'), anyHolding('web'))),
    ),
  );
/** What a client that asks for the address of a name can go by. */
const ADDRESSES: readonly string[] = ['A', 'AAAA', 'CNAME'];

/** Names, each with the members (or slots) that give it an address. */
function contributors(sets: readonly Pick<LedgerSet, 'set' | 'contributors'>[]): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const { set, contributors: own } of sets) {
    if (!ADDRESSES.includes(set.type)) continue;
    const known = names.get(set.name) ?? new Set<string>();
    for (const each of Object.keys(own)) if (each !== 'answer') known.add(each);
    names.set(set.name, known);
  }
  return names;
}

function placesOf(sets: readonly RecordSet[]): string[] {
  return sets.map(({ name, type }) => `${name}|${type}`);
}

/** What the zone holds between the batches, and at the end. */
function statesOf(ledger: readonly LedgerSet[], { changes }: Plan, maxElements: number): (readonly RecordSet[])[] {
  const zone = new StrictZone(ledger.map(({ set }) => set));
  const states: (readonly RecordSet[])[] = [];
  let rest = changes;
  while (rest.length > 0) {
    const next = nextBatch(rest, { maxElements });
    zone.change(wireChanges(next.batch));
    states.push(zone.sets);
    rest = next.rest;
  }
  return states;
}

/** Members that are no longer there went on proof. */
function marksOf(before: readonly Holding[], after: readonly Holding[]) {
  return before.flatMap(({ role, members }) => {
    const still = new Set(after.find((each) => each.role.role === role.role)?.members.map((each) => each.instanceId));
    return members
      .filter(({ instanceId }) => !still.has(instanceId))
      .map(({ instanceId }) => instanceMark(instanceId, 'terminated', 1000, [role.role]));
  });
}

describe('a plan that is carried out batch by batch', () => {
  test('leaves no name of a member that stays without an answer in between', () => {
    let between = 0;
    let named = 0;
    let otherTypes = 0;
    fc.assert(
      fc.property(anyZone, anyChanges, fc.integer({ min: 4, max: 30 }), (zone, [before, after], maxElements) => {
        const ledger = publishedBy(zone, before);
        const plan = planOf(zone, after, ledger, marksOf(before, after));
        const states = statesOf(ledger, plan, maxElements);
        const last = states.at(-1) ?? [];
        const isLast = new Set(last.map(({ name }) => name));
        // What is proved to be gone goes first, whatever becomes of the name.
        const urgent = new Set(plan.changes.filter((each) => each.urgent).map((each) => beforeOf(each)?.name));
        const had = contributors(ledger);
        const wanted = contributors(plan.changes.length === 0 ? [] : publishedBy(zone, after));
        const stays = [...had.keys()].filter(
          (name) =>
            isLast.has(name) &&
            !urgent.has(name) &&
            [...(had.get(name) ?? [])].some((each) => wanted.get(name)?.has(each) === true),
        );
        const places = new Set(placesOf(ledger.map(({ set }) => set)));
        const kept = placesOf(last).filter((place) => places.has(place));
        between += Math.max(0, states.length - 1);
        named += stays.length;
        for (const state of states) {
          const answered = new Set(state.filter(({ type }) => ADDRESSES.includes(type)).map(({ name }) => name));
          expect(stays.filter((name) => !answered.has(name))).toEqual([]);
          const present = new Set(placesOf(state));
          otherTypes += kept.length;
          expect(kept.filter((place) => !present.has(place))).toEqual([]);
        }
      }),
      RUNS,
    );
    expect(Math.min(between, named, otherTypes)).toBeGreaterThan(0);
  });
});
