import { describe, expect, test } from 'vitest';
import { nextBatch, wireChanges } from '../../lib/plan/batch.ts';
import { both, instanceMark, note, one, owned, plan, roleMark, set, wanted } from './examples.ts';
import { StrictZone } from './strict-zone.ts';

describe('a set', () => {
  test('that is missing is created', () => {
    expect(plan([wanted(one)], [], { marks: [instanceMark('i-1', 'launched')] })).toEqual({
      changes: [
        {
          action: 'create',
          role: 'web',
          reason: 'launched',
          instances: ['i-1'],
          urgent: false,
          sinceMs: 1000,
          contributors: one,
          after: set(['203.0.113.1']),
        },
      ],
      withheld: [],
      restated: [],
    });
  });

  test('that has other values is updated from what the ledger has', () => {
    expect(plan([wanted(one)], [owned(both)], { marks: [instanceMark('i-2', 'terminated', 400)] }).changes).toEqual([
      {
        action: 'update',
        role: 'web',
        reason: 'terminated',
        instances: ['i-2'],
        urgent: true,
        sinceMs: 400,
        contributors: one,
        before: set(['203.0.113.1', '203.0.113.2']),
        after: set(['203.0.113.1']),
      },
    ]);
  });

  test('that has another TTL is updated', () => {
    const changes = plan([wanted(one, { ttl: 30 })], [owned(one)], { marks: [roleMark('configured')] }).changes;
    expect(changes).toMatchObject([{ action: 'update', reason: 'configured', instances: [], urgent: false }]);
  });

  test('that nobody wants is deleted', () => {
    expect(plan([], [owned(one)], { marks: [instanceMark('i-1', 'stopped')] }).changes).toEqual([
      {
        action: 'delete',
        role: 'web',
        reason: 'stopped',
        instances: ['i-1'],
        urgent: true,
        sinceMs: 1000,
        contributors: {},
        before: set(['203.0.113.1']),
      },
    ]);
  });

  test('that is as it should be is left alone', () => {
    expect(plan([wanted(both)], [owned(both)]).changes).toEqual([]);
  });

  test('that has the same values from other members is left alone', () => {
    expect(plan([wanted({ 'i-9': ['203.0.113.1'] })], [owned(one)]).changes).toEqual([]);
  });

  test('of a role that is not planned is left alone', () => {
    const roles = [{ role: 'web', desired: [wanted(one)], withheld: [] }];
    const others = [owned({ 'i-7': ['203.0.113.7'] }, { role: 'api', name: 'api.example.com' })];
    expect(plan([], others, { roles }).changes.map(({ role: name }) => name)).toEqual(['web']);
  });
});

describe('a set that another member now fills with the same values', () => {
  test('is no change; the ledger alone learns of it', () => {
    const after = { 'i-2': ['203.0.113.1'] };
    expect(plan([wanted(after)], [owned(one)])).toEqual({ changes: [], withheld: [], restated: [owned(after)] });
  });

  test('is nothing at all where the ledger knows', () => {
    expect(plan([wanted(one)], [owned(one)])).toEqual({ changes: [], withheld: [], restated: [] });
  });
});

describe('a conflict', () => {
  test('keeps a create back, and says so as before', () => {
    expect(plan([wanted(one)], [], { notes: [note('foreign-record')] })).toEqual({
      changes: [],
      withheld: [{ role: 'web', name: 'web.example.com', type: 'A', reason: 'foreign-record', detail: 'A 192.0.2.1' }],
      restated: [],
    });
    expect(plan([wanted(one)], [], { notes: [note('rejected')] }).withheld).toMatchObject([{ reason: 'rejected' }]);
  });

  test('keeps no update and no delete of an owned set back', () => {
    expect(plan([wanted(one)], [owned(both)], { notes: [note('foreign-record')] }).changes).toHaveLength(1);
    expect(plan([], [owned(both)], { notes: [note('foreign-record')] }).changes).toHaveLength(1);
  });

  test('of one name keeps no other name back', () => {
    const other = wanted(one, { name: 'api.example.com' });
    expect(plan([other], [], { notes: [note('foreign-record')] }).changes).toHaveLength(1);
  });

  test('is not what another standing refusal is', () => {
    expect(plan([wanted(one)], [], { notes: [note('too-many', 'withheld')] }).changes).toHaveLength(1);
  });
});

