import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../lib/model/journal.ts';
import type { GroupHead, Note } from '../../lib/model/ledger.ts';
import { measurementsOf, standingMeasurements, summed } from '../../lib/reconcile/measurements.ts';

const CHANGE: Extract<JournalEntry, { kind: 'change' }> = {
  kind: 'change',
  action: 'delete',
  role: 'web',
  zone: 'example.com',
  name: 'web.example.com',
  type: 'A',
  reason: 'terminated',
  before: ['203.0.113.1'],
  after: [],
  ttl: 60,
  members: [],
  batch: 'b',
  serial: 2,
  eventToAcceptedMs: 1500,
};

describe('measurementsOf', () => {
  it('measures a removal from its event to its acceptance, and the TTL on top as exposure', () => {
    expect(measurementsOf(CHANGE)).toEqual([
      { name: 'Changes', value: 1 },
      { name: 'SecondsToAccepted', value: 1.5, role: 'web' },
      { name: 'Exposure', value: 61.5, role: 'web' },
    ]);
  });

  it('finds no exposure in what is only added', () => {
    const created = measurementsOf({ ...CHANGE, action: 'create', reason: 'launched' });
    expect(created.map(({ name }) => name)).toEqual(['Changes', 'SecondsToAccepted']);
  });

  it('counts a removal without proof apart', () => {
    expect(measurementsOf({ ...CHANGE, reason: 'absent' })).toContainEqual({ name: 'RemovedAsAbsent', value: 1 });
    expect(measurementsOf(CHANGE)).not.toContainEqual({ name: 'RemovedAsAbsent', value: 1 });
  });

  it('counts what was drained', () => {
    const drained = { kind: 'drained', role: 'web', reason: 'draining', instance: 'i-1', asked: ['hook'], waitedMs: 1 };
    expect(measurementsOf(drained as JournalEntry)).toEqual([{ name: 'Drains', value: 1 }]);
  });

  it.each([
    ['conflict', 'foreign-record', 'Conflicts'],
    ['withheld', 'no-address', 'Withheld'],
    ['refused', 'not-allowed', 'RefusedClaims'],
  ] as const)('counts a %s when it begins, not when it ends', (kind, reason, name) => {
    const entry = { kind, role: 'web', name: 'web.example.com', type: 'A', reason };
    expect(measurementsOf(entry)).toEqual([{ name, value: 1 }]);
    expect(measurementsOf({ ...entry, cleared: true })).toEqual([]);
  });
});

describe('standingMeasurements', () => {
  const note = (reason: Note['reason']): Note => ({
    kind: reason === 'foreign-record' ? 'conflict' : 'withheld',
    role: 'web',
    name: 'web.example.com',
    type: 'A',
    reason,
    sinceMs: 1,
  });
  const head: GroupHead = {
    group: 'Z0AAA',
    owner: 'rolecall',
    serialOwner: 'rolecall',
    ownedSets: 3,
    retired: false,
    epoch: 0,
  };

  it('counts what stands, and says zero of what does not', () => {
    expect(standingMeasurements(head, [note('foreign-record'), note('not-allowed'), note('no-address')])).toEqual([
      { name: 'StandingConflicts', value: 1 },
      { name: 'StandingRejections', value: 0 },
      { name: 'StandingRefusals', value: 1 },
      { name: 'PoolsEmpty', value: 0 },
      { name: 'PoolsTooSmall', value: 0 },
      { name: 'HealthChecksMissing', value: 0 },
      { name: 'ZonesLost', value: 0 },
    ]);
  });

  it('counts a zone that Route 53 refuses', () => {
    expect(standingMeasurements({ ...head, trouble: 'zone-gone' }, [])).toContainEqual({ name: 'ZonesLost', value: 1 });
  });

  it('counts what is published without its health check', () => {
    expect(standingMeasurements(head, [note('no-health-check')])).toContainEqual({
      name: 'HealthChecksMissing',
      value: 1,
    });
  });

  it('adds up over groups', () => {
    const zone = standingMeasurements(head, [note('foreign-record')]);
    expect(summed([...zone, ...zone])).toContainEqual({ name: 'StandingConflicts', value: 2 });
  });
});
