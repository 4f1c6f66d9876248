import type { Clock } from '../lib/model/clock.ts';

/** How AWS limits requests: so many at once, and so many more each second. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

export class TokenBucket {
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
