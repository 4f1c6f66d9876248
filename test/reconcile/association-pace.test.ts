import { describe, expect, it } from 'vitest';
import { Pace } from '../../lib/reconcile/association-pace.ts';

function clockAt(startMs: number) {
  let nowMs = startMs;
  const slept: number[] = [];
  return {
    slept,
    now: () => nowMs,
    sleep: (ms: number) => {
      slept.push(ms);
      nowMs += ms;
      return Promise.resolve();
    },
  };
}

async function turns(pace: Pace, count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await pace.turn();
}

describe('the pace of calls that change something in EC2', () => {
  it('lets twenty through at once, and then five a second', async () => {
    const clock = clockAt(1_000);
    await turns(new Pace(clock, undefined, []), 20);
    expect(clock.slept).toEqual([]);
    const again = clockAt(1_000);
    await turns(new Pace(again, undefined, []), 25);
    expect(again.slept).toEqual([200, 200, 200, 200, 200]);
  });

  it('goes on where the pass before left off, and forgets as time passes', async () => {
    const clock = clockAt(1_000);
    const pace = new Pace(clock, undefined, []);
    await turns(pace, 20);
    expect(pace.level).toEqual({ calls: 20, atMs: 1_000 });
    const next = clockAt(2_000);
    await turns(new Pace(next, pace.level, []), 6);
    expect(next.slept).toEqual([200]);
    const later = clockAt(5_000);
    await turns(new Pace(later, pace.level, []), 20);
    expect(later.slept).toEqual([]);
  });

  it('counts the calls that a pass made before it died, and none twice', async () => {
    const calls = Array.from({ length: 20 }, () => 1_000);
    const clock = clockAt(1_000);
    await turns(new Pace(clock, undefined, calls), 1);
    expect(clock.slept).toEqual([200]);
    const known = clockAt(1_000);
    await turns(new Pace(known, { calls: 3, atMs: 1_000 }, calls), 1);
    expect(known.slept).toEqual([]);
  });

  it('leaves nothing where no call was made', () => {
    expect(new Pace(clockAt(1_000), { calls: 3, atMs: 900 }, []).level).toBeUndefined();
  });
});
