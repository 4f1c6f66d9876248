import { beforeAll, describe, expect, it } from 'vitest';
import { baseTemplate } from './base-template.ts';
import corpus from './corpus.json' with { type: 'json' };
import { simulate, warmUp } from './run.ts';

/** So many in every run of the tests; `npm run simulate -- --seeds 2000` runs more. */
const SEEDS = Number(process.env['SIMULATED_SEEDS'] ?? 200);
/** A test takes so many: none of them is long. */
const AT_ONCE = 50;
const FIRST_SEEDS = Array.from({ length: Math.ceil(SEEDS / AT_ONCE) }, (_nothing, block) => block * AT_ONCE + 1);

let base: unknown;
beforeAll(async () => {
  base = await baseTemplate();
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

  it('does not live through another seed the same way', async () => {
    const [one, other] = [await simulate(3, base), await simulate(4, base)];
    expect(other.trace).not.toEqual(one.trace);
  });

  it('keeps every invariant in the seeds that once broke one', async () => {
    expect(await violationsOf(corpus.map(({ seed }) => seed))).toEqual([]);
  });

  it.each(FIRST_SEEDS)('keeps every invariant, whatever happens, in the seeds from %i on', async (first) => {
    const length = Math.min(AT_ONCE, SEEDS - first + 1);
    expect(await violationsOf(Array.from({ length }, (_nothing, index) => first + index))).toEqual([]);
  });
});
