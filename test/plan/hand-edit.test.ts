import { describe, expect, test } from 'vitest';
import type { DesiredSet, Plan } from '../../lib/model/change.ts';
import type { LedgerSet, Mark } from '../../lib/model/ledger.ts';
import type { ObservedSet } from '../../lib/model/record-set.ts';
import { both, instanceMark, one, owned, plan, set, wanted } from './examples.ts';

const KEY = 'web.example.com|A|';

/** Of a role with `drift: 'report'`. */
function reported(
  desired: readonly DesiredSet[],
  ledger: readonly LedgerSet[],
  found?: { readonly observed?: ObservedSet },
  marks: readonly Mark[] = [],
): Plan {
  const roles = [{ role: 'web', desired, withheld: [], drift: 'report' as const }];
  return plan(desired, ledger, { roles, marks, drift: found === undefined ? [] : [{ key: KEY, ...found }] });
}

const edited = set(['192.0.2.9', '203.0.113.1', '203.0.113.2']);

describe('a set that somebody else changed, of a role that only reports it', () => {
  test('stays, is said, and is in the ledger as it was found', () => {
    expect(reported([wanted(both)], [owned(both)], { observed: edited })).toEqual({
      changes: [],
      withheld: [expect.objectContaining({ role: 'web', name: 'web.example.com', type: 'A', reason: 'hand-edited' })],
      restated: [{ ...owned(both), set: edited, ours: set(['203.0.113.1', '203.0.113.2']) }],
    });
  });

  test('stays when a member comes, and the newcomer waits', () => {
    const before = { ...owned(one), set: edited, ours: set(['203.0.113.1']) };
    const { changes, withheld, restated } = reported([wanted({ ...one, 'i-3': ['203.0.113.3'] })], [before]);
    expect([changes, restated]).toEqual([[], []]);
    expect(withheld).toMatchObject([{ reason: 'hand-edited' }]);
  });

  test('loses the public address of a member that is gone, and nothing else', () => {
    const { changes } = reported([wanted(one)], [owned(both)], { observed: edited }, [
      instanceMark('i-2', 'terminated'),
    ]);
    expect(changes).toMatchObject([
      {
        action: 'update',
        reason: 'terminated',
        urgent: true,
        before: edited,
        after: set(['192.0.2.9', '203.0.113.1']),
        ours: set(['203.0.113.1', '203.0.113.2']),
        contributors: one,
      },
    ]);
  });

  test('loses the public address that a member had before it was stopped and started, and gets no other', () => {
    const started = { 'i-1': ['203.0.113.1'], 'i-2': ['203.0.113.7'] };
    const { changes } = reported([wanted(started)], [owned(both)], { observed: edited });
    expect(changes).toMatchObject([
      {
        action: 'update',
        before: edited,
        after: set(['192.0.2.9', '203.0.113.1']),
        contributors: { 'i-1': ['203.0.113.1'], 'i-2': [] },
      },
    ]);
  });

  test('keeps the former address of a member that another has now', () => {
    const swapped = { 'i-1': ['203.0.113.2'], 'i-2': ['203.0.113.1'] };
    const { changes, restated } = reported([wanted(swapped)], [owned(both)], { observed: edited });
    expect(changes).toEqual([]);
    expect(restated[0]?.contributors).toEqual({
      'i-1': ['203.0.113.1', '203.0.113.2'],
      'i-2': ['203.0.113.2', '203.0.113.1'],
    });
  });

  test('loses a freed address that the next member was given when that one is gone, too', () => {
    const next = { 'i-1': ['203.0.113.1'], 'i-3': ['203.0.113.2'] };
    const { changes, restated } = reported([wanted(next)], [owned(both)], { observed: edited });
    expect(changes).toEqual([]);
    expect(reported([wanted(next)], restated)).toMatchObject({ changes: [], restated: [] });
    expect(reported([wanted(one)], restated).changes).toMatchObject([
      { action: 'update', after: set(['192.0.2.9', '203.0.113.1']), contributors: one },
    ]);
  });

  test('keeps an answer in the place of which the configuration has another', () => {
    const observed = set(['192.0.2.9', '192.0.2.10']);
    const answers = [{ answer: ['192.0.2.11'] }, { answer: ['192.0.2.10'] }] as const;
    expect(reported([wanted(answers[0])], [owned(answers[1])], { observed }).changes).toEqual([]);
  });

  test('keeps the private address of a member that is gone: no stranger can get it', () => {
    const inside = { 'i-1': ['10.0.0.1'], 'i-2': ['10.0.0.2'] };
    const left = { 'i-1': ['10.0.0.1'] };
    const observed = set(['10.0.0.1', '10.0.0.2', '10.0.0.9']);
    expect(reported([wanted(left)], [owned(inside)], { observed }).changes).toEqual([]);
  });

  test('goes where nothing but the address of a gone member is left', () => {
    const { changes } = reported([], [owned(both)], { observed: set(['203.0.113.1']) });
    expect(changes).toMatchObject([{ action: 'delete', before: set(['203.0.113.1']) }]);
  });

  test('is ours again when it is put back, or is what we want', () => {
    const left = { ...owned(both), set: edited, ours: set(['203.0.113.1', '203.0.113.2']) };
    const putBack = reported([wanted(both)], [left], { observed: set(['203.0.113.1', '203.0.113.2']) });
    expect(putBack).toEqual({ changes: [], withheld: [], restated: [owned(both)] });
  });

  test('that was taken away stays away, and comes back with the policy', () => {
    const gone = reported([wanted(one)], [owned(one)], {});
    const left = { ...owned(one), set: set([]), ours: set(['203.0.113.1']) };
    expect(gone).toMatchObject({ changes: [], restated: [left] });
    expect(plan([wanted(one)], [left]).changes).toMatchObject([{ action: 'create', after: set(['203.0.113.1']) }]);
  });
});

describe('a set that somebody else changed, of a role that repairs', () => {
  test('is swapped back from what was found', () => {
    const { changes } = plan([wanted(both)], [owned(both)], { drift: [{ key: KEY, observed: edited }] });
    expect(changes).toMatchObject([
      { action: 'update', reason: 'drift', before: edited, after: set(edited.values.slice(1)) },
    ]);
  });
});