describe('drift', () => {
  const key = 'web.example.com|A|';

  test('is swapped back from what was found', () => {
    const found = set(['192.0.2.66'], { ttl: 300 });
    expect(plan([wanted(one)], [owned(one)], { drift: [{ key, observed: found }] }).changes).toEqual([
      {
        action: 'update',
        role: 'web',
        reason: 'drift',
        instances: [],
        urgent: false,
        contributors: one,
        before: found,
        after: set(['203.0.113.1']),
      },
    ]);
  });

  test('that made a set vanish is created again, unless a conflict stands', () => {
    const drift = [{ key }];
    expect(plan([wanted(one)], [owned(one)], { drift }).changes).toMatchObject([{ action: 'create', reason: 'drift' }]);
    const conflicting = plan([wanted(one)], [owned(one)], { drift, notes: [note('foreign-record')] });
    expect(conflicting.changes).toEqual([]);
    expect(conflicting.withheld).toMatchObject([{ reason: 'foreign-record' }]);
    // The ledger alone learns that it is not there, and is not told so again.
    expect(conflicting.restated).toEqual([{ ...owned(one), set: set([]), ours: set(['203.0.113.1']) }]);
    const known = plan([wanted(one)], conflicting.restated, { notes: [note('foreign-record')] });
    expect(known).toMatchObject({ changes: [], withheld: [{ reason: 'foreign-record' }], restated: [] });
    expect(plan([wanted(one)], conflicting.restated).changes).toMatchObject([{ action: 'create' }]);
  });

  test('that Route 53 would not have swapped back is in the ledger as it was found, until it would', () => {
    const found = set(['192.0.2.66'], { ttl: 300 });
    const drift = [{ key, observed: found }];
    const refused = plan([wanted(one)], [owned(one)], { drift, notes: [note('rejected')] });
    expect(refused.changes).toEqual([]);
    expect(refused.restated).toEqual([{ ...owned(one), set: found, ours: set(['203.0.113.1']) }]);
    expect(plan([wanted(one)], refused.restated, { notes: [note('rejected')] }).restated).toEqual([]);
    expect(plan([wanted(one)], refused.restated).changes).toMatchObject([{ action: 'update', before: found }]);
  });

  test('gives way to proof that a member is gone', () => {
    const found = set(['203.0.113.1', '203.0.113.2'], { ttl: 300 });
    const changes = plan([wanted(one)], [owned(both)], {
      drift: [{ key, observed: found }],
      marks: [instanceMark('i-2', 'terminated')],
    }).changes;
    expect(changes).toMatchObject([{ action: 'update', reason: 'terminated', urgent: true, before: found }]);
  });

  test('to what is wanted anyway still brings the ledger up to date', () => {
    const found = set(['203.0.113.1']);
    const { changes } = plan([wanted(one)], [owned(both)], { drift: [{ key, observed: found }] });
    expect(changes).toMatchObject([{ action: 'update', before: found, after: found }]);
  });

  test('of a set that nobody wants is deleted as it was found', () => {
    const found = set(['192.0.2.66']);
    const { changes } = plan([], [owned(one)], { drift: [{ key, observed: found }] });
    expect(changes).toMatchObject([{ action: 'delete', before: found }]);
  });

  test('that took an unwanted set away leaves the ledger to forget it, with nothing on the wire', () => {
    const { changes } = plan([], [owned(one)], { drift: [{ key }] });
    expect(changes).toMatchObject([{ action: 'delete', before: { name: 'web.example.com', values: [] } }]);
    expect(wireChanges(changes)).toEqual([]);
  });

  test('to a set that Rolecall cannot write is a foreign record', () => {
    const observed = { opaque: true as const, name: 'web.example.com', type: 'A' };
    for (const desired of [[wanted(one)], []]) {
      const result = plan(desired, [owned(one)], { drift: [{ key, observed }] });
      expect(result.changes).toEqual([]);
      expect(result.withheld).toMatchObject([{ reason: 'foreign-record', name: 'web.example.com' }]);
      expect(result.restated).toEqual([{ ...owned(one), set: set([]), ours: set(['203.0.113.1']) }]);
    }
  });
});

