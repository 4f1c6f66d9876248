/** A whole number and its unit: seconds, minutes, hours or days. */
export type Duration = `${number}${'s' | 'm' | 'h' | 'd'}`;

const SECONDS_OF_UNIT: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** Resolvers are told to keep no answer for longer (RFC 8767 §4), so a longer TTL would promise what none does. */
const LONGEST_SECONDS = 604_800;

export const DURATION = /^([1-9][0-9]{0,6})([smhd])$/;
export const DURATION_ALLOWED = "a duration from '1s' to '7d', such as '45s', '5m' or '1h'";

/** The seconds of a duration; undefined for what is none. */
export function secondsOf(duration: string): number | undefined {
  const [, count, unit] = DURATION.exec(duration) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  const seconds = Number(count) * (SECONDS_OF_UNIT[unit] ?? Number.NaN);
  return seconds <= LONGEST_SECONDS ? seconds : undefined;
}

export function isDuration(value: unknown): value is Duration {
  return typeof value === 'string' && secondsOf(value) !== undefined;
}
