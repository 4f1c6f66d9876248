import { beforeAll, describe, expect, it } from 'vitest';
import { simulate, warmUp } from './run.ts';
import { baseTemplate } from './base-template.ts';

let base: unknown;
beforeAll(async () => {
  base = await baseTemplate();
  await warmUp(base);
});

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

  it('keeps every invariant, whatever happens', async () => {
    const violations: string[] = [];
    for (let seed = 1; seed <= 60; seed += 1) {
      const { violation } = await simulate(seed, base);
      if (violation !== undefined) violations.push(`npm run simulate -- --seed ${seed}: ${violation.message}`);
    }
    expect(violations).toEqual([]);
  });
});
