import { InvalidArgumentError } from 'commander';
import { DURATION_ALLOWED, secondsOf } from '../config/duration.ts';

const LONGEST_DAYS = 30;

/** Milliseconds of a flag such as `--since 2h`; up to 30 days, which the journal is kept. */
export function durationMs(text: string): number {
  const days = /^([1-9]\d?)d$/.exec(text)?.[1];
  if (days !== undefined && Number(days) <= LONGEST_DAYS) return Number(days) * 86_400_000;
  const seconds = secondsOf(text);
  if (seconds === undefined) throw new InvalidArgumentError(`It is ${DURATION_ALLOWED.replace('7d', '30d')}.`);
  return seconds * 1000;
}
