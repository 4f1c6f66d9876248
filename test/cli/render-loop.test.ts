import { describe, expect, it } from 'vitest';
import { renderForEver, type RenderJob } from '../../lib/cli/render/render-loop.ts';
import type { RoleView } from '../../lib/model/role-view.ts';

const TIMES = { intervalMs: 5_000, quietMs: 2_000, atMostMs: 10_000 };

function viewOf(...ids: string[]): RoleView {
  const names = { private: [], public: [], ipv6: [] };
  return { schemaVersion: 1, role: 'web', members: ids.map((id) => ({ id, ipv6: [], weight: 10, names })) };
}

/** How often the source was read in the last play. */
let reads = 0;

interface Happened {
  readonly atMs: number;
  readonly what: string;
}

/** Plays a source over virtual time: what it gives from each second on; a text is why it cannot be read. */
async function played(
  script: Readonly<Record<number, string | readonly string[]>>,
  untilMs: number,
  failsCommandUntilMs = 0,
  times = TIMES,
  isOverwritten: (nowMs: number) => boolean = () => false,
): Promise<Happened[]> {
  let nowMs = 0;
  reads = 0;
  let file = '';
  let isDue = false;
  const happened: Happened[] = [];
  const note = (what: string) => happened.push({ atMs: nowMs, what });
  const current = () => {
    const due = Object.keys(script)
      .map(Number)
      .filter((second) => second * 1000 <= nowMs);
    return script[Math.max(...due)] ?? [];
  };
  const job: RenderJob = {
    source: {
      name: 'the source',
      read: async () => {
        reads += 1;
        const now = current();
        if (typeof now === 'string') throw new Error(now);
        return [viewOf(...now)];
      },
    },
    write: async ([view]) => {
      const ids = (view?.members ?? []).map(({ id }) => id).join(' ');
      if (ids === '') return { changed: false, empty: ['web'], emptiness: 'Nobody serves web' };
      if (ids === 'full') throw new Error('No space is left.');
      if (isOverwritten(nowMs)) file = 'by others';
      const changed = file !== ids;
      file = ids;
      if (changed) note(`wrote ${ids}`);
      isDue ||= changed;
      return { changed, empty: [], emptiness: '' };
    },
    afterChange: async () => {
      if (!isDue) return;
      if (nowMs < failsCommandUntilMs) throw new Error('The command failed.');
      isDue = false;
      note('reload');
    },
    say: note,
  };
  const clock = {
    now: () => nowMs,
    sleep: async (milliseconds: number) => {
      nowMs += milliseconds;
    },
  };
  await renderForEver(job, times, clock, () => nowMs >= untilMs);
  return happened;
}

describe('watching a role', () => {
  it('writes at once, and then only what changes', async () => {
    expect(await played({ 0: ['a'] }, 60_000)).toEqual([
      { atMs: 0, what: 'wrote a' },
      { atMs: 0, what: 'reload' },
    ]);
  });

  it('lets changes settle, and writes them once', async () => {
    const happened = await played({ 0: ['a'], 5: ['a', 'b'], 7: ['a', 'b', 'c'] }, 30_000);
    expect(happened.slice(2)).toEqual([
      { atMs: 9_000, what: 'wrote a b c' },
      { atMs: 9_000, what: 'reload' },
    ]);
  });

  it('does not wait for ever where there is no rest', async () => {
    const busy = Object.fromEntries(Array.from({ length: 50 }, (_, second) => [second, [`m${second}`]]));
    const writes = (await played(busy, 50_000)).filter(({ what }) => what.startsWith('wrote'));
    expect(writes.map(({ atMs }) => atMs)).toEqual([0, 15_000, 30_000, 45_000]);
  });

  it('keeps what was written while nothing can be read, and says so once', async () => {
    const happened = await played({ 0: ['a'], 10: 'The endpoint is away.', 40: ['a'] }, 60_000);
    expect(happened.slice(2)).toEqual([
      { atMs: 10_000, what: 'The endpoint is away. What was written last stays.' },
      { atMs: 40_000, what: 'the source can be read again.' },
    ]);
  });

  it('keeps what was written when nobody serves, and says so once', async () => {
    const happened = await played({ 0: ['a'], 10: [] }, 60_000);
    expect(happened.slice(2)).toEqual([
      { atMs: 12_000, what: 'Nobody serves web: what was written last stays; see --when-empty.' },
    ]);
  });

  it('tries a failed command again until it works, once for a change', async () => {
    const happened = await played({ 0: ['a'] }, 60_000, 12_000);
    expect(happened.slice(1)).toEqual([
      { atMs: 0, what: 'The command failed. It is tried again.' },
      { atMs: 15_000, what: 'reload' },
      { atMs: 15_000, what: 'The command worked.' },
    ]);
  });

  it('tries a failed command again while nothing can be read', async () => {
    const happened = await played({ 0: ['a'], 5: 'The endpoint is away.' }, 60_000, 12_000);
    expect(happened.slice(1)).toEqual([
      { atMs: 0, what: 'The command failed. It is tried again.' },
      { atMs: 5_000, what: 'The endpoint is away. What was written last stays.' },
      { atMs: 15_000, what: 'reload' },
      { atMs: 15_000, what: 'The command worked.' },
    ]);
  });

  it('is never later than the second time of --wait, whatever the first', async () => {
    const busy = Object.fromEntries(Array.from({ length: 40 }, (_, second) => [second, [`m${second}`]]));
    const happened = await played(busy, 40_000, 0, { intervalMs: 5_000, quietMs: 4_000, atMostMs: 10_000 });
    const writes = happened.filter(({ what }) => what.startsWith('wrote'));
    expect(writes.map(({ atMs }) => atMs)).toEqual([0, 15_000, 30_000]);
  });

  it('waits for the quiet to end anew after a change that is taken back, and then writes nothing', async () => {
    const happened = await played({ 0: ['a'], 5: ['b'], 6: ['a'] }, 30_000);
    expect(happened.slice(2)).toEqual([]);
  });

  it('writes again what others have changed, and says so', async () => {
    const happened = await played({ 0: ['a'] }, 30_000, 0, TIMES, (nowMs) => nowMs === 10_000);
    expect(happened.slice(2)).toEqual([
      { atMs: 10_000, what: 'wrote a' },
      { atMs: 10_000, what: 'Others had changed the file; it is as it should be again.' },
      { atMs: 10_000, what: 'reload' },
    ]);
  });

  it('does not look more often than --interval while the file cannot be written', async () => {
    const happened = await played({ 0: ['a'], 5: ['full'] }, 60_000, 0, { ...TIMES, quietMs: 1_000 });
    expect(happened.slice(2)).toEqual([{ atMs: 6_000, what: 'No space is left. What was written last stays.' }]);
    expect(reads).toBeLessThan(15);
  });
});
