import { beforeAll, describe, expect, it } from 'vitest';
import { type Base, makeBase } from './base.ts';
import { PLANTED_BUGS } from './planted-bugs.ts';
import { edited, simulatorWith } from './planting.ts';
import { simulate, warmUp } from './run.ts';

/** Those that one of the first seeds catches; `npm run simulate:planted` tries all of them. */
const FIRST_SEEDS = 12;
const FAST = PLANTED_BUGS.flatMap(({ seed, ...bug }) =>
  seed === undefined || seed > FIRST_SEEDS ? [] : [{ seed, ...bug }],
);

let base: Base;
/** Whether a seed holds without any mistake; many have the same. */
const unplanted = new Map<number, boolean>();

async function holdsUnplanted(seed: number): Promise<boolean> {
  const known = unplanted.get(seed) ?? (await simulate(seed, base)).violation === undefined;
  unplanted.set(seed, known);
  return known;
}

beforeAll(async () => {
  base = await makeBase();
  await warmUp(base);
});

describe('a planted bug', () => {
  it.each(PLANTED_BUGS)('still has its place in the sources: $name', async (bug) => {
    expect(await edited(bug.file, [bug])).toContain(bug.becomes);
  });

  it('is caught by a seed that it names, which `npm run simulate:planted` tries', () => {
    const open = PLANTED_BUGS.filter(({ seed }) => seed === undefined).map(({ name }) => name);
    expect(open).toEqual([]);
  });

  it('is one of fifteen or more that the first seeds catch', () => {
    expect(FAST.length).toBeGreaterThanOrEqual(15);
  });

  it.each(FAST)(`is caught within ${FIRST_SEEDS} seeds, where the same seed without it holds: $name`, async (bug) => {
    const buggy = await simulatorWith(bug);
    expect((await buggy.simulate(bug.seed, base)).violation).toBeDefined();
    expect(await holdsUnplanted(bug.seed)).toBe(true);
  });
});
