import { describe, expect, it } from 'vitest';
import { type DrainView, drainState, isOverdue } from '../../lib/desired/drain.ts';
import type { DrainAsk } from '../../lib/model/drain.ts';
import type { Withdrawal } from '../../lib/model/drain-progress.ts';
import type { Role } from '../../lib/model/role.ts';
import { member, pattern, pooled, role } from './examples.ts';

const ONE = 'i-0b1';
const AT_MS = 1_000_000;

function viewOf(asks: readonly DrainAsk[], more: Partial<DrainView> = {}): DrainView {
  const definition = role();
  const members = [
    member(1, { instanceId: ONE, role: definition.role, ...(asks.length === 0 ? {} : { drains: asks }) }),
    member(2, { instanceId: 'i-0b2', role: definition.role }),
  ];
  const roles = [{ definition, members, slots: [] }];
  return {
    instanceId: ONE,
    isLive: true,
    isHeld: false,
    roles,
    isOutdated: false,
    isDirty: false,
    withdrawals: [],
    ...more,
  };
}

const REQUEST: DrainAsk = { by: 'request', atMs: AT_MS };

function withdrawal(more: Partial<Withdrawal> = {}): Withdrawal {
  return { instanceId: ONE, zoneId: 'Z0', batch: 'b', changeId: 'C1', acceptedAtMs: AT_MS, ttlSeconds: 60, ...more };
}

describe('how far a drain has come', () => {
  it('is nowhere while nothing asks', () => {
    expect(drainState(viewOf([]), AT_MS)).toEqual({ kind: 'staying' });
    expect(drainState(viewOf([{ by: 'rebalance', atMs: AT_MS }]), AT_MS)).toEqual({ kind: 'staying' });
  });

  it('is over when the instance is gone', () => {
    expect(drainState(viewOf([REQUEST], { isLive: false, isDirty: true }), AT_MS)).toEqual({ kind: 'gone' });
  });

  it('waits for what resolvers may remember of a stopped instance only where it is at a hook', () => {
    const withdrawals = [withdrawal({ inSyncAtMs: AT_MS })];
    const stopped = { isLive: false, roles: [], withdrawals };
    expect(drainState(viewOf([], stopped), AT_MS)).toEqual({ kind: 'gone' });
    const held = viewOf([], { ...stopped, isHeld: true });
    expect(drainState(held, AT_MS + 59_999)).toEqual({ kind: 'waiting', untilMs: AT_MS + 60_000 });
    expect(drainState(held, AT_MS + 60_000)).toEqual({ kind: 'gone' });
  });

  it('is at its beginning while a pass has work, or a change is not INSYNC', () => {
    expect(drainState(viewOf([REQUEST], { isDirty: true }), AT_MS)).toEqual({ kind: 'withdrawing' });
    const withdrawals = [withdrawal({ inSyncAtMs: AT_MS }), withdrawal({ batch: 'c' })];
    expect(drainState(viewOf([REQUEST], { withdrawals }), AT_MS + 600_000)).toEqual({ kind: 'withdrawing' });
  });

  it('waits, where the last role was lost, for what is still remembered of it, but only at a hook', () => {
    const [roles, withdrawals] = [[], [withdrawal({ inSyncAtMs: AT_MS })]];
    const held = viewOf([], { roles, withdrawals, isHeld: true });
    expect(drainState(held, AT_MS + 59_999)).toEqual({ kind: 'waiting', untilMs: AT_MS + 60_000 });
    expect(drainState(held, AT_MS + 60_000)).toEqual({ kind: 'staying' });
    expect(drainState({ ...held, isDirty: true }, AT_MS + 60_000)).toEqual({ kind: 'withdrawing' });
    expect(drainState({ ...held, isHeld: false, isDirty: true }, AT_MS)).toEqual({ kind: 'staying' });
    expect(drainState(viewOf([], { withdrawals, isHeld: true, isDirty: true }), AT_MS)).toEqual({ kind: 'staying' });
  });

  it('is not judged by roles that it lost while they were read, until it is gone', () => {
    expect(drainState(viewOf([], { isOutdated: true }), AT_MS)).toEqual({ kind: 'withdrawing' });
    expect(drainState(viewOf([], { isOutdated: true, isLive: false }), AT_MS)).toEqual({ kind: 'gone' });
  });

  it('waits for the longest TTL since INSYNC', () => {
    const withdrawals = [
      withdrawal({ inSyncAtMs: AT_MS + 40_000, ttlSeconds: 10 }),
      withdrawal({ batch: 'c', inSyncAtMs: AT_MS + 5_000, ttlSeconds: 300 }),
    ];
    const view = viewOf([REQUEST], { withdrawals });
    expect(drainState(view, AT_MS + 304_999)).toEqual({ kind: 'waiting', untilMs: AT_MS + 305_000 });
    expect(drainState(view, AT_MS + 305_000)).toEqual({ kind: 'drained' });
  });

  it('takes two minutes for INSYNC where the answer was lost', () => {
    const { changeId: _lost, ...unanswered } = withdrawal();
    const view = viewOf([REQUEST], { withdrawals: [unanswered] });
    expect(drainState(view, AT_MS)).toEqual({ kind: 'waiting', untilMs: AT_MS + 180_000 });
  });

  it('is held up by a slot of a pool that it still holds, and not by one that another holds, or one without an address', () => {
    const definition = pooled([pattern()]);
    const slot = { role: definition.role, ordinal: 1, allocationId: 'a', publicIpv4: '192.0.2.1', version: 1 };
    const held = (holder: string, by: Role) =>
      viewOf([REQUEST], {
        roles: viewOf([REQUEST]).roles.map((each) => ({ ...each, definition: by, slots: [{ ...slot, holder }] })),
      });
    expect(drainState(held(ONE, definition), AT_MS)).toEqual({ kind: 'withdrawing' });
    expect(drainState(held('i-0b2', definition), AT_MS)).toEqual({ kind: 'drained' });
    expect(drainState(held(ONE, role([pattern()], { holders: 1 })), AT_MS)).toEqual({ kind: 'drained' });
  });

  it('yields as the last of its role under a retirement, and leaves under a request', () => {
    const alone = (asks: readonly DrainAsk[]) =>
      viewOf(asks, {
        roles: viewOf(asks).roles.map((each) => ({
          ...each,
          definition: { ...each.definition, drainOn: ['retirement'] as const },
          members: each.members.slice(0, 1),
        })),
      });
    expect(drainState(alone([{ by: 'retirement', atMs: AT_MS }]), AT_MS)).toEqual({ kind: 'yielding' });
    expect(drainState(alone([REQUEST]), AT_MS)).toEqual({ kind: 'drained' });
  });
});

