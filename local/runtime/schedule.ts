import { InvalidInput } from '../../lib/model/errors.ts';
import type { Timeline } from '../timeline.ts';

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * The period of a rate expression ("Setting a schedule pattern for scheduled rules", Amazon EventBridge User Guide).
 *
 * @throws InvalidInput for anything but `rate(…)`.
 */
export function ratePeriodMs(expression: string): number {
  const [, count = '', unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const unitMs = UNIT_MS[unit];
  if (unitMs === undefined || Number(count) < 1) {
    throw new InvalidInput(
      `the schedule ${expression} is none that the local account keeps: it knows rate(1 minute) and the like.`,
    );
  }
  return Number(count) * unitMs;
}

/** Runs the task at every period from now on; the returned function ends that. */
export function every(timeline: Timeline, periodMs: number, task: () => void): () => void {
  let cancel = timeline.after(periodMs, due);
  function due(): void {
    cancel = timeline.after(periodMs, due);
    task();
  }
  return () => cancel();
}
