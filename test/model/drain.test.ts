import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asksInEffect,
  asksOfIncarnation,
  type DrainAsk,
  isDrainTagged,
  withAsk,
  withDueAsks,
  withoutAsks,
} from '../../lib/model/drain.ts';

const SPOT: DrainAsk = { by: 'spot', atMs: 100 };

describe('what asks an instance to leave', () => {
  it('is kept once, and once for each lifecycle action', () => {
    const asks = withAsk([], SPOT);
    expect(asks).toEqual([SPOT]);
    expect(withAsk(asks, { ...SPOT, atMs: 200 })).toBe(asks);
    const hooks = [
      { by: 'hook', atMs: 1, token: 'a' },
      { by: 'hook', atMs: 2, token: 'b' },
    ] as const;
    expect(hooks.reduce<readonly DrainAsk[]>(withAsk, [])).toEqual(hooks);
  });

  it('that was taken back stays so, however late it is told again', () => {
    const ended = withoutAsks(withAsk([], { by: 'request', atMs: 100 }), 'request', 150);
    expect(asksInEffect(ended)).toEqual([]);
    expect(withAsk(ended, { by: 'request', atMs: 150 })).toBe(ended);
    expect(asksInEffect(withAsk(ended, { by: 'request', atMs: 151 }))).toEqual([{ by: 'request', atMs: 151 }]);
  });

  it('in any order, told any number of times, comes to the same', () => {
    const told = [
      (asks: readonly DrainAsk[]) => withAsk(asks, SPOT),
      (asks: readonly DrainAsk[]) =>
        withAsk(asks, { by: 'retirement', atMs: 10, startsAtMs: 9_000_000, announced: true }),
      (asks: readonly DrainAsk[]) => withoutAsks(asks, 'retirement', 20),
      (asks: readonly DrainAsk[]) => withAsk(asks, { by: 'hook', atMs: 5, token: 'a' }),
    ];
    const order = fc.shuffledSubarray([0, 1, 2, 3, 0, 1, 2, 3], { minLength: 8 });
    fc.assert(
      fc.property(order, (places) => {
        const asks = places.reduce<readonly DrainAsk[]>((before, place) => told[place]?.(before) ?? before, []);
        expect(asks).toEqual([{ by: 'hook', atMs: 5, token: 'a' }, { by: 'retirement', atMs: 20, ended: true }, SPOT]);
      }),
    );
  });

  it('is announced until an hour before a retirement', () => {
    const asks = withAsk([], { by: 'retirement', atMs: 1, startsAtMs: 10_000_000, announced: true });
    expect(withDueAsks(asks, 6_399_999)).toBe(asks);
    expect(asksInEffect(asks)).toEqual([]);
    expect(asksInEffect(withDueAsks(asks, 6_400_000))).toEqual([{ by: 'retirement', atMs: 1, startsAtMs: 10_000_000 }]);
  });

  it('ends with the incarnation that it asked, but for the tag', () => {
    const asks = [SPOT, { by: 'tag', atMs: 100 }] as const;
    const tags = { 'rolecall:drain': '' };
    expect(asksOfIncarnation(asks, { launchTimeMs: 100, tags }, 300)).toBe(asks);
    expect(asksOfIncarnation(asks, { launchTimeMs: 200, tags }, 300)).toEqual([{ by: 'tag', atMs: 100 }]);
    expect(asksOfIncarnation(asks, { launchTimeMs: 200, tags: {} }, 300)).toEqual([]);
    expect(asksOfIncarnation([], { launchTimeMs: 200, tags }, 300)).toEqual([{ by: 'tag', atMs: 300 }]);
  });

  const SET = { 'rolecall:drain': '' };
  const TOLD: readonly DrainAsk[] = [{ by: 'tag', atMs: 10_000 }];
  const TAKEN_AWAY: readonly DrainAsk[] = [{ by: 'tag', atMs: 10_000, ended: true }];

  it.each([
    ['asks though a read does not show it yet', TOLD, {}, {}, 69_999, [10_000]],
    ['asks no more once a read cannot be older', TOLD, {}, {}, 70_000, []],
    ['asks no more once a read shows that it was taken away', TOLD, {}, SET, 12_000, []],
    ['does not ask though a read shows it still', TAKEN_AWAY, SET, SET, 69_999, []],
    ['asks where a read that cannot be older shows it', TAKEN_AWAY, SET, SET, 70_000, [70_000]],
    ['asks once a read shows that it was set again', TAKEN_AWAY, SET, {}, 12_000, [12_000]],
  ])('by the tag %s', (_how, asks, tags, tagsBefore, readAtMs, expected) => {
    const read = { launchTimeMs: 5_000, tags };
    const after = asksOfIncarnation(asks, read, readAtMs, { launchTimeMs: 5_000, tags: tagsBefore });
    expect(asksInEffect(after).map(({ atMs }) => atMs)).toEqual(expected);
    expect(asksOfIncarnation(after, read, readAtMs, read)).toBe(after);
  });

  it.each([
    [{}, false],
    [{ 'rolecall:drain': 'false' }, false],
    [{ 'rolecall:drain': 'False' }, false],
    [{ 'rolecall:drain': '' }, true],
    [{ 'rolecall:drain': 'true' }, true],
    [{ 'rolecall:drain': 'no' }, true],
  ])('by the tag %j: %s', (tags, expected) => {
    expect(isDrainTagged(tags)).toBe(expected);
  });
});
