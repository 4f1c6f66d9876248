import type { Ending } from '../../local/autoscaling/model.ts';
import type { Chance } from './chance.ts';
import { secondsRemembered } from './remembered.ts';
import { claimsOf, keepingRoleOf, labelOf, plain } from './rendering.ts';
import { expectationOf } from './reference.ts';
import { launch } from './people.ts';
import { keyOf } from '../../local/route53/resource-record-set.ts';
import { addressesOf, answersOf } from './addresses-of.ts';
import { Violated, type World } from './world.ts';

export const GROUP = 'fleet';
const PROMISE = 'drained means forgotten';
const PROCEEDS = 'nobody is given up at a hook';
/** The Lambda is given a third of a heartbeat to renew it. */
const RENEWAL_SHARE = 2 / 3;
/** As for any other work, after the last fault. */
const RECOVERY_MS = 130_000;
/** Longer than any drain may take, beside the TTL: ten minutes for a launch, and time to retry. */
const LONGEST_WAIT_S = 600;
/** The longest that a set of ours has. */
const LONGEST_TTL_S = 300;
/** Hands may have made a TTL longer: so long after resolvers have forgotten it. */
const FORGOTTEN_WAIT_S = 130;

export function furnishGroup(world: World, chance: Chance): void {
  const { scalingGroups } = world.account;
  const heartbeat = () => chance.pick([30, 60, 300, 600] as const);
  const result = () => chance.pick(['CONTINUE', 'ABANDON'] as const);
  scalingGroups.create(GROUP);
  const names = chance.happens(0.3) ? ['leave', 'backup'] : ['leave'];
  for (const name of names) {
    scalingGroups.putHook({
      group: GROUP,
      name,
      transition: 'terminating',
      heartbeatSeconds: heartbeat(),
      defaultResult: result(),
    });
  }
  if (!chance.happens(0.5)) return;
  scalingGroups.putHook({
    group: GROUP,
    name: 'ready',
    transition: 'launching',
    heartbeatSeconds: heartbeat(),
    defaultResult: result(),
  });
}

/** The group lets an instance go, for good or into its warm pool; or gets one more. */
export function scale(world: World, chance: Chance): void {
  const { scalingGroups, autoscaling } = world.account;
  if (world.trouble.weather.calls > 0 && chance.happens(0.1))
    return world.trouble.outage('autoscaling', chance.between(5_000, 120_000));
  if (chance.happens(0.4)) return scaleOut(world, chance);
  const running = world.account.ec2.fleet.instances.current().filter(({ state }) => state === 'running');
  const one = chance.pick(running.filter(({ id }) => !autoscaling.isWaiting(id)));
  if (one === undefined) return;
  scalingGroups.attach(GROUP, [one.id]);
  const destination = chance.happens(0.2) ? 'WarmPool' : 'EC2';
  world.note(`scaled in ${one.id} to ${destination}`);
  world.count(`scaled in to ${destination}`);
  world.chronicle.touch(one.id);
  scalingGroups.remove(one.id, destination);
}

function scaleOut(world: World, chance: Chance): void {
  const { fleet, lifecycle } = world.account.ec2;
  for (const id of launch(world, chance)) {
    world.timeline.after(lifecycle.pendingMs + chance.between(10, 3_000), () => {
      // A group that has let it go meanwhile does not take it in as well.
      if (fleet.find(id)?.state !== 'running' || world.account.autoscaling.isWaiting(id)) return;
      world.note(`scaled out ${id}`);
      world.count('scaled out');
      world.account.scalingGroups.launched(GROUP, id);
    });
  }
}

