import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DesiredRecords, desiredRecords } from '../../lib/desired/records.ts';
import { afterOf, beforeOf, type Change, type Plan } from '../../lib/model/change.ts';
import type { LedgerSet } from '../../lib/model/ledger.ts';
import { setKey } from '../../lib/model/record-set.ts';
import { nextBatch, wireChanges } from '../../lib/plan/batch.ts';
import { assertSafe } from '../../lib/plan/safety.ts';
import { anyInput, anyRole } from '../desired/any-role.ts';
import { desired } from '../desired/desired.ts';
import { member, pattern, pooled, role, slot } from '../desired/examples.ts';
import { instanceMark, plan, roleMark } from './examples.ts';
import { StrictZone } from './strict-zone.ts';

const SIMPLE = { kind: 'simple' } as const;
const MULTIVALUE = { kind: 'multivalue' } as const;
const WEIGHTED = { kind: 'weighted', tag: 'rolecall:weight', defaultWeight: 10 } as const;

function ledgerOf({ sets }: DesiredRecords): LedgerSet[] {
  return sets.map((each) => ({ ...each, serial: 7 }));
}

/** Whether the one next batch takes the zone from the one to the other. */
function swap(before: DesiredRecords, after: DesiredRecords) {
  const { changes } = plan(after.sets, ledgerOf(before));
  const { batch, rest } = nextBatch(changes, { maxElements: 1000 });
  const zone = new StrictZone(before.sets.map(({ set }) => set));
  zone.change(wireChanges(batch));
  expect(rest).toEqual([]);
  expect(zone.sets).toEqual(new StrictZone(after.sets.map(({ set }) => set)).sets);
  return batch.map((change) => `${change.action} ${setKey(afterOf(change) ?? beforeOf(change) ?? neverSet())}`);
}

function neverSet(): never {
  throw new Error('a change of nothing');
}

const fleet = (count: number) => Array.from({ length: count }, (_each, index) => member(index + 1));

describe('a change of routing', () => {
  const routings = [SIMPLE, MULTIVALUE, WEIGHTED];
  const pairs = routings.flatMap((from) => routings.flatMap((to) => (from === to ? [] : [[from, to] as const])));

  test.each(pairs)('from $kind to $kind is one batch, of a name as large as it gets', (from, to) => {
    const members = fleet(400);
    const before = desired({ role: role([pattern({ routing: from })]), members });
    const after = desired({ role: role([pattern({ routing: to })]), members });
    expect(swap(before, after).length).toBeGreaterThan(0);
  });

  test('deletes the one set and creates those of the members', () => {
    const members = fleet(2);
    const before = desired({ role: role([pattern()]), members });
    const after = desired({ role: role([pattern({ routing: MULTIVALUE })]), members });
    expect(swap(before, after)).toEqual([
      'create web.example.com|A|i-1',
      'create web.example.com|A|i-2',
      'delete web.example.com|A|',
    ]);
  });

  test('takes both families of the name along', () => {
    const members = fleet(40).map((each) => ({ ...each, ipv6: [`2001:db8::${each.instanceId.slice(2)}`] }));
    const before = desired({ role: role([pattern({ addresses: ['public', 'ipv6'] })]), members });
    const after = desired({ role: role([pattern({ addresses: ['public', 'ipv6'], routing: MULTIVALUE })]), members });
    expect(swap(before, after)).toHaveLength(82);
  });
});

describe('sets of members', () => {
  test('a new weight is one update', () => {
    const weighted = role([pattern({ routing: WEIGHTED })]);
    const before = desired({ role: weighted, members: fleet(2) });
    const after = desired({ role: weighted, members: [member(1, { tags: { 'rolecall:weight': '0' } }), member(2)] });
    expect(swap(before, after)).toEqual(['update web.example.com|A|i-1']);
    const marks = [instanceMark('i-1', 'tagged', 5000), instanceMark('i-2', 'tagged', 4000)];
    expect(plan(after.sets, ledgerOf(before), { marks }).changes.map(saidOf)).toEqual([
      'update A tagged i-1 5000 false',
    ]);
  });

  test('a member that goes takes its own set alone', () => {
    const spread = role([pattern({ routing: MULTIVALUE })]);
    const before = desired({ role: spread, members: fleet(3) });
    const after = desired({ role: spread, members: [member(1), member(3)] });
    expect(swap(before, after)).toEqual(['delete web.example.com|A|i-2']);
  });

  test('a slot of a pool that another takes changes no record', () => {
    const mail = pooled([pattern({ routing: MULTIVALUE })]);
    const members = fleet(2);
    const before = desired({ role: mail, slots: [slot(1, { holder: 'i-1' })], members });
    const after = desired({ role: mail, slots: [slot(1, { holder: 'i-2' })], members });
    expect(before.sets.map(({ set }) => set)).toEqual(after.sets.map(({ set }) => set));
    expect(before.sets).toHaveLength(1);
  });
});

