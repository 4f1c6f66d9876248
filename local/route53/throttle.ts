import type { Clock } from '../../lib/model/clock.ts';
import { type Rate, TokenBucket } from '../token-bucket.ts';

/** "Throttling for Amazon Route 53 API requests": burst and refill per second. */
const ALL_REQUESTS: Rate = { burst: 50, perSecond: 10 };
const EACH_ACTION: Rate = { burst: 50, perSecond: 10 };
const ACTIONS: Readonly<Record<string, Rate>> = {
  CreateHostedZone: { burst: 40, perSecond: 2 },
  DeleteHostedZone: { burst: 40, perSecond: 5 },
};
const CHANGE_THROUGHPUT: Rate = { burst: 1_500, perSecond: 100 };

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
