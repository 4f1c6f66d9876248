import { ancestorsOf, orderKey } from './domain-name.ts';
import type { ResourceRecordSet } from './resource-record-set.ts';
import { keyOf } from './resource-record-set.ts';

const NONE: ReadonlyMap<string, ResourceRecordSet> = new Map();

/** The record sets of a zone, by name and in Route 53's order. */
export class RecordIndex {
  readonly zoneName: string;
  readonly #byName = new Map<string, Map<string, ResourceRecordSet>>();
  /** How many names with records lie below a name. */
  readonly #below = new Map<string, number>();
  #sorted: readonly ResourceRecordSet[] | undefined;
  #size = 0;

  constructor(zoneName: string) {
    this.zoneName = zoneName;
  }

  get size(): number {
    return this.#size;
  }

  at(name: string): readonly ResourceRecordSet[] {
    return [...(this.#byName.get(name) ?? NONE).values()];
  }

  get(set: ResourceRecordSet): ResourceRecordSet | undefined {
    return this.#byName.get(set.name)?.get(keyOf(set));
  }

  /** Whether the name is in the zone at all: with records, or as an empty non-terminal (RFC 4592, 2.2.2). */
  exists(name: string): boolean {
    return name === this.zoneName || this.#byName.has(name) || this.#below.has(name);
  }

  put(set: ResourceRecordSet): void {
    const sets = this.#byName.get(set.name);
    if (sets === undefined) this.#countBelow(set.name, 1);
    const present = sets ?? new Map<string, ResourceRecordSet>();
    if (!present.has(keyOf(set))) this.#size += 1;
    this.#byName.set(set.name, present.set(keyOf(set), set));
    this.#sorted = undefined;
  }

  remove(set: ResourceRecordSet): void {
    const sets = this.#byName.get(set.name);
    if (sets === undefined || !sets.delete(keyOf(set))) return;
    this.#size -= 1;
    this.#sorted = undefined;
    if (sets.size > 0) return;
    this.#byName.delete(set.name);
    this.#countBelow(set.name, -1);
  }

  /** Every set, in the order of ListResourceRecordSets. */
  sorted(): readonly ResourceRecordSet[] {
    this.#sorted ??= [...this.#byName.values()]
      .flatMap((sets) => [...sets.values()])
      .map((set) => ({ set, order: positionOf(set.name, set.type, set.setIdentifier) }))
      .sort((one, other) => comparePositions(one.order, other.order))
      .map(({ set }) => set);
    return this.#sorted;
  }

  #countBelow(name: string, difference: number): void {
    for (const ancestor of ancestorsOf(name, this.zoneName)) {
      const count = (this.#below.get(ancestor) ?? 0) + difference;
      if (count === 0) this.#below.delete(ancestor);
      else this.#below.set(ancestor, count);
    }
  }
}

/** Where a set stands in Route 53's order: by name, then type, then set identifier. */
export type Position = readonly [nameOrder: string, type: string, setIdentifier: string];

export function positionOf(name: string, type = '', setIdentifier = ''): Position {
  return [orderKey(name), type, setIdentifier];
}

export function comparePositions(one: Position, other: Position): number {
  return compareAscii(one[0], other[0]) || compareAscii(one[1], other[1]) || compareAscii(one[2], other[2]);
}

function compareAscii(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
