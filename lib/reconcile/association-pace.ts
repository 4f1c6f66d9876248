import type { CallLevel } from '../model/call-level.ts';
import type { Clock } from '../model/clock.ts';

/**
 * AssociateAddress, DisassociateAddress and ModifyAddressAttribute are mutating actions: a bucket of 50 each, refilled by 5
 * a second ("Request throttling for the Amazon EC2 API"). Part of it is taken at once, and from then on only what is
 * refilled, however many passes share the work.
 */
const AT_ONCE = 20;
const REFILL_MS = 200;

/** Paces the calls of one pass, with those of the passes before it in mind. */
export class Pace {
  readonly #clock: Clock;
  #level: CallLevel;
  #hasCalled = false;

  /**
   * `before`: what the last pass left; `callsMs`: when calls were made since, by passes that left nothing, as the slots
   * tell.
   */
  constructor(clock: Clock, before: CallLevel | undefined, callsMs: readonly number[]) {
    this.#clock = clock;
    this.#level = before ?? { calls: 0, atMs: 0 };
    for (const atMs of callsMs.filter((each) => each > this.#level.atMs).sort((one, other) => one - other))
      this.#level = oneMore(this.#level, atMs);
  }

  async turn(): Promise<void> {
    const excess = levelAt(this.#level, this.#clock.now()) - (AT_ONCE - 1);
    if (excess > 0) await this.#clock.sleep(Math.ceil(excess * REFILL_MS));
    this.#level = oneMore(this.#level, this.#clock.now());
    this.#hasCalled = true;
  }

  /** What the next pass is to know; undefined where this one made no call. */
  get level(): CallLevel | undefined {
    return this.#hasCalled ? this.#level : undefined;
  }
}

function levelAt({ calls, atMs }: CallLevel, nowMs: number): number {
  return Math.max(0, calls - Math.max(0, nowMs - atMs) / REFILL_MS);
}

function oneMore(level: CallLevel, nowMs: number): CallLevel {
  return { calls: levelAt(level, nowMs) + 1, atMs: nowMs };
}
