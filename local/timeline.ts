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
  readonly order: number;
  readonly task: () => void;
}

/** Time that stands still until it is advanced. Tasks that are due at one time run in the order they were asked for. */
export class VirtualTimeline implements Timeline {
  #nowMs: number;
  #order = 0;
  #due: Due[] = [];

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  after(milliseconds: number, task: () => void): () => void {
    const due: Due = { atMs: this.#nowMs + Math.max(0, milliseconds), order: this.#order++, task };
    this.#due.push(due);
    return () => {
      this.#due = this.#due.filter((other) => other !== due);
    };
  }

  /** Lives through the next `milliseconds`: each task at its time, with everything it set off settled before the next. */
  async advance(milliseconds: number): Promise<void> {
    const untilMs = this.#nowMs + milliseconds;
    await settled();
    for (let next = this.#next(untilMs); next !== undefined; next = this.#next(untilMs)) {
      this.#due = this.#due.filter((other) => other !== next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.task();
      await settled();
    }
    this.#nowMs = untilMs;
  }

  #next(untilMs: number): Due | undefined {
    return this.#due
      .filter((due) => due.atMs <= untilMs)
      .sort((one, other) => one.atMs - other.atMs || one.order - other.order)[0];
  }
}

const TURNS = 50;

/** Lets every promise that needs no timer run: in one process without sockets, that is all there is to wait for. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
