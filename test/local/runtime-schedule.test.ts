import { describe, expect, it } from 'vitest';
import { every, ratePeriodMs } from '../../local/runtime/schedule.ts';
import { VirtualTimeline } from '../../local/timeline.ts';

describe('a schedule', () => {
  it.each([
    ['rate(1 minute)', 60_000],
    ['rate(5 minutes)', 300_000],
    ['rate(1 hour)', 3_600_000],
    ['rate(2 days)', 172_800_000],
  ])('reads %s', (expression, periodMs) => {
    expect(ratePeriodMs(expression)).toBe(periodMs);
  });

  it.each(['cron(0 12 * * ? *)', 'rate(0 minutes)', 'rate(1 second)', ''])('refuses %s', (expression) => {
    expect(() => ratePeriodMs(expression)).toThrow('is none that the local account keeps');
  });

  it('runs its task at every period until it is ended', async () => {
    const timeline = new VirtualTimeline(0);
    const at: number[] = [];
    const end = every(timeline, 60_000, () => at.push(timeline.now()));
    await timeline.advance(185_000);
    end();
    await timeline.advance(600_000);
    expect(at).toEqual([60_000, 120_000, 180_000]);
  });
});
