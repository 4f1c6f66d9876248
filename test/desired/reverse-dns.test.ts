import { describe, expect, it } from 'vitest';
import { reverseDnsSteps, type ReverseDnsInput } from '../../lib/desired/reverse-dns.ts';
import type { ReverseDns } from '../../lib/model/address.ts';
import type { Note } from '../../lib/model/ledger.ts';
import type { AskedReverseDns, Slot } from '../../lib/model/slot.ts';
import { pooled, slot as slotOf } from './examples.ts';

const NOW_MS = 10_000_000;
const NAME = 'mx1.example.com';

function slot(reversed: readonly AskedReverseDns[] = []): Slot {
  return slotOf(1, { reversed });
}

function steps(shown: Partial<ReverseDns>, more: Partial<ReverseDnsInput> = {}) {
  const source = { kind: 'tag', pool: 'web' } as const;
  const role = pooled(undefined, {
    elasticIp: { source, succession: 'oldest', preferZone: false, ptr: 'mx{ordinal}.example.com' },
  });
  return reverseDnsSteps({
    role,
    slots: [slot()],
    shown: [{ allocationId: 'eipalloc-1', ...shown }],
    notes: [],
    elsewhere: new Set(),
    nowMs: NOW_MS,
    ...more,
  });
}

function refusedAt(atMs: number, set = NAME): Note {
  return {
    kind: 'withheld',
    role: 'web',
    name: '198.51.100.1',
    type: 'PTR',
    reason: 'ptr-refused',
    detail: 'no forward record',
    refused: { set, atMs },
    sinceMs: atMs,
  };
}

describe('an update that EC2 accepted and then failed', () => {
  const failed = { name: NAME, reason: 'the forward record is missing' };

  it('is said with its reason, and is not asked for again at once', () => {
    expect(steps({ failed })).toMatchObject([
      { kind: 'refused', name: NAME, reason: 'mx1.example.com: the forward record is missing', atMs: NOW_MS },
    ]);
    expect(steps({ failed }, { notes: [refusedAt(NOW_MS - 3_599_999)] })).toMatchObject([{ kind: 'refused' }]);
  });

  it('is asked for again after an hour', () => {
    expect(steps({ failed }, { notes: [refusedAt(NOW_MS - 3_600_000)] })).toMatchObject([{ kind: 'set', name: NAME }]);
  });

  it('of another name holds up nothing', () => {
    expect(steps({ failed: { name: 'old.example.com', reason: 'gone' } })).toMatchObject([{ kind: 'set', name: NAME }]);
    const notes = [refusedAt(NOW_MS - 1_000, 'old.example.com')];
    expect(steps({}, { notes })).toMatchObject([{ kind: 'set', name: NAME }]);
  });
});

describe('the reverse DNS that a pool wants', () => {
  it.each([
    ['is there', { current: NAME }],
    ['is under way', { pending: NAME }],
    ['waits for another update', { current: NAME, pending: 'other.example.com' }],
  ])('needs no step where it %s', (_how, shown) => {
    expect(steps(shown)).toEqual([]);
  });

  it('is not asked for again while a read may be older than the answer', () => {
    const asked = { allocationId: 'eipalloc-1', names: [NAME] };
    const settling = { slots: [slot([{ ...asked, acceptedAtMs: NOW_MS - 29_999 }])] };
    expect(steps({}, settling)).toEqual([]);
    const settled = { slots: [slot([{ ...asked, acceptedAtMs: NOW_MS - 30_000 }])] };
    expect(steps({}, settled)).toMatchObject([{ kind: 'set', name: NAME }]);
  });

  it('is none for an address that EC2 does not show', () => {
    expect(steps({}, { shown: [] })).toEqual([]);
  });
});
