import { Throttle } from '../../local/route53/throttle.ts';
import { STORMS } from './storms.ts';
import { figure, type Part, percentile, type Table } from './table.ts';

/** "Lambda quotas" (AWS Lambda Developer Guide): concurrent executions of an account, as it begins. */
const CONCURRENCY = 1_000;
/** "Retry behavior" (AWS SDKs and Tools Reference Guide): standard mode, and the JavaScript SDK's base for throttling. */
const TRIES = 3;
const RETRY_BASE_MS = 500;
const LONGEST_RETRY_MS = 20_000;
/** "How Lambda handles errors and retries with asynchronous invocation" (AWS Lambda Developer Guide). */
const INVOKED_AGAIN_AFTER_MS = [60_000, 120_000];
const ROUND_TRIP_MS = 100;
const SEED = 7;

export const perEvent: Part = {
  name: 'per-event',
  title: 'The same storms, one function for each event',
  command: 'storm',
  limitSeconds: 120,
  measure,
};

/** A function for each event: it reads the record set, writes it without the address, and does not look back. */
async function measure(): Promise<Table> {
  const rows = STORMS.map(({ label, size, membersOfAName }) => cellsOf(label, new Model(size, membersOfAName).run()));
  const seconds = ['first, s', 'p50, s', 'p99, s', 'last, s'];
  return { columns: ['Terminations at once', 'calls', 'throttled', ...seconds, 'left behind'], rows };
}

interface Outcome {
  readonly calls: number;
  readonly throttled: number;
  /** When each removal was accepted that was, in ms since the terminations. */
  readonly acceptedAtMs: readonly number[];
  /** Addresses in the zone when nothing more is tried. */
  readonly left: number;
}

function cellsOf(label: string, { calls, throttled, acceptedAtMs, left }: Outcome): string[] {
  const seconds = [0, 0.5, 0.99, 1].map((part) => percentile(acceptedAtMs, part) / 1000);
  return [label, ...[calls, throttled, ...seconds, left].map(figure)];
}

type Answer<Read> = (read: Read) => void;

class Model {
  readonly #size: number;
  readonly #names: Set<number>[];
  readonly #membersOfEach: number;
  readonly #due = new Map<number, (() => void)[]>();
  readonly #waiting: (() => void)[] = [];
  readonly #throttle: Throttle;
  readonly #acceptedAtMs: number[] = [];
  #nowMs = 0;
  #pending = 0;
  #running = 0;
  #calls = 0;
  #throttled = 0;
  #random = SEED;

  constructor(size: number, membersOfEach: number) {
    this.#size = size;
    this.#membersOfEach = membersOfEach;
    this.#throttle = new Throttle({ now: () => this.#nowMs, sleep: () => Promise.resolve() });
    this.#names = Array.from({ length: Math.ceil(size / membersOfEach) }, () => new Set());
    for (let member = 0; member < size; member += 1) this.#names[this.#nameOf(member)]?.add(member);
  }

  #nameOf(member: number): number {
    return Math.floor(member / this.#membersOfEach);
  }

  run(): Outcome {
    for (let member = 0; member < this.#size; member += 1) this.#invoke(member, 0);
    while (this.#pending > 0) {
      for (const task of this.#due.get(this.#nowMs) ?? []) {
        this.#pending -= 1;
        task();
      }
      this.#due.delete(this.#nowMs);
      this.#nowMs += 1;
    }
    const left = this.#names.reduce((sum, members) => sum + members.size, 0);
    return { calls: this.#calls, throttled: this.#throttled, acceptedAtMs: this.#acceptedAtMs, left };
  }

  #after(milliseconds: number, task: () => void): void {
    const atMs = this.#nowMs + Math.max(1, Math.round(milliseconds));
    const tasks = this.#due.get(atMs);
    if (tasks === undefined) this.#due.set(atMs, [task]);
    else tasks.push(task);
    this.#pending += 1;
  }

  #invoke(member: number, attempt: number): void {
    if (this.#running === CONCURRENCY) {
      this.#waiting.push(() => this.#invoke(member, attempt));
      return;
    }
    this.#running += 1;
    this.#handle(member, () => {
      const delayMs = INVOKED_AGAIN_AFTER_MS[attempt];
      if (delayMs !== undefined) this.#after(delayMs, () => this.#invoke(member, attempt + 1));
      this.#end();
    });
  }

  #end(): void {
    this.#running -= 1;
    this.#waiting.shift()?.();
  }

  #handle(member: number, fail: () => void): void {
    const name = this.#nameOf(member);
    const read = () => new Set(this.#names[name]);
    this.#call(
      'ListResourceRecordSets',
      () => true,
      read,
      fail,
      (seen) => {
        if (!seen.has(member)) return this.#end();
        seen.delete(member);
        // A set that becomes empty is deleted, else it is an UPSERT, which takes two changes of the quota.
        const isAdmitted = () => this.#throttle.admitChanges(seen.size === 0 ? 1 : 2);
        this.#call(
          'ChangeResourceRecordSets',
          isAdmitted,
          () => this.#write(name, member, seen),
          fail,
          (isDone) => (isDone ? this.#end() : fail()),
        );
      },
    );
  }

  /** A DELETE has to name what is there; an UPSERT overwrites whatever another has written since the read. */
  #write(name: number, member: number, wanted: Set<number>): boolean {
    const present = this.#names[name];
    if (wanted.size === 0 && (present?.size !== 1 || !present.has(member))) return false;
    this.#names[name] = wanted;
    this.#acceptedAtMs.push(this.#nowMs);
    return true;
  }

  #call<Read>(
    action: string,
    isAdmitted: () => boolean,
    effect: () => Read,
    fail: () => void,
    answer: Answer<Read>,
    attempt = 1,
  ): void {
    this.#calls += 1;
    if (this.#throttle.admit(action) && isAdmitted()) {
      const result = effect();
      this.#after(ROUND_TRIP_MS, () => answer(result));
      return;
    }
    this.#throttled += 1;
    if (attempt === TRIES) return this.#after(ROUND_TRIP_MS, fail);
    const backOffMs = Math.min(LONGEST_RETRY_MS, this.#chance() * RETRY_BASE_MS * 2 ** (attempt - 1));
    this.#after(ROUND_TRIP_MS + backOffMs, () => this.#call(action, isAdmitted, effect, fail, answer, attempt + 1));
  }

  /** mulberry32: the same storm each time. */
  #chance(): number {
    this.#random = (this.#random + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#random ^ (this.#random >>> 15), 1 | this.#random);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
