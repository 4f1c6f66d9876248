import type { Instance } from '../../local/ec2/instance.ts';
import { STEADY_MS } from './chronicle.ts';
import { claimsOf, isDraining } from './rendering.ts';
import { Violated, type World } from './world.ts';

/** λ reconcile is ended after so long. */
const LONGEST_PASS_MS = 20_000;

/** Who has which Elastic IP, watched: 5, a running, serving holder keeps its own. */
export class Associations {
  readonly #world: World;
  /** Allocation id to instance. */
  #known = new Map<string, string>();
  /**
   * Every role with a pool and each that ever had an address of it as a member, or by Rolecall, or that may have been entitled
   * to one, as a member while no member had it: `<role> <instance>`.
   */
  readonly #formerly = new Set<string>();

  constructor(world: World) {
    this.#world = world;
  }

  /** What the people did just now is no fault of Rolecall's. */
  accept(): void {
    this.#known = this.#current();
  }

  check(): void {
    const { account, chronicle } = this.#world;
    const current = this.#current();
    for (const [allocationId, instanceId] of this.#known) {
      if (current.get(allocationId) === instanceId) continue;
      const instance = account.ec2.fleet.find(instanceId);
      this.#world.note(`address ${allocationId} left ${instanceId} for ${current.get(allocationId) ?? 'nobody'}`);
      if (instance === undefined || this.#hasLeft(instance, allocationId)) continue;
      if (this.#crossedAGift(instance, allocationId, current)) continue;
      if (this.#wasAskedFor(allocationId, current.get(allocationId))) continue;
      const isKnown = chronicle.isSteady(instance, STEADY_MS) && !account.ec2.unlisted.has(instance.id);
      const wasGiven = this.#wasGiven(instance, allocationId);
      if (!wasGiven && (!isKnown || this.#isForAWellOne(instance, allocationId))) continue;
      throw new Violated('5 no holder loses its address', `${allocationId} was taken from ${instanceId}`);
    }
    for (const [allocationId, instanceId] of current) {
      const holder = account.ec2.fleet.find(instanceId);
      const isOld = this.#known.get(allocationId) === instanceId;
      // Who lost its tag while nothing could be read was given the address as a member all the same.
      const isOurGift = !isOld && chronicle.handed.get(allocationId) !== instanceId;
      if (holder !== undefined && (isOurGift || this.#hasClaim(holder, allocationId))) {
        for (const role of this.#rolesOf(allocationId)) this.#formerly.add(`${role} ${instanceId}`);
      }
      if (isOld) continue;
      chronicle.replacedAtMs.set(instanceId, chronicle.nowMs);
      this.#world.note(`address ${allocationId} goes to ${instanceId}`);
      this.#world.count('address moved');
    }
    this.#rememberEntitled(current);
    this.#known = current;
  }

  /** Whether an answer of EC2's got lost, or hands have the address elsewhere, nobody can tell later who was to have had it. */
  #rememberEntitled(current: ReadonlyMap<string, string>): void {
    const { fleet, elasticIps } = this.#world.account.ec2;
    for (const { allocationId } of elasticIps.addresses.current()) {
      const holder = fleet.find(current.get(allocationId) ?? '');
      if (holder !== undefined && this.#hasClaim(holder, allocationId)) continue;
      const members = fleet.instances.current().filter((each) => this.#hasClaim(each, allocationId));
      for (const role of this.#rolesOf(allocationId)) for (const { id } of members) this.#formerly.add(`${role} ${id}`);
    }
  }

  #current(): Map<string, string> {
    return new Map(
      this.#world.account.ec2.elasticIps.addresses
        .current()
        .flatMap(({ allocationId, association }) =>
          association === undefined ? [] : [[allocationId, association.instanceId] as const],
        ),
    );
  }

  /**
   * Who had an address of the pool as a member and is none any more, be it for an hour in which nobody could act on it.
   * What hands gave to one that never was a member is not Rolecall's to take.
   */
  #hasLeft(instance: Instance, allocationId: string): boolean {
    const roles = this.#rolesOf(allocationId);
    if (roles.length === 0 || this.#isMember(instance, allocationId)) return false;
    return roles.some((role) => this.#formerly.has(`${role} ${instance.id}`));
  }

  /** A sick holder gives way where a member that is well has no address, or has just got this one: one may have recovered. */
  #isForAWellOne(instance: Instance, allocationId: string): boolean {
    if (instance.impairedSinceMs === undefined) return false;
    const { ec2 } = this.#world.account;
    const others = ec2.elasticIps.addresses.current().filter((each) => each.allocationId !== allocationId);
    const seated = new Set(others.map(({ association }) => association?.instanceId));
    const isWell = (each: Instance) =>
      each.impairedSinceMs === undefined && each.state === 'running' && this.#isMember(each, allocationId);
    return ec2.fleet.instances.current().some((each) => isWell(each) && !seated.has(each.id));
  }

  /** What hands gave to an instance that runs stays there from the first moment, as long as nothing else is done to it. */
  #wasGiven(instance: Instance, allocationId: string): boolean {
    const { given, touchedAtMs, configuredAtMs, misreadAtMs } = this.#world.chronicle;
    const gift = given.get(allocationId);
    if (gift?.instanceId !== instance.id || instance.state !== 'running') return false;
    // Who came to a termination hook in the same millisecond is asked to leave after that.
    if (this.#world.account.autoscaling.isWaiting(instance.id)) return false;
    return Math.max(touchedAtMs.get(instance.id) ?? 0, configuredAtMs, misreadAtMs) <= gift.atMs;
  }

  /**
   * Hands gave it while a pass that had read before was about to give the instance another, or had called for that: of
   * what an instance has, EC2 knows no condition ("the existing address is disassociated from the instance",
   * AssociateAddress), and how long the call takes to get there, the pass cannot know.
   */
  #crossedAGift({ id }: Instance, allocationId: string, current: ReadonlyMap<string, string>): boolean {
    const { associationBegunAtMs, given, nowMs } = this.#world.chronicle;
    const gift = given.get(allocationId);
    const [another] = [...current].find(([, holder]) => holder === id) ?? [];
    if (another === undefined || gift?.instanceId !== id) return false;
    return (associationBegunAtMs.get(another) ?? nowMs) - gift.atMs < LONGEST_PASS_MS;
  }

  /** Who asks for a move may not know whom hands have given the address to since then: it is taken from whoever has it. */
  #wasAskedFor(allocationId: string, target: string | undefined): boolean {
    return this.#rolesOf(allocationId).some((role) => this.#world.chronicle.movesAsked.has(`${role} ${target}`));
  }

  #isMember(instance: Instance, allocationId: string): boolean {
    return !isDraining(instance) && this.#hasClaim(instance, allocationId);
  }

  /** One that was asked to leave before its address came had it as a member all the same. */
  #hasClaim(instance: Instance, allocationId: string): boolean {
    const claims = claimsOf(instance);
    return this.#rolesOf(allocationId).some((role) => claims.includes(role));
  }

  /** The roles whose pool an address is in. */
  #rolesOf(allocationId: string): string[] {
    const { account, setting } = this.#world;
    const address = account.ec2.elasticIps.addresses.current().find((each) => each.allocationId === allocationId);
    const pool = address?.tags['rolecall:pool'];
    if (pool === undefined) return [];
    return Object.entries(setting.roles).flatMap(([role, definition]) =>
      typeof definition === 'object' && definition.elasticIp?.pool === pool ? [role] : [],
    );
  }
}
