import { describe, expect, it } from 'vitest';
import type { GroupHead, Mark, Pace } from '../../lib/model/ledger.ts';
import { acceptedPace, elementsFor, refusedPace, restMs, unhurriedMs } from '../../lib/reconcile/pace.ts';

const NOW = 1_000_000;
/** Without jitter: the fraction of this id is 0. */
const random = { id: () => '' };

function headWith(pace?: Pace): GroupHead {
  return {
    group: 'Z1',
    owner: 'test',
    serialOwner: 'test',
    ownedSets: 0,
    retired: false,
    epoch: 0,
    ...(pace === undefined ? {} : { pace }),
  };
}

function throttled(before: Pace | undefined, elements: number, changes = elements): Pace {
  return refusedPace(before, 'throttled', { elements, changes }, NOW, random);
}

describe('a zone that Route 53 throttles', () => {
  it('gets half the request, once the tokens for that half are there again', () => {
    expect(throttled(undefined, 1000)).toEqual({ maxElements: 500, refusals: 1, restUntilMs: NOW + 5_000 });
  });

  it('gets a quarter after the second time in a row, and is left alone twice as long for its size', () => {
    expect(throttled({ maxElements: 500, refusals: 1, restUntilMs: NOW }, 500)).toEqual({
      maxElements: 250,
      refusals: 2,
      restUntilMs: NOW + 5_000,
    });
  });

  it('gets no less than 50 elements, and rests no less than a second and about a minute at most', () => {
    const rests = [1, 2, 7].map((refusals) => throttled({ maxElements: 50, refusals, restUntilMs: 0 }, 50, 50));
    expect(rests.map(({ maxElements }) => maxElements)).toEqual([50, 50, 50]);
    expect(rests.map(({ restUntilMs }) => restUntilMs - NOW)).toEqual([2_000, 4_000, 60_000]);
    expect(throttled(undefined, 3).restUntilMs - NOW).toBe(1_000);
  });

  it('rests for the changes of a request, not for the values in them', () => {
    expect(throttled(undefined, 800, 4)).toMatchObject({ maxElements: 400, restUntilMs: NOW + 1_000 });
  });

  it('rests up to a quarter longer, so that several zones do not come back together', () => {
    const rests = ['a', 'b', 'one', 'other'].map(
      (id) => refusedPace(undefined, 'throttled', { elements: 1000, changes: 1000 }, NOW, { id: () => id }).restUntilMs,
    );
    expect(new Set(rests).size).toBe(4);
    expect(rests.every((untilMs) => untilMs >= NOW + 5_000 && untilMs <= NOW + 6_250)).toBe(true);
  });

  it('gets larger requests again with each that it accepts, with the back-off begun anew', () => {
    const first = acceptedPace({ maxElements: 125, refusals: 3, restUntilMs: NOW });
    expect(first).toEqual({ maxElements: 250, refusals: 0, restUntilMs: 0 });
    expect(acceptedPace(first)).toEqual({ maxElements: 500, refusals: 0, restUntilMs: 0 });
    expect(acceptedPace(acceptedPace(first))).toBeUndefined();
  });

  it('is left alone until its rest is over, and not a moment more', () => {
    const head = headWith({ maxElements: 500, refusals: 1, restUntilMs: NOW + 5_000 });
    expect([restMs(head, NOW), restMs(head, NOW + 4_000), restMs(head, NOW + 5_000)]).toEqual([5_000, 1_000, 0]);
    expect(elementsFor(head)).toBe(500);
  });
});

describe('a zone that is busy with another request', () => {
  it('gets the same again after a rest', () => {
    const pace = refusedPace(undefined, 'busy', { elements: 1000, changes: 1000 }, NOW, random);
    expect(pace).toEqual({ maxElements: 1000, refusals: 1, restUntilMs: NOW + 1_000 });
  });
});

describe('a zone that was never refused', () => {
  it('gets all that a request may hold, at once', () => {
    expect([elementsFor(headWith()), restMs(headWith(), NOW)]).toEqual([1000, 0]);
    expect(acceptedPace(undefined)).toBeUndefined();
  });

  it('gets what can wait half a second after its last write, and a removal on proof at once', () => {
    const mark = (reason: Mark['reason']): Mark => ({
      group: 'Z1',
      subject: { kind: 'role', role: 'web' },
      roles: ['web'],
      reason,
      sinceMs: NOW,
      stamp: '1',
    });
    const head = { ...headWith(), acceptedAtMs: NOW - 100 };
    expect(unhurriedMs(head, [mark('launched')], NOW)).toBe(400);
    expect(unhurriedMs(head, [mark('launched'), mark('terminated')], NOW)).toBe(0);
    expect(unhurriedMs(head, [mark('draining')], NOW)).toBe(0);
  });
});
