/** Numbers that look random and follow from a seed alone (sfc32, by Chris Doty-Humphrey, public domain). */
export class Chance {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, stream: string) {
    let hash = 0x811c9dc5 ^ seed;
    for (const character of stream) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
    this.#a = seed | 0;
    this.#b = hash | 0;
    this.#c = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 0;
    for (let turn = 0; turn < 12; turn += 1) this.next();
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return (sum >>> 0) / 4294967296;
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  happens(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly [T, ...T[]]): T;
  pick<T>(list: readonly T[]): T | undefined;
  pick<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.next() * list.length)];
  }

  /** By weight: `{ launch: 3, stop: 1 }`. */
  weighed<Key extends string>(weights: Readonly<Record<Key, number>>): Key {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.entries widens the keys
    const entries = Object.entries(weights) as [Key, number][];
    let point = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [key, weight] of entries) {
      point -= weight;
      if (point < 0) return key;
    }
    throw new Error('there is nothing to choose from');
  }

  some<T>(list: readonly T[], probability: number): T[] {
    return list.filter(() => this.happens(probability));
  }
}
