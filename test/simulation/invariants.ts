import type { AcceptedBatch } from '../../local/route53/model.ts';
import { keyOf } from '../../local/route53/resource-record-set.ts';
import { checkAdded, valuesIn } from './additions.ts';
import { wasSwept, wentUnseenAtMs } from './absence.ts';
import { addressesOf } from './addresses-of.ts';
import { Associations } from './associations.ts';
import { STEADY_MS } from './chronicle.ts';
import { disputedNames } from './disputed.ts';
import type { Invocation } from './environments.ts';
import { exclusiveRoleOf, isHeldForGood, isIn } from './exclusive.ts';
import { isForgotten, setsOfTheForgotten } from './forgotten.ts';
import { expectationOf } from './reference.ts';
import { rememberBatch } from './remembered.ts';
import { contentOf, labelOf, plain } from './rendering.ts';
import type { Setting } from './setting.ts';
import { isUndecided } from './undecided.ts';
import { shown, Violated, type World } from './world.ts';

/** The largest bound that a live invocation's proof has, with calls that nothing disturbs. */
const PROVEN_BOUND_MS = 2_000;
/** Where Route 53 takes its time: one batch may be on its way, and be followed by one that reads first. */
const FAR_BOUND_MS = 10_000;
/** What two complete sweeps, begun a minute apart, did not list, counts as absent; the first may take five seconds to ask. */
const ABSENT_AFTER_MS = 55_000;
/** Of a departure that no event told, or of which the Lambda died. */
const UNTOLD_BOUND_MS = 75_000;
/** Of a departure that there is no proof of, as the last of its name: ten complete sweeps, a minute apart. */
const FORGOTTEN_BOUND_MS = 660_000;
/** After the last fault: a wake-up may be put off by a minute, a killed Lambda's message comes back after 30 s. */
const RECOVERY_MS = 130_000;

const OUR_TYPES = new Set(['A', 'AAAA', 'CNAME', 'MX', 'PTR', 'SRV', 'TXT']);

/** Holds what happens against what must always hold, after every step. */
export class Invariants {
  readonly #world: World;
  #seenBatches = 0;
  readonly #serials = new Map<string, number>();
  readonly #associations: Associations;
  /** When an owned record was first seen with an address whose instance is gone: by zone, name and address. */
  #lastGlanceMs = 0;
  #seen: { readonly setting: Setting; readonly changes: number } | undefined;

  constructor(world: World) {
    this.#world = world;
    this.#associations = new Associations(world);
  }