describe('a name that two roles want', () => {
  const api = { role: 'api' };

  test('stays with the role that has it', () => {
    const result = plan([wanted({ 'i-2': ['203.0.113.2'] }, api), wanted(one)], [owned(one)]);
    expect(result.changes).toEqual([]);
    expect(result.withheld).toEqual([
      {
        role: 'api',
        name: 'web.example.com',
        type: 'A',
        reason: 'name-taken',
        detail: 'web.example.com belongs to the role web',
      },
    ]);
  });

  test('goes to the first by alphabet where neither has it', () => {
    const result = plan([wanted(one), wanted({ 'i-2': ['203.0.113.2'] }, api)], []);
    expect(result.changes.map(({ role: name }) => name)).toEqual(['api']);
    expect(result.withheld).toMatchObject([{ role: 'web', reason: 'name-taken' }]);
  });

  test('is that of the first by alphabet in one batch where an address points to it, whoever has it', () => {
    const pointer = (name: string, member: string) =>
      wanted({ [member]: [`${name}.example.com`] }, { role: name, type: 'PTR' });
    const rivals = [pointer('web', 'i-1'), pointer('api', 'i-1')];
    const { changes, withheld } = plan(rivals, [{ ...pointer('web', 'i-1'), serial: 7 }]);
    expect(changes.map(({ action, role: name }) => `${action} ${name}`)).toEqual(['delete web', 'create api']);
    expect(withheld).toMatchObject([{ role: 'web', type: 'PTR', reason: 'name-taken' }]);
    expect(plan(rivals, [{ ...pointer('api', 'i-1'), serial: 7 }]).changes).toEqual([]);
  });

  test('stays with a role whose wishes are not known', () => {
    const roles = [{ role: 'web', desired: [wanted(one)], withheld: [] }];
    const result = plan([], [owned(one, api)], { roles });
    expect(result.changes).toEqual([]);
    expect(result.withheld).toMatchObject([{ role: 'web', reason: 'name-taken' }]);
  });

  test('is for two roles where one has its addresses and the other its mail exchange', () => {
    const mail = wanted({ role: ['10 mx1.example.com'] }, { role: 'mail', type: 'MX' });
    const { changes, withheld } = plan([wanted(one), mail], []);
    expect(changes.map(({ role, action }) => `${action} ${role}`)).toEqual(['create web', 'create mail']);
    expect(withheld).toEqual([]);
  });

  test('is for one role alone where one of them wants a CNAME', () => {
    const cname = wanted({ role: ['ec2-1.example.net'] }, { role: 'api', type: 'CNAME' });
    const { changes, withheld } = plan([wanted(one), cname], []);
    expect(changes.map(({ role }) => role)).toEqual(['api']);
    expect(withheld).toMatchObject([{ role: 'web', reason: 'name-taken' }]);
  });

  test('is for one role whatever the types', () => {
    const result = plan([wanted(one), wanted({ 'i-2': ['2001:db8::1'] }, { ...api, type: 'AAAA' })], [owned(one)]);
    expect(result.changes).toEqual([]);
    expect(result.withheld).toMatchObject([{ role: 'api', type: 'AAAA', reason: 'name-taken' }]);
  });

  test('is handed over in one batch when its role wants it no more', () => {
    const { changes } = plan([wanted({ 'i-2': ['203.0.113.2'] }, api)], [owned(one)]);
    expect(changes.map(({ action, role: name }) => `${action} ${name}`)).toEqual(['delete web', 'create api']);
    expect(nextBatch(changes, { maxElements: 1000 })).toEqual({ batch: changes, rest: [] });
    const zone = new StrictZone([set(['203.0.113.1'])]);
    zone.change(wireChanges(changes));
    expect(zone.sets).toEqual([set(['203.0.113.2'])]);
  });
});

