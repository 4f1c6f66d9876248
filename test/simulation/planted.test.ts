import { beforeAll, describe, expect, it } from 'vitest';
import { baseTemplate } from './base-template.ts';
import { PLANTED_BUGS } from './planted-bugs.ts';
import { planted, simulatorWith } from './planting.ts';
import { simulate, warmUp } from './run.ts';

/** Caught within few seeds; `npm run simulate:planted` tries all of them. */
const FAST: readonly (readonly [bug: string, seeds: number])[] = [
  ['UPSERT in place of compare and swap', 3],
  ['no fence: a batch leaves the serial alone', 3],
  ['after an unknown outcome the write counts as done', 6],
];

let base: unknown;
beforeAll(async () => {
  base = await baseTemplate();
  await warmUp(base);
});

describe('a planted bug', () => {
  it.each(PLANTED_BUGS)('still has its place in the sources: $name', async (bug) => {
    expect(await planted(bug)).toContain(bug.becomes);
  });

  it.each(FAST)('is caught, where the same seed without it holds: %s', async (name, seeds) => {
    const bug = PLANTED_BUGS.find((each) => each.name === name);
    if (bug === undefined) throw new Error(`there is no planted bug “${name}”`);
    const buggy = await simulatorWith(bug);
    await buggy.warmUp(base);
    for (let seed = 1; seed <= seeds; seed += 1) {
      const { violation } = await buggy.simulate(seed, base);
      if (violation === undefined) continue;
      expect((await simulate(seed, base)).violation).toBeUndefined();
      return;
    }
    expect.fail(`${name} lives for ${seeds} seeds`);
  });
});