  /** After every step. */
  check(): void {
    const { account, chronicle } = this.#world;
    const hasMoved = this.#hasAnythingMoved();
    if (hasMoved) chronicle.observeAddresses();
    const { batches } = account.route53;
    for (; this.#seenBatches < batches.length; this.#seenBatches += 1) {
      const batch = batches[this.#seenBatches];
      if (batch === undefined || batch.comment === 'by hand') continue;
      if (this.#world.other?.chronicle.hasMade(batch) === true) this.#checkStranger(batch);
      else this.#checkBatch(batch);
    }
    if (hasMoved) this.#associations.check();
    if (this.#world.timeline.now() - this.#lastGlanceMs < 250) return;
    this.#lastGlanceMs = this.#world.timeline.now();
    this.#checkGone();
  }

  /** Whether instances, addresses or what their roles are have changed since the last step. */
  #hasAnythingMoved(): boolean {
    const { account, setting } = this.#world;
    const { fleet, elasticIps } = account.ec2;
    const seen = { setting, changes: fleet.instances.changes + elasticIps.addresses.changes };
    const before = this.#seen;
    this.#seen = seen;
    return before?.setting !== seen.setting || before.changes !== seen.changes;
  }

  /** What the people did just now is no fault of Rolecall's. */
  accept(): void {
    // What they do next may come before any step: a read that lags shows this all the same.
    this.#world.chronicle.observeAddresses();
    this.#associations.accept();
    this.#seen = undefined;
  }

  /** An invocation has done with what it was told: from now on there is proof. */
  ended({ kind, event }: Invocation, result: unknown): void {
    if (kind !== 'Observe') return;
    for (const body of bodiesOf(event, failedIn(result))) {
      const { state, 'instance-id': id, LifecycleActionToken: token } = body.detail ?? {};
      if (token !== undefined) this.#world.onToldOfHook(token);
      const { provenAtMs, toldDownAtMs, nowMs } = this.#world.chronicle;
      if (id !== undefined && (state === 'stopping' || state === 'stopped'))
        toldDownAtMs.set(id, Date.parse(body.time ?? ''));
      if (id === undefined || (state !== 'shutting-down' && state !== 'terminated')) continue;
      if (!provenAtMs.has(id)) provenAtMs.set(id, nowMs);
    }
  }

  #checkBatch(batch: AcceptedBatch): void {
    const { chronicle } = this.#world;
    this.#world.note(
      `batch ${batch.zoneName} ${batch.comment}: ${batch.changes.map(({ action, set }) => `${action} ${shown(set)}`).join('; ')}`,
    );
    const holds = chronicle.holdsOf(batch.zoneId);
    for (const { action, set } of batch.changes) {
      const key = keyOf(set);
      const before = holds.get(key);
      if (action === 'UPSERT') throw new Violated('3 compare and swap', `UPSERT of ${shown(set)}`);
      if (!OUR_TYPES.has(set.type) || (set.type === 'TXT' && !set.name.includes('._rolecall.'))) {
        throw new Violated('2 no foreign record', `${action} of ${shown(set)}`);
      }
      if (before === 'foreign' && !isUndecided(this.#world, batch, set))
        throw new Violated('2 no foreign record', `${action} of ${shown(set)}`);
      if (action === 'CREATE') holds.set(key, 'ours');
      else if (before === undefined) throw new Violated('2 no foreign record', `${action} of ${shown(set)}`);
    }
    const created = new Set(batch.changes.filter(({ action }) => action === 'CREATE').map(({ set }) => keyOf(set)));
    for (const { action, set } of batch.changes)
      if (action === 'DELETE' && !created.has(keyOf(set))) holds.delete(keyOf(set));
    rememberBatch(this.#world, batch);
    this.#checkSerial(batch);
    checkAdded(batch, this.#world);
    this.#checkRemoved(batch);
  }

  /** What another Rolecall does is nothing of ours. */
  #checkStranger(batch: AcceptedBatch): void {
    const { account, chronicle, other, trouble } = this.#world;
    const { zoneId, changes } = batch;
    // One zone takes one change at a time, and an account so many.
    if (account.route53.processingMs > 0 || account.route53.throttling) trouble.disturb(10_000);
    for (const { action, set } of changes) {
      const isOurs = chronicle.holdsOf(zoneId).get(keyOf(set)) === 'ours';
      if (isOurs && (other === undefined || !isUndecided(other, batch, set)))
        throw new Violated('2 no foreign record', `another Rolecall’s ${action} of ${shown(set)}`);
      chronicle.strangerChange(zoneId, action, set);
    }
  }

  #checkSerial({ zoneId, zoneName, changes }: AcceptedBatch): void {
    const name = `${this.#world.setting.owner}._rolecall.${zoneName}`;
    const moved = changes.find(({ action, set }) => action === 'CREATE' && set.name === name);
    const serial = Number(/serial=(\d+)/.exec(moved?.set.values[0] ?? '')?.[1] ?? Number.NaN);
    const last = this.#serials.get(zoneId) ?? 0;
    if (!(serial > last)) {
      throw new Violated('3 the serial only grows', `${zoneName}: ${last}, then ${moved?.set.values[0] ?? 'none'}`);
    }
    this.#serials.set(zoneId, serial);
  }

  /** 4: what a steady member has in a record is not taken away; of an exclusive role neither. */
  #checkRemoved(batch: AcceptedBatch): void {
    const { account, chronicle } = this.#world;
    const created = valuesIn(batch.changes, 'CREATE');
    let expected: ReturnType<typeof expectationOf> | undefined;
    for (const [key, values] of valuesIn(batch.changes, 'DELETE')) {
      if (!key.endsWith(' A') && !key.endsWith(' AAAA')) continue;
      // An address that a freed one's next instance has may stand in two sets of one name; it stays with the other.
      const left = this.#valuesLeft(batch.zoneId, key);
      const lost = [...values].filter((value) => created.get(key)?.has(value) !== true && !left.has(value));
      for (const value of lost) {
        const instance = account.ec2.fleet.instances.current().find((each) => addressesOf(each).includes(value));
        if (instance === undefined || !chronicle.isSteady(instance, STEADY_MS)) continue;
        if (!wasSwept(this.#world, instance)) continue;
        expected ??= expectationOf(this.#world);
        const [name, type] = key.split(' ');
        const zone = this.#world.keyOf(batch.zoneId);
        const isWanted = [...expected.sets].some(
          ([label, text]) => label.startsWith(`${zone} ${name} ${type} `) && text.split(/[ ,]/).includes(value),
        );
        const unlistedMs = chronicle.nowMs - (chronicle.unlistedSinceMs.get(instance.id) ?? chronicle.nowMs);
        if (unlistedMs > ABSENT_AFTER_MS) {
          if (isWanted && left.size === 0 && this.#isForAll(name ?? ''))
            throw new Violated('4 nothing is emptied', `${key} has nobody left, as ${instance.id} is not listed`);
          continue;
        }
        if (isWanted && exclusiveRoleOf(this.#world, name ?? '') === undefined) {
          throw new Violated('4 nothing is emptied', `${key} loses ${value} of ${instance.id}, which runs untouched`);
        }
        // What a zone that was shut should have lost long ago, it loses when it can.
        const shutMs = this.#world.trouble.shutMs(batch.zoneId, chronicle.touchedAtMs.get(instance.id) ?? 0);
        if (!chronicle.isSteady(instance, STEADY_MS + shutMs)) continue;
        if (!isIn(chronicle, batch, key, value, instance)) continue;
        if (isHeldForGood(this.#world, name ?? '', instance, left))
          throw new Violated('10 no holder is displaced', `${key} loses ${value} of ${instance.id}`);
      }
    }
  }

  /** The values that a name and type still has, over every set of it. */
  #valuesLeft(zoneId: string, key: string): ReadonlySet<string> {
    const zone = this.#world.account.route53.zones().find(({ id }) => id === zoneId);
    const sets = zone?.current.sorted().filter(({ name, type }) => `${plain(name)} ${type}` === key) ?? [];
    return new Set(sets.flatMap(({ values }) => values));
  }

  /** Whether a name is that of a role with private addresses, where each of its members is to be found. */
  #isForAll(name: string): boolean {
    const { roles } = this.#world.setting;
    const definition = Object.entries(roles).find(([role]) => name === `${role}.${this.#world.zones.int.name}`)?.[1];
    if (typeof definition !== 'object' || definition.holders !== undefined) return false;
    return definition.names?.some(({ zone, name: pattern }) => zone === 'int' && pattern === undefined) === true;
  }

  /** 1: within the bound, no owned record holds an unowned address of an instance that is gone. */
  #checkGone(): void {
    const { account, chronicle, trouble } = this.#world;
    const { nowMs } = chronicle;
    const live = new Set(
      account.ec2.fleet.instances.current().flatMap(({ autoPublicAddress = [] }) => autoPublicAddress),
    );
    const owned = new Set(account.ec2.elasticIps.addresses.current().map(({ address }) => address));
    for (const { id: zoneId, current } of account.route53.zones()) {
      const holds = chronicle.holdsOf(zoneId);
      for (const set of current.sorted()) {
        if (set.type !== 'A' || holds.get(keyOf(set)) !== 'ours') continue;
        for (const value of set.values) {
          if (live.has(value) || owned.has(value)) continue;
          const holders = [...(chronicle.publicHolders.get(value) ?? [])];
          if (holders.length === 0) continue;
          const sinceMs = Math.max(...holders.map((id) => this.#deadlineOf(id)));
          const disturbedUntilMs = Math.max(trouble.disturbedUntilMs, trouble.deniedUntilMs.get(zoneId) ?? 0);
          const recoveryMs = holders.some((id) => isForgotten(this.#world, id)) ? FORGOTTEN_BOUND_MS : RECOVERY_MS;
          const recoveredMs = disturbedUntilMs === 0 ? 0 : disturbedUntilMs + recoveryMs;
          if (nowMs <= Math.max(sinceMs, recoveredMs)) continue;
          throw new Violated('1 gone means gone', `${plain(set.name)} still has ${value} of ${holders.join(' ')}`);
        }
      }
    }
  }

  /** When the last trace of an instance that is gone, or stopped, must be away. */
  #deadlineOf(id: string): number {
    const { chronicle } = this.#world;
    const goneAtMs = chronicle.goneAtMs.get(id);
    const provenAtMs = chronicle.provenAtMs.get(id);
    const { trouble, account } = this.#world;
    const isSlow = Math.max(trouble.distanceMs, account.route53.processingMs) > 1_000;
    const boundMs = isSlow ? FAR_BOUND_MS : PROVEN_BOUND_MS;
    if (provenAtMs !== undefined) return provenAtMs + boundMs;
    const unseenUntilMs = (wentUnseenAtMs(this.#world, id) ?? Number.NEGATIVE_INFINITY) + FORGOTTEN_BOUND_MS;
    if (goneAtMs !== undefined) return Math.max(goneAtMs + UNTOLD_BOUND_MS, unseenUntilMs);
    // It stopped, or an Elastic IP took the address's place, which no event tells.
    const sinceMs = Math.max(chronicle.touchedAtMs.get(id) ?? 0, chronicle.replacedAtMs.get(id) ?? 0);
    return Math.max(sinceMs + UNTOLD_BOUND_MS + RECOVERY_MS, unseenUntilMs);
  }

  /** 9: the zones are as they should be. */
  assertConverged(): void {
    const { account, chronicle } = this.#world;
    const { sets, complaints, optional } = expectationOf(this.#world);
    const differences = [...complaints];
    const seen = new Set<string>();
    const disputed = disputedNames(this.#world);
    const forgotten = setsOfTheForgotten(this.#world, sets);
    for (const [key, { id, name: zoneName }] of Object.entries(this.#world.zones)) {
      const holds = chronicle.holdsOf(id);
      const zone = account.route53.zones().find((each) => each.id === id);
      // Who has which ordinal is told by the zone that is gone.
      if (key === 'rev' && Object.keys(this.#world.zones).some((each) => !this.#world.isThere(each))) continue;
      for (const set of zone?.current.sorted() ?? []) {
        const hold = holds.get(keyOf(set));
        if (hold !== 'ours' || set.name === `${this.#world.setting.owner}._rolecall.${zoneName}.`) continue;
        const label = labelOf(key, set);
        seen.add(label);
        if (
          disputed.has(`${key} ${plain(set.name)}`) ||
          optional.has(label) ||
          this.#world.isLeftToHands(key, plain(set.name))
        )
          continue;
        const expected = sets.get(label);
        if (expected === undefined) {
          if (!forgotten.has(`${key} ${keyOf(set)}`)) differences.push(`${label} is there: ${contentOf(set)}`);
        } else if (expected !== contentOf(set)) differences.push(`${label} is ${contentOf(set)}, not ${expected}`);
      }
    }
    for (const [label, text] of sets) {
      const [key = '', name = ''] = label.split(' ');
      if (
        key === 'rev'
          ? Object.keys(this.#world.zones).some((each) => !this.#world.isThere(each))
          : !this.#world.isThere(key)
      )
        continue;
      if (this.#world.isLeftToHands(key, name)) continue;
      if (!seen.has(label) && !optional.has(label) && !disputed.has(`${key} ${name}`)) {
        differences.push(`${label} is missing: ${text}`);
      }
    }
    if (differences.length > 0) throw new Violated('9 convergence', differences.join('\n  '));
  }
}

interface StateMessage {
  readonly time?: string;
  readonly detail?: {
    readonly state?: string;
    readonly 'instance-id'?: string;
    readonly LifecycleActionToken?: string;
  };
}

/** Messages that the Lambda gave back: of these it has taken nothing in. */
function failedIn(result: unknown): ReadonlySet<unknown> {
  if (typeof result !== 'object' || result === null || !('batchItemFailures' in result)) return new Set();
  const { batchItemFailures } = result;
  if (!Array.isArray(batchItemFailures)) return new Set();
  return new Set(batchItemFailures.map((each: { readonly itemIdentifier?: unknown }) => each.itemIdentifier));
}

function bodiesOf(event: unknown, failed: ReadonlySet<unknown>): StateMessage[] {
  if (typeof event !== 'object' || event === null || !('Records' in event) || !Array.isArray(event.Records)) return [];
  return event.Records.flatMap((record: unknown): StateMessage[] => {
    if (typeof record !== 'object' || record === null || !('body' in record)) return [];
    if ('messageId' in record && failed.has(record.messageId)) return [];
    try {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- read with care, and only what is there
      return [JSON.parse(String(record.body)) as StateMessage];
    } catch {
      return [];
    }
  });
}
