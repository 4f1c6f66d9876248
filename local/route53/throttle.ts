import type { Clock } from '../../lib/model/clock.ts';

/** "Throttling for Amazon Route 53 API requests": burst and refill per second. */
const ALL_REQUESTS: Rate = { burst: 50, perSecond: 10 };
const EACH_ACTION: Rate = { burst: 50, perSecond: 10 };
const ACTIONS: Readonly<Record<string, Rate>> = {
  CreateHostedZone: { burst: 40, perSecond: 2 },
  DeleteHostedZone: { burst: 40, perSecond: 5 },
};
const CHANGE_THROUGHPUT: Rate = { burst: 1_500, perSecond: 100 };

interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

class TokenBucket {
  readonly #rate: Rate;
  readonly #clock: Clock;
  #tokens: number;
  #filledAtMs: number;

  constructor(rate: Rate, clock: Clock) {
    this.#rate = rate;
    this.#clock = clock;
    this.#tokens = rate.burst;
    this.#filledAtMs = clock.now();
  }

  has(tokens: number): boolean {
    const nowMs = this.#clock.now();
    const refilled = ((nowMs - this.#filledAtMs) / 1_000) * this.#rate.perSecond;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + refilled);
    this.#filledAtMs = nowMs;
    return this.#tokens >= tokens;
  }

  take(tokens: number): void {
    this.#tokens -= tokens;
  }
}

/** The buckets of one account: of all requests, of each action, and of record changes. */
export class Throttle {
  readonly #clock: Clock;
  readonly #allRequests: TokenBucket;
  readonly #changes: TokenBucket;
  readonly #actions = new Map<string, TokenBucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#allRequests = new TokenBucket(ALL_REQUESTS, clock);
    this.#changes = new TokenBucket(CHANGE_THROUGHPUT, clock);
  }

  /** Takes one request's tokens, or none at all when a bucket has too few. */
  admit(action: string): boolean {
    const bucket = this.#actions.get(action) ?? new TokenBucket(ACTIONS[action] ?? EACH_ACTION, this.#clock);
    this.#actions.set(action, bucket);
    if (!this.#allRequests.has(1) || !bucket.has(1)) return false;
    this.#allRequests.take(1);
    bucket.take(1);
    return true;
  }

  admitChanges(tokens: number): boolean {
    if (!this.#changes.has(tokens)) return false;
    this.#changes.take(tokens);
    return true;
  }
}
