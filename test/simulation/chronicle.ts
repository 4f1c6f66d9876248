import type { Account } from '../../local/account.ts';
import { type Instance, primaryPrivateAddress } from '../../local/ec2/instance.ts';
import type { AcceptedBatch } from '../../local/route53/model.ts';
import { keyOf, type ResourceRecordSet } from '../../local/route53/resource-record-set.ts';
import type { ClientCall } from '../../local/in-process.ts';
import { answersOf } from './addresses-of.ts';
import type { Invocation } from './environments.ts';
import { plain } from './rendering.ts';

/** An instance that nobody touched for so long is known as it is by every view, however stale. */
export const STEADY_MS = 150_000;

/** What the simulated people did to a set of a zone. */
type Hold = 'ours' | 'foreign' | 'contested';

/** How a plan came about: how old what it rests on may be. */
interface Origin {
  /** When the group was last begun to be read. */
  readonly readAtMs: number;
}

/** What an address is put into a set by. */
interface Plan {
  /** @default - now */
  readonly readAtMs?: number;
  /** Whether the address is that of one who should be in the set now. @default - it is */
  readonly isWanted?: () => boolean;
}

/**
 * What really happened, written down beside the account, by the hands that did it. The checkers judge by this and by the
 * account itself, never by what Rolecall wrote about it.
 */
export class Chronicle {
  readonly #account: Account;
  /** Whose each set of a zone is: by zone, then by key. */
  readonly holds = new Map<string, Map<string, Hold>>();
  /** When something was last done to an instance, or said of it falsely. */
  readonly touchedAtMs = new Map<string, number>();
  /** Whom people asked to have an address of a role, as `rolecall move` does: `<role> <instance>`. */
  readonly movesAsked = new Set<string>();
  /** When a Lambda that was told of an instance's end had done with it. */
  readonly provenAtMs = new Map<string, number>();
  /** When the stop was, in whole seconds, of which a Lambda was last told, by instance. */
  readonly toldDownAtMs = new Map<string, number>();
  /** When an instance really began to go. */
  readonly goneAtMs = new Map<string, number>();
  /** Every instance that has or had a public address of its own, by address. */
  readonly publicHolders = new Map<string, Set<string>>();
  /** Every instance that has or had a private address, by address. */
  readonly privateHolders = new Map<string, Set<string>>();
  /** Since when each has had what a record may lead to it by: by that, then by instance. */
  readonly #answering = new Map<string, Map<string, number>>();
  /** Every random id that was drawn, and when the invocation that drew it had begun to read each group. */
  readonly #drawn = new Map<string, ReadonlyMap<string, number>>();
  /** Every set that hands ever made, changed or deleted: by zone and name. */
  readonly handled = new Set<string>();
  /** Of what hands wrote; in seconds. */
  longestTtlOfHandsS = 0;
  /** Every set that another Rolecall has in a zone now, by zone and key; and every name that it ever had one at. */
  readonly strangers = new Set<string>();
  readonly strangersNames = new Set<string>();
  /** Until when a resolver may answer with an address of an instance that was taken out of a record. */
  readonly rememberedUntilMs = new Map<string, number>();
  /** The same of what went with its zone from a name that keeps its last member's address, by instance, then by role. */
  readonly rememberedWithZoneMs = new Map<string, Map<string, number>>();
  /** When an Elastic IP took the place of an instance's own address. */
  readonly replacedAtMs = new Map<string, number>();
  /** Who was given an address by hand, and was then known well enough to everybody: by allocation id. */
  readonly given = new Map<string, { readonly instanceId: string; readonly atMs: number }>();
  /** When the call was begun that last associated an address: by allocation id. */
  readonly associationBegunAtMs = new Map<string, number>();
  /** To whom hands last gave an address, however well it was known: by allocation id. */
  readonly handed = new Map<string, string>();
  /** Who had an address as its own when a set of ours got it: by zone, key of the set, and address. */
  readonly #enteredFor = new Map<string, ReadonlySet<string>>();
  /** Every Elastic IP and instance that were ever together. */
  readonly associated = new Set<string>();
  /** Since when lists have left out an instance that runs; kept when they show it again. */
  readonly unlistedSinceMs = new Map<string, number>();
  configuredAtMs = 0;
  /** When Describe calls were last wrong. */
  misreadAtMs = 0;

  constructor(account: Account) {
    this.#account = account;
  }

  get nowMs(): number {
    return this.#account.timeline.now();
  }

  touch(...instanceIds: readonly string[]): void {
    for (const id of instanceIds) this.touchedAtMs.set(id, this.nowMs);
  }

  /** Whether nothing has happened to the instance for so long that nobody can be wrong about it. */
  isSteady(instance: Instance, forMs: number): boolean {
    const since = Math.max(
      this.touchedAtMs.get(instance.id) ?? 0,
      instance.launchTimeMs,
      this.configuredAtMs,
      this.misreadAtMs,
    );
    const isLeaving = this.#account.autoscaling.isWaiting(instance.id);
    return instance.state === 'running' && !isLeaving && this.nowMs - since > forMs;
  }

  /** Looks at who has which address now. */
  observeAddresses(): void {
    for (const { address, association } of this.#account.ec2.elasticIps.addresses.current())
      if (association !== undefined) this.associated.add(`${address} ${association.instanceId}`);
    for (const instance of this.#account.ec2.fleet.instances.current()) {
      remember(this.publicHolders, instance.autoPublicAddress, instance.id);
      remember(this.privateHolders, primaryPrivateAddress(instance), instance.id);
      for (const answer of answersOf(instance)) this.#answers(instance.id, answer);
    }
  }

  #answers(instanceId: string, answer: string): void {
    const since = this.#answering.get(answer) ?? new Map<string, number>();
    if (!since.has(instanceId)) this.#answering.set(answer, since.set(instanceId, this.nowMs));
  }

