import type { Clock } from '../lib/model/clock.ts';

/** Time as the account lives in it: real for `npm start`, virtual in simulations. */
export interface Timeline extends Clock {
  /** Runs the task once, `milliseconds` from now; the returned function cancels it. */
  after(milliseconds: number, task: () => void): () => void;
}

export class RealTimeline implements Timeline {
  now(): number {
    return Date.now();
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
  }

  after(milliseconds: number, task: () => void): () => void {
    const timer = setTimeout(task, milliseconds);
    return () => clearTimeout(timer);
  }
}

interface Due {
  readonly atMs: number;
  readonly task: () => void;
  isCancelled: boolean;
}

export interface VirtualTimelineOptions {
  /** How many turns of the event loop may pass before what a task set off counts as settled. @default 50 */
  readonly turns?: number;
  /** Called when a task, and everything that it set off, has run. What it throws ends `advance`. */
  readonly afterEach?: () => void;
}

/** Time that stands still until it is advanced. Tasks that are due at one time run in the order they were asked for. */
export class VirtualTimeline implements Timeline {
  #nowMs: number;
  /** In the order in which they will run. */
  readonly #due: Due[] = [];
  readonly #turns: number;
  readonly #afterEach: () => void;

  constructor(startMs: number, { turns = TURNS, afterEach = () => {} }: VirtualTimelineOptions = {}) {
    this.#nowMs = startMs;
    this.#turns = turns;
    this.#afterEach = afterEach;
  }

  now(): number {
    return this.#nowMs;
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  after(milliseconds: number, task: () => void): () => void {
    const due: Due = { atMs: this.#nowMs + Math.max(0, milliseconds), task, isCancelled: false };
    this.#due.splice(this.#placeOf(due.atMs), 0, due);
    return () => {
      due.isCancelled = true;
    };
  }

  /** Lives through the next `milliseconds`: each task at its time, with everything it set off settled before the next. */
  async advance(milliseconds: number): Promise<void> {
    const untilMs = this.#nowMs + milliseconds;
    await settled(this.#turns);
    for (let next = this.#take(untilMs); next !== undefined; next = this.#take(untilMs)) {
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.task();
      await settled(this.#turns);
      this.#afterEach();
    }
    this.#nowMs = untilMs;
  }

  #take(untilMs: number): Due | undefined {
    const ready = this.#due.findIndex(({ isCancelled }) => !isCancelled);
    const first = this.#due[ready];
    this.#due.splice(0, first === undefined || first.atMs > untilMs ? Math.max(0, ready) : ready + 1);
    return first === undefined || first.atMs > untilMs ? undefined : first;
  }

  /** After everything that is due by then. */
  #placeOf(atMs: number): number {
    let low = 0;
    let high = this.#due.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#due[middle]?.atMs ?? 0) <= atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const TURNS = 50;

/** Lets every promise that needs no timer run: in one process without sockets, that is all there is to wait for. */
async function settled(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
