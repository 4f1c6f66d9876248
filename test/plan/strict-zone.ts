import type { WireChange } from '../../lib/model/change.ts';
import { type RecordSet, sameRecordSet, setKey } from '../../lib/model/record-set.ts';

/** A zone that takes a batch whole or not at all, and only exact deletes ("ChangeResourceRecordSets", Amazon Route 53 API Reference). */
export class StrictZone {
  #sets = new Map<string, RecordSet>();

  constructor(sets: readonly RecordSet[] = []) {
    for (const set of sets) this.#sets.set(setKey(set), set);
  }

  change(changes: readonly WireChange[]): void {
    const next = new Map(this.#sets);
    for (const { action, set } of changes) {
      const key = setKey(set);
      const present = next.get(key);
      if (action === 'DELETE') {
        if (present === undefined || !sameRecordSet(present, set)) throw new Error(`no such set to delete: ${key}`);
        next.delete(key);
      } else {
        if (present !== undefined) throw new Error(`${key} already exists`);
        const others = [...next.values()].filter(({ name }) => name === set.name);
        if (others.some(({ type }) => type === 'CNAME' || set.type === 'CNAME'))
          throw new Error(`CNAME at ${set.name}`);
        if (others.some(({ type, routing }) => type === set.type && routing.kind !== set.routing.kind))
          throw new Error(`two routings at ${set.name} ${set.type}`);
        next.set(key, set);
      }
    }
    this.#sets = next;
  }

  get sets(): RecordSet[] {
    return [...this.#sets.values()].sort((one, other) => (setKey(one) < setKey(other) ? -1 : 1));
  }
}
