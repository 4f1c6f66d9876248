/** Reads never lag longer than this; older versions are dropped. */
const LONGEST_LAG_MS = 60_000;

interface Version<T> {
  readonly atMs: number;
  /** Undefined: removed. */
  readonly value: T | undefined;
}

/** Values by key, which can be read as they were a while ago: EC2's Describe calls are eventually consistent. */
export class History<T> {
  readonly #versions = new Map<string, readonly Version<T>[]>();
  #changes = 0;

  /** How often anything has changed. */
  get changes(): number {
    return this.#changes;
  }

  get(key: string): T | undefined {
    return this.#versions.get(key)?.at(-1)?.value;
  }

  put(key: string, value: T | undefined, nowMs: number): void {
    this.#changes += 1;
    const all = [...(this.#versions.get(key) ?? []), { atMs: nowMs, value }];
    const firstNeeded = all.findLastIndex((version) => version.atMs <= nowMs - LONGEST_LAG_MS);
    this.#versions.set(key, all.slice(Math.max(0, firstNeeded)));
  }

  /** Every value as of `atMs`, in the order in which the keys first came; of these keys alone, where some are given. */
  asOf(atMs: number, only?: ReadonlySet<string>): readonly T[] {
    const values: T[] = [];
    for (const [key, versions] of this.#versions) {
      if (only?.has(key) === false) continue;
      const value = valueAsOf(versions, atMs);
      if (value !== undefined) values.push(value);
    }
    return values;
  }

  at(key: string, atMs: number): T | undefined {
    return valueAsOf(this.#versions.get(key) ?? [], atMs);
  }

  current(): readonly T[] {
    return this.asOf(Number.POSITIVE_INFINITY);
  }

  forget(key: string): void {
    this.#changes += 1;
    this.#versions.delete(key);
  }
}

/** Nearly always the last is asked for: each Describe of a large fleet looks for that of every instance. */
function valueAsOf<T>(versions: readonly Version<T>[], atMs: number): T | undefined {
  const last = versions.at(-1);
  if (last !== undefined && last.atMs <= atMs) return last.value;
  return versions.findLast((version) => version.atMs <= atMs)?.value;
}