describe('a reason', () => {
  test('is that of what took something away, and names its members first', () => {
    const three = { ...one, 'i-3': ['203.0.113.3'] };
    const marks = [
      instanceMark('i-3', 'launched', 100),
      instanceMark('i-2', 'terminated', 900),
      instanceMark('i-1', 'address', 50),
    ];
    expect(plan([wanted(three)], [owned(both)], { marks }).changes).toMatchObject([
      { reason: 'terminated', instances: ['i-2', 'i-3'], sinceMs: 900, urgent: true },
    ]);
  });

  test('has the time of the oldest of its causes', () => {
    const marks = [instanceMark('i-1', 'terminated', 700), instanceMark('i-2', 'terminated', 500)];
    expect(plan([], [owned(both)], { marks }).changes).toMatchObject([{ sinceMs: 500, instances: ['i-1', 'i-2'] }]);
  });

  test('is the role’s where no member is marked', () => {
    const changes = plan([wanted({ 'slot:1': ['198.51.100.1'] })], [], { marks: [roleMark('slot', 30)] }).changes;
    expect(changes).toMatchObject([{ reason: 'slot', instances: [], sinceMs: 30, urgent: false }]);
  });

  test('is the address where nothing is marked', () => {
    const moved = { 'i-1': ['203.0.113.9'] };
    const [change] = plan([wanted(moved)], [owned(one)]).changes;
    expect(change).toMatchObject({ reason: 'address', instances: ['i-1'], urgent: false });
    expect(change).not.toHaveProperty('sinceMs');
  });

  test('is not that of a mark for another role', () => {
    const marks = [instanceMark('i-2', 'untagged', 5, ['api'])];
    expect(plan([wanted(one)], [owned(both)], { marks }).changes).toMatchObject([{ reason: 'address', urgent: false }]);
  });

  test('is that it was tagged where a tag has taken it from another role', () => {
    const marks = [instanceMark('i-2', 'untagged', 5)];
    expect(plan([wanted(both)], [owned(one)], { marks }).changes).toMatchObject([
      { reason: 'tagged', instances: ['i-2'], sinceMs: 5, urgent: false },
    ]);
  });

  test.each(['terminated', 'stopped', 'draining', 'untagged'] as const)('%s is urgent', (reason) => {
    const marks = [instanceMark('i-2', reason)];
    expect(plan([wanted(one)], [owned(both)], { marks }).changes).toMatchObject([{ reason, urgent: true }]);
  });

  test.each(['absent', 'address', 'sick'] as const)('%s is not urgent', (reason) => {
    const marks = [instanceMark('i-2', reason)];
    expect(plan([wanted(one)], [owned(both)], { marks }).changes).toMatchObject([{ reason, urgent: false }]);
  });

  test('is not urgent where another member still has the address', () => {
    const shared = { 'i-1': ['203.0.113.1'], 'i-2': ['203.0.113.1'], 'i-3': ['203.0.113.3'] };
    const left = { 'i-1': ['203.0.113.1'] };
    const marks = [instanceMark('i-2', 'terminated'), instanceMark('i-3', 'address')];
    expect(plan([wanted(left)], [owned(shared)], { marks }).changes).toMatchObject([{ urgent: false }]);
  });
});

describe('what is withheld', () => {
  test('is passed on once, in order', () => {
    const refusal = { role: 'web', name: 'b.example.com', type: 'A', reason: 'no-address' as const, instance: 'i-1' };
    const roles = [{ role: 'web', desired: [], withheld: [refusal, { ...refusal, name: 'a.example.com' }, refusal] }];
    expect(plan([], [], { roles }).withheld.map(({ name }) => name)).toEqual(['a.example.com', 'b.example.com']);
  });
});