  /** A set of ours gets an address: the next instance that is given the same one has no part in that. */
  entered(zoneId: string, key: string, address: string, plan: Plan = {}): void {
    const answer = plain(address);
    const holders = this.#account.ec2.fleet.instances
      .current()
      .filter((each) => answersOf(each).includes(answer) && !this.#isPlannedFor(answer, each.id, plan));
    const meant = holders.length > 0 ? holders.map(({ id }) => id) : this.#endedUnknown(answer, plan);
    this.#enteredFor.set(`${zoneId} ${key} ${address}`, new Set(meant));
  }

  /** Who had the address when the plan was begun, or before, and of whose end it could not know. */
  #endedUnknown(answer: string, { readAtMs = this.nowMs }: Plan): string[] {
    return [...(this.#answering.get(answer) ?? [])].flatMap(([id, sinceMs]) => {
      const isKnown = (this.provenAtMs.get(id) ?? Number.POSITIVE_INFINITY) < readAtMs;
      return this.goneAtMs.has(id) && sinceMs <= readAtMs && !isKnown ? [id] : [];
    });
  }

  /** Whether a plan is for one that had the address before the instance, and of whose end it may not know. */
  #isPlannedFor(answer: string, next: string, { readAtMs = this.nowMs, isWanted = () => true }: Plan): boolean {
    const since = this.#answering.get(answer) ?? new Map<string, number>();
    const nextSinceMs = since.get(next) ?? 0;
    const isAnyOther = [...since].some(([id, sinceMs]) => {
      const provenAtMs = this.provenAtMs.get(id) ?? Number.POSITIVE_INFINITY;
      return sinceMs < nextSinceMs && sinceMs <= readAtMs && provenAtMs >= readAtMs;
    });
    // Who was asked to leave at a hook is wanted nowhere, though the zone, or the plan, may show it.
    const isLeaving = this.#account.autoscaling.isWaiting(next, 'terminating');
    return isAnyOther && (nextSinceMs > readAtMs || isLeaving || !isWanted());
  }

  /** Whether a set has an address because of an instance: one that has it now, or whose end nobody could know of. */
  isFor(instanceId: string, zoneId: string, key: string, address: string): boolean {
    return this.#enteredFor.get(`${zoneId} ${key} ${address}`)?.has(instanceId) === true;
  }

  holdsOf(zoneId: string): Map<string, Hold> {
    const found = this.holds.get(zoneId) ?? new Map<string, Hold>();
    this.holds.set(zoneId, found);
    return found;
  }

  /** A change by other hands: of ours it makes no foreign set, but one put where ours was taken away is anybody's. */
  handChange(zoneId: string, action: 'CREATE' | 'UPSERT' | 'DELETE', set: ResourceRecordSet, wasThere: boolean): void {
    const holds = this.holdsOf(zoneId);
    const key = keyOf(set);
    if (action !== 'DELETE') this.longestTtlOfHandsS = Math.max(this.longestTtlOfHandsS, set.ttlSeconds ?? 0);
    this.handled.add(`${zoneId} ${plain(set.name)}`);
    const before = holds.get(key);
    if (action === 'DELETE') {
      if (before === 'foreign') holds.delete(key);
      else if (before !== undefined) holds.set(key, 'contested');
      return;
    }
    if (!wasThere) holds.set(key, before === undefined ? 'foreign' : 'contested');
  }

  /** A change that another Rolecall made to what is not ours. */
  strangerChange(zoneId: string, action: 'CREATE' | 'UPSERT' | 'DELETE', set: ResourceRecordSet): void {
    const key = keyOf(set);
    const strange = `${zoneId} ${key}`;
    this.strangersNames.add(`${zoneId} ${plain(set.name)}`);
    if (action === 'DELETE') {
      this.holdsOf(zoneId).delete(key);
      this.strangers.delete(strange);
    } else {
      this.holdsOf(zoneId).set(key, 'foreign');
      this.strangers.add(strange);
    }
  }

  drew(id: string, { readAtMs }: Invocation): void {
    this.#drawn.set(id, new Map(readAtMs));
  }

  sent({ operation, parameters }: ClientCall, begunAtMs: number): void {
    if (operation === 'AssociateAddress') this.associationBegunAtMs.set(String(parameters['AllocationId']), begunAtMs);
  }

  /** Whether a Lambda of ours made the batch: it says its id in its comment. */
  hasMade(batch: AcceptedBatch): boolean {
    return this.#drawn.has(idOf(batch));
  }

  /** How a batch of ours came about. */
  originOf(batch: AcceptedBatch): Origin {
    const { comment, zoneId } = batch;
    const readAtMs = this.#drawn.get(idOf(batch))?.get(zoneId);
    if (readAtMs === undefined) throw new Error(`nobody read ${zoneId} for the batch “${comment}”`);
    return { readAtMs };
  }
}

function remember(holdersOf: Map<string, Set<string>>, address: string | undefined, instanceId: string): void {
  if (address === undefined) return;
  const holders = holdersOf.get(address) ?? new Set();
  holdersOf.set(address, holders.add(instanceId));
}

function idOf({ comment }: AcceptedBatch): string {
  return comment?.split(' ')[1] ?? '';
}
