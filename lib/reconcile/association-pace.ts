import type { Clock } from '../model/clock.ts';

/**
 * AssociateAddress and DisassociateAddress are mutating actions: a bucket of 50 each, refilled by 5 a second ("Request
 * throttling for the Amazon EC2 API"). Part of it is taken at once, and from then on only what is refilled.
 */
const AT_ONCE = 20;
const REFILL_MS = 200;
const WINDOW_MS = 5_000;

/** Paces the calls of one pass, with those of the passes just before it in mind. */
export class Pace {
  readonly #clock: Clock;
  #callsMs: number[];

  /** `callsMs`: when calls were made before this pass, as the slots tell. */
  constructor(clock: Clock, callsMs: readonly number[]) {
    this.#clock = clock;
    this.#callsMs = [...callsMs];
  }

  async turn(): Promise<void> {
    const fromMs = this.#clock.now() - WINDOW_MS;
    this.#callsMs = this.#callsMs.filter((atMs) => atMs > fromMs);
    if (this.#callsMs.length >= AT_ONCE) await this.#clock.sleep(REFILL_MS);
    this.#callsMs.push(this.#clock.now());
  }
}
