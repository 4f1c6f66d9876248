import { beforeEach, describe, expect, it } from 'vitest';
import { searchedJournal } from '../../lib/cli/journal-search.ts';
import { createRegistry } from '../../lib/aws/registry.ts';
import { createHistory } from '../../lib/aws/registry/history.ts';
import { World } from '../../local/simulation/world.ts';
import { targetOf } from '../cli/world-target.ts';
import type { History } from '../../lib/reconcile/ports.ts';

let world: World;
let history: History;

beforeEach(async () => {
  world = await World.open({ zones: { pub: { name: 'example.com', id: 'Z0AAA' } }, roles: { web: 'pub' } });
  const settings = { table: targetOf(world).outputs.RegistryTable };
  history = createHistory(world.user.dynamodb, settings, world.timeline, { id: () => 'x' });
});

describe('the journal', () => {
  it('is read back as it was written, oldest first, over the end of a day', async () => {
    let nowMs = Date.UTC(2026, 0, 1, 23, 59, 59, 999);
    let ids = 0;
    const clock = { now: () => nowMs, sleep: () => Promise.resolve() };
    const table = targetOf(world).outputs.RegistryTable;
    const registry = createRegistry(world.user.dynamodb, { table }, clock, { id: () => `id-${(ids += 1)}` });
    const moved = { kind: 'moved', role: 'mail', reason: 'moved', address: '198.51.100.1', to: 'i-0b' } as const;
    await registry.journal([moved]);
    nowMs += 1;
    await registry.journal([{ ...moved, to: 'i-0c' }]);
    expect(await history.readJournal(Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 2))).toEqual([
      { atMs: Date.UTC(2026, 0, 1, 23, 59, 59, 999), entry: moved },
      { atMs: Date.UTC(2026, 0, 2), entry: { ...moved, to: 'i-0c' } },
    ]);
  });

  it('leaves out what was written before or after', async () => {
    await world.launch('web');
    await world.advance(30);
    const [first] = await history.readJournal(0, world.timeline.now());
    const atMs = first?.atMs ?? 0;
    expect(await history.readJournal(atMs, atMs)).toHaveLength(1);
    expect(await history.readJournal(atMs + 1, world.timeline.now())).toEqual([]);
    expect(await history.readJournal(0, atMs - 1)).toEqual([]);
    await world.closeCleanly();
  });
});

describe('the newest entries of the journal', () => {
  const moved = { kind: 'moved', role: 'mail', reason: 'moved', address: '198.51.100.1', to: 'i-0b' } as const;

  it('are the last so many, oldest first, over the end of a day; no more days are read than needed', async () => {
    let nowMs = Date.UTC(2026, 0, 1, 23, 59, 57);
    let ids = 0;
    const clock = { now: () => nowMs, sleep: () => Promise.resolve() };
    const table = targetOf(world).outputs.RegistryTable;
    const registry = createRegistry(world.user.dynamodb, { table }, clock, { id: () => `id-${(ids += 1)}` });
    for (let second = 0; second < 5; second += 1) {
      await registry.journal([{ ...moved, to: `i-${second}` }]);
      nowMs += 1000;
    }
    const newest = async (most?: number) =>
      (await history.readJournal(Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 3), most)).map(({ entry }) => entry);
    const to = (...seconds: number[]) => seconds.map((second) => ({ ...moved, to: `i-${second}` }));
    expect(await newest(3)).toEqual(to(2, 3, 4));
    expect(await newest(1)).toEqual(to(4));
    expect(await newest(5)).toEqual(to(0, 1, 2, 3, 4));
    expect(await newest(99)).toEqual(to(0, 1, 2, 3, 4));
    expect(await newest()).toEqual(to(0, 1, 2, 3, 4));
    expect(await searchedJournal(history, 0, Date.UTC(2026, 0, 3), 2)).toMatchObject({
      fromMs: Date.UTC(2026, 0, 2, 0, 0, 0),
      isCut: true,
    });
    expect(await searchedJournal(history, 0, Date.UTC(2026, 0, 3), 6)).toMatchObject({ fromMs: 0, isCut: false });
  });
});

describe('the last sweep', () => {
  it('is known by its times once one has run, and not before', async () => {
    expect(await history.readLastSweep()).toBeUndefined();
    await world.advance(61);
    const last = await history.readLastSweep();
    expect(last).toMatchObject({ failures: [], woken: [] });
    expect((last?.endedAtMs ?? 0) - (last?.startedAtMs ?? 0)).toBeGreaterThanOrEqual(0);
    expect(world.timeline.now() - (last?.endedAtMs ?? 0)).toBeLessThanOrEqual(61_000);
    await world.closeCleanly();
  });
});
