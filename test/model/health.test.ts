import { describe, expect, test } from 'vitest';
import {
  alarmsOf,
  foldAlarm,
  foldAlarmList,
  foldStatusCheck,
  type Health,
  isImpaired,
  type StatusVerdict,
} from '../../lib/model/health.ts';

const LAUNCHED_MS = 1_000_000;
const MINUTE_MS = 60_000;

function after(verdicts: readonly StatusVerdict[], start?: Health): Health | undefined {
  return verdicts.reduce<Health | undefined>(
    (health, verdict, index) => foldStatusCheck(health, LAUNCHED_MS, verdict, LAUNCHED_MS + (index + 1) * MINUTE_MS),
    start,
  );
}

describe('status checks', () => {
  test.each<[string, StatusVerdict[], boolean]>([
    ['one impaired read withdraws nobody', ['impaired'], false],
    ['two in a row withdraw', ['impaired', 'impaired'], true],
    ['an ok between them begins the count anew', ['impaired', 'ok', 'impaired'], false],
    ['a read that says neither counts for nothing and interrupts nothing', ['impaired', undefined, 'impaired'], true],
    ['one ok brings nobody back', ['impaired', 'impaired', 'ok'], true],
    ['two in a row bring back', ['impaired', 'impaired', 'ok', 'ok'], false],
    ['an impaired between them begins that count anew', ['impaired', 'impaired', 'ok', 'impaired', 'ok'], true],
    ['what says neither never brings back', ['impaired', 'impaired', undefined, undefined, undefined], true],
  ])('%s', (_title, verdicts, impaired) => {
    expect(isImpaired(after(verdicts), LAUNCHED_MS)).toBe(impaired);
  });

  test('reads closer together than the checks themselves count as one', () => {
    const once = foldStatusCheck(undefined, LAUNCHED_MS, 'impaired', LAUNCHED_MS);
    const again = foldStatusCheck(once, LAUNCHED_MS, 'impaired', LAUNCHED_MS + 29_999);
    expect(again).toBe(once);
    expect(isImpaired(foldStatusCheck(once, LAUNCHED_MS, 'impaired', LAUNCHED_MS + 30_000), LAUNCHED_MS)).toBe(true);
  });

  test('leave nothing behind when all is well again', () => {
    expect(after(['ok'])).toBeUndefined();
    expect(after(['impaired', 'ok'])).toBeUndefined();
    expect(after(['impaired', 'impaired', 'ok', 'ok'])).toBeUndefined();
  });

  test('change nothing while they say the same', () => {
    const sick = after(['impaired', 'impaired']);
    expect(foldStatusCheck(sick, LAUNCHED_MS, 'impaired', LAUNCHED_MS + 10 * MINUTE_MS)).toBe(sick);
  });

  test('of an earlier incarnation say nothing of this one', () => {
    const sick = after(['impaired', 'impaired']);
    const restartedMs = LAUNCHED_MS + 600_000;
    expect(isImpaired(sick, restartedMs)).toBe(false);
    const once = foldStatusCheck(sick, restartedMs, 'impaired', restartedMs + MINUTE_MS);
    expect(isImpaired(once, restartedMs)).toBe(false);
    expect(foldStatusCheck(sick, restartedMs, 'ok', restartedMs + MINUTE_MS)).toBeUndefined();
  });
});

describe('alarms', () => {
  const ringing = foldAlarm(undefined, 'web-cpu', true, 10_000);

  test('are in ALARM from the event on, until one says otherwise', () => {
    expect(alarmsOf(ringing)).toEqual(['web-cpu']);
    expect(alarmsOf(foldAlarm(ringing, 'web-cpu', false, 20_000))).toEqual([]);
  });

  test('are not moved by a late event, nor by a duplicate', () => {
    const over = foldAlarm(ringing, 'web-cpu', false, 20_000);
    expect(foldAlarm(over, 'web-cpu', true, 15_000)).toBe(over);
    expect(foldAlarm(ringing, 'web-cpu', true, 10_000)).toBe(ringing);
    const overFirst = foldAlarm(undefined, 'web-cpu', false, 20_000);
    expect(alarmsOf(foldAlarm(overFirst, 'web-cpu', true, 15_000))).toEqual([]);
  });

  test('that a complete list leaves out are over, those that it has are not', () => {
    const list = new Map([['web-disk', 30_000]]);
    const folded = foldAlarmList(ringing, list, (name) => name.startsWith('web-'), 60_000);
    expect(alarmsOf(folded)).toEqual(['web-disk']);
    expect(foldAlarmList(folded, list, () => true, 120_000)).toBe(folded);
  });

  test('that the list would not hold, or that are newer than it, stay', () => {
    expect(foldAlarmList(ringing, new Map(), (name) => name.startsWith('db-'), 60_000)).toBe(ringing);
    expect(foldAlarmList(ringing, new Map(), () => true, 10_999)).toBe(ringing);
  });

  test('that are over are forgotten after an hour', () => {
    const over = foldAlarm(ringing, 'web-cpu', false, 20_000);
    const later = foldAlarm(over, 'web-disk', true, 20_000 + 3_600_000);
    expect(Object.keys(later?.alarms ?? {})).toEqual(['web-disk']);
  });
});
