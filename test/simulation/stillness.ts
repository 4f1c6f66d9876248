import type { JournalEntry } from '../../lib/model/journal.ts';
import type { AcceptedBatch } from '../../local/route53/model.ts';
import { type Change, keyOf, type ResourceRecordSet } from '../../local/route53/resource-record-set.ts';
import { isForgotten, setsOfTheForgotten } from './forgotten.ts';
import { expectationOf } from './reference.ts';
import { Violated, type World } from './world.ts';

const ZERO_CHANGES = '9 then zero changes';

/** How things were when all had come right: from then on nothing may change, be tried, or be said anew. */
export class Stillness {
  readonly #world: World;
  readonly #batches: number;
  readonly #moved: number;
  readonly #attempts: number;
  readonly #said: number;
  /** `zone key` of what stays for want of proof, and for whom. */
  readonly #staying: ReadonlyMap<string, readonly string[]>;
  readonly #proven: ReadonlySet<string>;

  constructor(world: World) {
    this.#world = world;
    this.#batches = world.account.route53.batches.length;
    this.#moved = movesSoFar(world);
    this.#attempts = attemptsSoFar(world);
    this.#said = world.journal.length;
    const worlds = [world, ...(world.other === undefined ? [] : [world.other])];
    this.#staying = stayingIn(worlds);
    this.#proven = new Set(worlds.flatMap(({ chronicle }) => [...chronicle.provenAtMs.keys()]));
  }

  /** An event that comes again, or late, may be the first that tells of an end: then the traces of that one go, and nothing else. */
  assertHeld(when: string): void {
    const batches = this.#world.account.route53.batches.slice(this.#batches);
    const removals = batches.filter((batch) => this.#isRemovalOfTheProven(batch));
    const more = batches.length - removals.length;
    if (more > 0) throw new Violated(ZERO_CHANGES, `${more} batches ${when}`);
    if (movesSoFar(this.#world) > this.#moved) throw new Violated(ZERO_CHANGES, `addresses move ${when}`);
    const tried = attemptsSoFar(this.#world) - this.#attempts - removals.length;
    // Whether a zone that is gone is there again, only a try tells.
    if (tried > 0 && Object.keys(this.#world.zones).every((zone) => this.#world.isThere(zone)))
      throw new Violated(ZERO_CHANGES, `${tried} changes are tried in vain ${when}`);
    // A TTL of five minutes may still have been waited out.
    const word = this.#world.journal
      .slice(this.#said)
      .find((entry) => entry.kind !== 'drained' && !this.#isWordOfTheProven(entry, removals));
    if (word !== undefined) throw new Violated('12 what is said is so', `${JSON.stringify(word)} is news ${when}`);
  }

  #isRemovalOfTheProven({ zoneId, changes }: AcceptedBatch): boolean {
    const zone = this.#world.keyOf(zoneId);
    const removed = changes.filter(({ set }) => !set.name.includes('._rolecall.'));
    return (
      removed.length > 0 &&
      removed.every(({ action, set }) => {
        const left = this.#staying.get(`${zone} ${keyOf(set)}`) ?? [];
        return left.some((id) => this.#isProven(id)) && (action === 'DELETE' || isPartOf(set, removed));
      })
    );
  }

  #isWordOfTheProven(entry: JournalEntry, removals: readonly AcceptedBatch[]): boolean {
    if (entry.kind === 'change') return removals.some(({ comment }) => comment?.endsWith(` ${entry.batch}`) === true);
    if (entry.kind !== 'withheld' && entry.kind !== 'refused') return false;
    const { kind, instance, reason, cleared } = entry;
    if (cleared !== true || instance === undefined || !this.#isProven(instance)) return false;
    // Who is gone claims nothing.
    if (kind === 'refused') return !this.#proven.has(instance);
    return reason === 'cap' && [...this.#staying.values()].flat().includes(instance);
  }

  #isProven(instanceId: string): boolean {
    const { chronicle, other } = this.#world;
    return chronicle.provenAtMs.has(instanceId) || other?.chronicle.provenAtMs.has(instanceId) === true;
  }
}

/** Whether the same batch takes away a set of the place with all these values. */
function isPartOf(part: ResourceRecordSet, changes: readonly Change[]): boolean {
  const before = changes.find(({ action, set }) => action === 'DELETE' && keyOf(set) === keyOf(part));
  return part.values.every((value) => before?.set.values.includes(value) === true);
}

function stayingIn(worlds: readonly World[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    worlds
      .filter((world) => [...world.chronicle.goneAtMs.keys()].some((id) => isForgotten(world, id)))
      .flatMap((world) => [...setsOfTheForgotten(world, expectationOf(world).sets)]),
  );
}

function movesSoFar({ counts }: World): number {
  return counts.get('address moved') ?? 0;
}

/** Also those that were refused. */
function attemptsSoFar({ account }: World): number {
  const changes = [
    ['route53', 'ChangeResourceRecordSets'],
    ['ec2', 'AssociateAddress'],
    ['ec2', 'DisassociateAddress'],
  ] as const;
  return changes.reduce((sum, [service, operation]) => sum + account.callCount(service, operation), 0);
}