describe('an answer', () => {
  test.each([
    ['192.0.2.10', SIMPLE, ['update web.example.com|A|']],
    ['192.0.2.10', MULTIVALUE, ['create web.example.com|A|i-1', 'delete web.example.com|A|']],
    ['sorry.example.net', SIMPLE, ['create web.example.com|A|', 'delete web.example.com|CNAME|']],
    ['sorry.example.net', WEIGHTED, ['create web.example.com|A|i-1', 'delete web.example.com|CNAME|']],
  ])('%s gives way in one batch, and comes back in one', (answer, routing, expected) => {
    const answering = role([pattern({ routing })], { whenEmpty: { answer } });
    const empty = desired({ role: answering });
    const filled = desired({ role: answering, members: [member(1)] });
    expect(swap(empty, filled)).toEqual(expected);
    expect(swap(filled, empty)).toHaveLength(expected.length);
  });

  test('as a name has the reason of the member that it makes way for, or stands in for', () => {
    const answering = role([pattern()], { whenEmpty: { answer: 'sorry.example.net' } });
    const empty = desired({ role: answering });
    const filled = desired({ role: answering, members: [member(1)] });
    const come = plan(filled.sets, ledgerOf(empty), { marks: [instanceMark('i-1', 'launched', 5000)] });
    expect(come.changes.map(saidOf)).toEqual([
      'create A launched i-1 5000 false',
      'delete CNAME launched i-1 5000 false',
    ]);
    const gone = plan(empty.sets, ledgerOf(filled), { marks: [instanceMark('i-1', 'terminated', 6000)] });
    expect(gone.changes.map(saidOf)).toEqual([
      'delete A terminated i-1 6000 true',
      'create CNAME terminated i-1 6000 false',
    ]);
  });

  test('has that reason whatever else happens to the role', () => {
    const answering = role([pattern({ routing: MULTIVALUE })], { whenEmpty: { answer: '192.0.2.10' } });
    const empty = desired({ role: answering });
    const filled = desired({ role: answering, members: [member(1)] });
    const marks = [instanceMark('i-1', 'launched', 5000), roleMark('slot', 4000)];
    expect(plan(filled.sets, ledgerOf(empty), { marks }).changes.map(saidOf)).toEqual([
      'create A launched i-1 5000 false',
      'delete A launched i-1 5000 false',
    ]);
  });

  test('is no instance, nor is the role', () => {
    const all = role([pattern()], {
      whenEmpty: { answer: '192.0.2.10' },
      aliases: [{ zone: 'pub', name: 'www.example.com' }],
    });
    const { changes } = plan(desired({ role: all }).sets, [], { marks: [roleMark('configured', 3000)] });
    expect(changes.map(saidOf)).toEqual(['create A configured  3000 false', 'create CNAME configured  3000 false']);
  });
});

function saidOf(change: Change): string {
  const { type } = afterOf(change) ?? beforeOf(change) ?? neverSet();
  return [change.action, type, change.reason, change.instances.join(), change.sinceMs, change.urgent].join(' ');
}

/** Sends every change in batches, and keeps a ledger as a registry would. */
function carryOut(zone: StrictZone, ledger: readonly LedgerSet[], { changes, restated }: Plan): LedgerSet[] {
  const owns = new Map(ledger.map((each) => [setKey(each.set), each]));
  for (let rest = changes; rest.length > 0; ) {
    const next = nextBatch(rest, { maxElements: 12 });
    zone.change(wireChanges(next.batch));
    for (const before of next.batch.flatMap((change) => beforeOf(change) ?? [])) owns.delete(setKey(before));
    for (const change of next.batch) {
      const set = afterOf(change);
      if (set === undefined) continue;
      owns.set(setKey(set), { role: change.role, set, contributors: change.contributors, serial: 8 });
    }
    rest = next.rest;
  }
  for (const owned of restated) owns.set(setKey(owned.set), owned);
  return [...owns.values()];
}

describe('from any role to any other', () => {
  test('the batches are such as Route 53 takes, and nothing is left to do', () => {
    let seen = 0;
    fc.assert(
      fc.property(anyInput, anyInput, anyRole, (start, end, anotherRole) => {
        const zone = start.zone;
        const before = desiredRecords(start);
        const after = desiredRecords({ ...end, role: anotherRole, zone });
        const ledger = ledgerOf(before);
        const planned = plan(after.sets, ledger, { zone });
        seen += planned.changes.length;
        assertSafe(planned, { zone, ledger, serialName: `o._rolecall.${zone.name}`, drift: [] });
        const dns = new StrictZone(before.sets.map(({ set }) => set));
        const owned = carryOut(dns, ledger, planned);
        expect(dns.sets).toEqual(new StrictZone(after.sets.map(({ set }) => set)).sets);
        expect(plan(after.sets, owned, { zone })).toEqual({ changes: [], withheld: [], restated: [] });
      }),
      { numRuns: 300 },
    );
    expect(seen).toBeGreaterThan(0);
  });
});
