import { beforeAll, describe, expect, it } from 'vitest';
import { type Base, makeBase } from './base.ts';
import corpus from './corpus.json' with { type: 'json' };
import { type Report, simulateTogether } from './crew.ts';
import { notMet, RARE_AFTER_SEEDS } from './rare.ts';
import { simulate, warmUp } from './run.ts';

/** So many in every run of the tests; `npm run simulate -- --seeds 10000` runs more. */
const SEEDS = Number(process.env['SIMULATED_SEEDS'] ?? 2_000);
const LONGEST_MS = 900_000;

let base: Base;
beforeAll(async () => {
  base = await makeBase();
  await warmUp(base);
});

async function violationsOf(seeds: readonly number[]): Promise<string[]> {
  const violations: string[] = [];
  for (const seed of seeds) {
    const { violation } = await simulate(seed, base);
    if (violation !== undefined) violations.push(`npm run simulate -- --seed ${seed}: ${violation.message}`);
  }
  return violations;
}

describe('a simulated installation', () => {
  it('lives through the same seed the same way, down to every call', async () => {
    for (const seed of [3, 4]) {
      const [once, again] = [await simulate(seed, base), await simulate(seed, base)];
      expect(once.trace.length).toBeGreaterThan(20);
      expect(again.trace).toEqual(once.trace);
    }
  });

  it('lives through a seed in another process as in this one', async () => {
    const here = await simulate(5, base);
    const seeds = [5];
    const there: Report[] = [];
    await simulateTogether(base, { workers: 1, next: () => seeds.shift(), report: (report) => there.push(report) });
    expect(there).toEqual([{ seed: 5, counts: here.counts }]);
    expect(here.counts.size).toBeGreaterThan(5);
  });

  it('does not live through another seed the same way', async () => {
    const [one, other] = [await simulate(3, base), await simulate(4, base)];
    expect(other.trace).not.toEqual(one.trace);
  });

  it.each([
    [314, 'another Rolecall in the way'],
    [1062, 'another Rolecall out of the way'],
    [118, 'said conflict zone-full'],
    [65, 'another version: mark'],
  ])('lives in seed %i through what few seeds have: %s', async (seed, what) => {
    const { violation, counts } = await simulate(seed, base);
    expect(violation).toBeUndefined();
    expect(counts.get(what)).toBeGreaterThan(0);
  });

  it('keeps every invariant in the seeds that once broke one', async () => {
    expect(await violationsOf(corpus.map(({ seed }) => seed))).toEqual([]);
  });

  it(
    `keeps every invariant, whatever happens, in the seeds up to ${SEEDS}`,
    async () => {
      const violations: string[] = [];
      const counts = new Map<string, number>();
      let seeds = 0;
      await simulateTogether(base, {
        next: () => (seeds < SEEDS ? (seeds += 1) : undefined),
        report: ({ seed, violation, counts: more }) => {
          for (const [what, count] of more) counts.set(what, (counts.get(what) ?? 0) + count);
          if (violation !== undefined) violations.push(`npm run simulate -- --seed ${seed}: ${violation.message}`);
        },
      });
      expect(violations).toEqual([]);
      expect(SEEDS < RARE_AFTER_SEEDS ? [] : notMet(counts)).toEqual([]);
    },
    LONGEST_MS,
  );
});