describe('a drain', () => {
  const HOUR_MS = 3_600_000;

  it('is overdue an hour after propagation and the longest TTL, when it is still in a name', () => {
    const view = viewOf([REQUEST], {
      isDirty: true,
      withdrawals: [withdrawal({ ttlSeconds: 300, inSyncAtMs: AT_MS })],
    });
    const couldEndAtMs = AT_MS + 120_000 + 300_000;
    expect(isOverdue(view, AT_MS, couldEndAtMs + HOUR_MS - 1)).toBe(false);
    expect(isOverdue(view, AT_MS, couldEndAtMs + HOUR_MS)).toBe(true);
  });

  it('is overdue when it has drained and is not let go', () => {
    const view = viewOf([REQUEST], { withdrawals: [withdrawal({ inSyncAtMs: AT_MS + HOUR_MS })] });
    expect(isOverdue(view, AT_MS, AT_MS + 2 * HOUR_MS)).toBe(false);
    expect(isOverdue(view, AT_MS, AT_MS + 2 * HOUR_MS + 60_000)).toBe(true);
  });

  it('is not overdue while a long TTL passes, nor where nothing asks, nor once the instance is gone', () => {
    const long = viewOf([REQUEST], { withdrawals: [withdrawal({ inSyncAtMs: AT_MS, ttlSeconds: 86_400 })] });
    expect(isOverdue(long, AT_MS, AT_MS + 20 * HOUR_MS)).toBe(false);
    expect(isOverdue(viewOf([]), AT_MS, AT_MS + 20 * HOUR_MS)).toBe(false);
    expect(isOverdue(viewOf([REQUEST], { isLive: false }), AT_MS, AT_MS + 20 * HOUR_MS)).toBe(false);
  });
});
