import type { Random } from '../model/clock.ts';
import type { GroupHead, Mark, Pace } from '../model/ledger.ts';
import { MAX_ELEMENTS } from '../plan/batch.ts';

/** Changes that can wait are sent at most this often to one zone. */
const UNHURRIED_INTERVAL_MS = 500;
const MIN_THROTTLED_ELEMENTS = 50;
/** "Throttling for Amazon Route 53 API requests": record changes a second of an account, once the burst is spent. */
const CHANGES_PER_SECOND = 100;
const SHORTEST_REST_MS = 1_000;
const LONGEST_REST_MS = 60_000;
/** Several zones that were throttled together do not come back together. */
const JITTER_FRACTION = 0.25;

/** How many record elements the next request may have. */
export function elementsFor({ pace }: GroupHead): number {
  return pace?.maxElements ?? MAX_ELEMENTS;
}

/** How long the zone is to be left alone yet. */
export function restMs({ pace }: GroupHead, nowMs: number): number {
  return Math.max(0, Math.min(LONGEST_REST_MS * (1 + JITTER_FRACTION), (pace?.restUntilMs ?? 0) - nowMs));
}

/**
 * After Route 53 would not have a request now: half of it, once the tokens for that half are there again, and twice as
 * long with each refusal in a row. A zone that is merely busy with another request gets the same one again.
 */
export function refusedPace(
  before: Pace | undefined,
  why: 'throttled' | 'busy',
  sent: { readonly elements: number; readonly changes: number },
  nowMs: number,
  random: Random,
): Pace {
  const share = why === 'throttled' ? 2 : 1;
  const limit = before?.maxElements ?? MAX_ELEMENTS;
  const maxElements =
    why === 'throttled' ? Math.max(MIN_THROTTLED_ELEMENTS, Math.floor(Math.min(limit, sent.elements) / share)) : limit;
  const refusals = (before?.refusals ?? 0) + 1;
  const refillMs = why === 'throttled' ? (sent.changes / share / CHANGES_PER_SECOND) * 1000 : 0;
  const plainMs = Math.min(LONGEST_REST_MS, Math.max(SHORTEST_REST_MS, refillMs) * 2 ** Math.min(refusals - 1, 10));
  const rest = Math.round(plainMs * (1 + JITTER_FRACTION * fractionOf(random.id())));
  return { maxElements, refusals, restUntilMs: nowMs + rest };
}

/** After success the back-off begins anew, and batches grow again. */
export function acceptedPace(before: Pace | undefined): Pace | undefined {
  if (before === undefined || before.maxElements * 2 >= MAX_ELEMENTS) return undefined;
  return { maxElements: before.maxElements * 2, refusals: 0, restUntilMs: 0 };
}

/** Where nothing is urgent, the zone's last write sets the pace; what comes meanwhile joins the batch. */
export function unhurriedMs(head: GroupHead, marks: readonly Mark[], nowMs: number): number {
  const sinceMs = nowMs - (head.acceptedAtMs ?? 0);
  const isHurried = marks.some(
    ({ reason }) => reason === 'terminated' || reason === 'stopped' || reason === 'untagged' || reason === 'draining',
  );
  return isHurried || sinceMs < 0 || sinceMs >= UNHURRIED_INTERVAL_MS ? 0 : UNHURRIED_INTERVAL_MS - sinceMs;
}

function fractionOf(id: string): number {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) % 1000;
  return sum / 1000;
}
