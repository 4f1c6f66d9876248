import type { Clock } from '../../lib/model/clock.ts';
import { type Rate, TokenBucket } from '../token-bucket.ts';

/** "Request throttling for the Amazon EC2 API": the capacity of each action's bucket, and its refill per second. */
const READING: Rate = { burst: 100, perSecond: 20 };
const MUTATING: Rate = { burst: 50, perSecond: 5 };
const ACTIONS: Readonly<Record<string, Rate>> = {
  CreateTags: { burst: 100, perSecond: 10 },
  DeleteTags: { burst: 100, perSecond: 10 },
  StartInstances: { burst: 5, perSecond: 2 },
  TerminateInstances: { burst: 100, perSecond: 5 },
};

/** Each action has a bucket of its own. */
export class Throttle {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  admit(action: string): boolean {
    const rate = ACTIONS[action] ?? (action.startsWith('Describe') ? READING : MUTATING);
    const bucket = this.#buckets.get(action) ?? new TokenBucket(rate, this.#clock);
    this.#buckets.set(action, bucket);
    if (!bucket.has(1)) return false;
    bucket.take(1);
    return true;
  }
}