/** What the hooks promise: nobody goes on too early, nobody waits for ever, and no time-out decides while we work. */
export class HookKeeper {
  readonly #world: World;
  /** When a Lambda had taken in the event of an action, by its token. */
  readonly #toldAtMs = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
    world.account.autoscaling.onEnd((ending) => {
      try {
        this.#ended(ending);
      } catch (error) {
        world.fail(error);
      }
    });
  }

  told(token: string): void {
    if (!this.#toldAtMs.has(token)) this.#toldAtMs.set(token, this.#world.timeline.now());
  }

  /** No instance waits when it is calm: those of whom we were told are let go on, the others by their time-outs. */
  async nobodyWaits(): Promise<void> {
    const { account, chronicle } = this.#world;
    const { autoscaling } = account;
    // Also of a pointer or a service that hands gave a longer one.
    let longest = LONGEST_WAIT_S + Math.max(LONGEST_TTL_S, chronicle.longestTtlOfHandsS);
    for (let waited = 0; autoscaling.waitingCount > 0; waited += 5) {
      if (this.#isAnyRemembered()) longest = Math.max(longest, waited + FORGOTTEN_WAIT_S);
      if (waited >= longest) throw new Violated(PROMISE, `an instance has waited for ${waited} s of calm`);
      await this.#world.advance(5);
    }
  }

  /** Whether resolvers still have an address of one that waits. */
  #isAnyRemembered(): boolean {
    const { autoscaling, ec2 } = this.#world.account;
    return ec2.fleet.instances
      .current()
      .some(({ id }) => autoscaling.isWaiting(id) && secondsRemembered(this.#world, id) > 0);
  }

  #ended(ending: Ending): void {
    const { arrival, how, token } = ending;
    const { chronicle, timeline } = this.#world;
    this.#world.note(`${arrival.instanceId} no longer waits at ${arrival.hook}: ${how}`);
    this.#world.count(`hook ${arrival.transition} ${how}`);
    // ABANDON ends the other hooks' waits, too, and at a launch the instance.
    if (how === 'completed' && ending.result !== 'CONTINUE')
      throw new Violated(PROCEEDS, `${arrival.instanceId} is given up at ${arrival.hook}`);
    if (how === 'completed' && ending.beatAtMs > ending.begunAtMs) this.#world.count('hook kept by heartbeats');
    if (how === 'completed' && arrival.transition === 'terminating') this.#checkForgotten(ending);
    if (how === 'completed' && arrival.transition === 'launching') this.#checkServing(ending);
    if (how === 'expired') this.#checkExpired(ending, this.#toldAtMs.get(token));
    chronicle.touch(arrival.instanceId);
    if (this.#ends(ending))
      chronicle.goneAtMs.set(arrival.instanceId, chronicle.goneAtMs.get(arrival.instanceId) ?? timeline.now());
  }

  /** Whether the group now terminates the instance: scaled in, or abandoned at its launch. */
  #ends({ arrival, result }: Ending): boolean {
    if (arrival.transition === 'launching') return result === 'ABANDON';
    return arrival.destination === 'EC2' && !this.#world.account.autoscaling.isWaiting(arrival.instanceId);
  }

  /** Whether nobody has done anything else to the instance while it waited. */
  #isLeftAlone({ arrival, begunAtMs }: Ending): boolean {
    const { account, chronicle } = this.#world;
    const sinceMs = Math.max(chronicle.touchedAtMs.get(arrival.instanceId) ?? 0, chronicle.configuredAtMs);
    return sinceMs <= begunAtMs && account.ec2.fleet.find(arrival.instanceId)?.state === 'running';
  }

  /** Every set that held an address of it is INSYNC without it, and its TTL has passed since. */
  #checkForgotten(ending: Ending): void {
    const { account, chronicle } = this.#world;
    const { instanceId, destination, hook } = ending.arrival;
    if (destination === 'WarmPool' || !this.#isLeftAlone(ending)) return;
    const instance = account.ec2.fleet.find(instanceId);
    if (instance === undefined) return;
    const seconds = secondsRemembered(this.#world, instanceId);
    if (seconds > 0) throw new Violated(PROMISE, `${hook} lets ${instanceId} go ${seconds} s too early`);
    for (const { id, current } of account.route53.zones()) {
      const holds = chronicle.holdsOf(id);
      for (const set of current.sorted()) {
        // What `keep` keeps may be the address of who left last.
        if (holds.get(keyOf(set)) !== 'ours' || keepingRoleOf(this.#world.setting, plain(set.name)) !== undefined)
          continue;
        const value = set.values.find(
          (each) => answersOf(instance).includes(plain(each)) && chronicle.isFor(instanceId, id, keyOf(set), each),
        );
        if (value === undefined || this.#world.isLeftToHands(this.#world.keyOf(id), plain(set.name))) continue;
        throw new Violated(PROMISE, `${hook} lets ${instanceId} go while ${plain(set.name)} has ${value}`);
      }
    }
  }

  /** Every set that should hold an address of it is known to all name servers. */
  #checkServing(ending: Ending): void {
    const { account, chronicle } = this.#world;
    const { instanceId } = ending.arrival;
    const instance = account.ec2.fleet.find(instanceId);
    if (instance === undefined || claimsOf(instance).length === 0 || !this.#isLeftAlone(ending)) return;
    if (chronicle.misreadAtMs > 0 || chronicle.unlistedSinceMs.size > 0 || this.#isDisturbedSince(ending.begunAtMs))
      return;
    const { sets, optional } = expectationOf(this.#world);
    const shown = new Map(
      account.route53
        .zones()
        .flatMap(({ id, published }) => published.sorted().map((set) => [labelOf(this.#world.keyOf(id), set), set])),
    );
    for (const [label, text] of sets) {
      const value = addressesOf(instance).find((address) => text.split(/[ ,]/).includes(address));
      const [zone = '', name = ''] = label.split(' ');
      if (value === undefined || optional.has(label) || this.#world.isHandled(zone, name)) continue;
      if (shown.get(label)?.values.includes(value) === true) continue;
      throw new Violated('a launch goes on once it serves', `${instanceId} goes on before ${label} has ${value}`);
    }
  }

  /** A time-out decides only where no Lambda knew of it in time, or none could work until shortly before. */
  #checkExpired({ arrival, token, beatAtMs }: Ending, toldAtMs: number | undefined): void {
    const { heartbeatSeconds, hook, instanceId } = arrival;
    if (toldAtMs === undefined) return;
    const isToldInTime = toldAtMs <= beatAtMs + heartbeatSeconds * 1_000 * RENEWAL_SHARE;
    const isUndisturbed = isToldInTime && !this.#isDisturbedSince(Math.min(beatAtMs, toldAtMs));
    const { nowMs } = this.#world.chronicle;
    const isRecovered = toldAtMs + RECOVERY_MS <= nowMs && !this.#isDisturbedSince(nowMs);
    if (!isUndisturbed && !isRecovered) return;
    throw new Violated(
      'no time-out decides while we work',
      `${instanceId} goes on from ${hook} by itself, ${token} having been told ${(this.#world.timeline.now() - toldAtMs) / 1000} s ago`,
    );
  }

  #isDisturbedSince(ms: number): boolean {
    const { disturbedUntilMs } = this.#world.trouble;
    return disturbedUntilMs > 0 && disturbedUntilMs + RECOVERY_MS > ms;
  }
}
