import { AddressPool, privateAddresses, publicAddresses } from './address-pool.ts';
import { Ec2Error, instanceNotFound } from './ec2-error.ts';
import type { Ec2Events } from './events.ts';
import { History } from './history.ts';
import { resourceId } from './identifiers.ts';
import type { Instance, InstanceState, NetworkInterface, StateReason } from './instance.ts';
import { isGoing } from './instance.ts';
import { NETWORKS_PER_SUBNET, subnetsOf } from './network.ts';
import type { Subnet } from './network.ts';
import type { Ec2Settings, Lifecycle } from './settings.ts';

export interface LaunchRequest {
  readonly count: number;
  readonly imageId: string;
  readonly type: string;
  readonly subnetId?: string;
  readonly zone?: string;
  /** By the subnet when not given. */
  readonly publicAddress?: boolean;
  readonly interfaces: number;
  readonly ipv6AddressCount: number;
  readonly instanceProfile?: string;
  readonly clientToken?: string;
  readonly spot: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

const USER_SHUTDOWN = { code: 'Client.UserInitiatedShutdown', message: 'User initiated shutdown' } as const;
const SPOT_SHUTDOWN = { code: 'Server.SpotInstanceTermination', message: 'Spot instance termination' } as const;

/** Instances, their life cycle, and the addresses that are theirs alone. */
export class Fleet {
  readonly instances = new History<Instance>();
  /** When, in ms since the epoch; the earliest first. */
  readonly terminated = new Map<string, number>();
  readonly subnets: readonly Subnet[];
  readonly #settings: Ec2Settings;
  readonly #lifecycle: Lifecycle;
  readonly #events: Ec2Events;
  readonly #publicPool: AddressPool;
  readonly #privatePools: ReadonlyMap<string, AddressPool>;
  readonly #hasElasticIp: (instanceId: string) => boolean;
  readonly #onGoing: (instanceId: string) => void;
  /** What cancels the next step of an instance's life, or its interruption. */
  readonly #pending = new Map<string, () => void>();
  #launches = 0;
  #ipv6Count = 0;

  constructor(
    settings: Ec2Settings,
    lifecycle: Lifecycle,
    events: Ec2Events,
    elasticIps: {
      readonly hasElasticIp: (instanceId: string) => boolean;
      readonly onGoing: (instanceId: string) => void;
    },
  ) {
    this.#settings = settings;
    this.#lifecycle = lifecycle;
    this.#events = events;
    this.subnets = subnetsOf(settings.region);
    this.#publicPool = new AddressPool(publicAddresses(), lifecycle.quarantineMs);
    this.#privatePools = new Map(
      this.subnets.map(({ id, firstNetwork }) => [
        id,
        new AddressPool(privateAddresses(firstNetwork, NETWORKS_PER_SUBNET), lifecycle.quarantineMs),
      ]),
    );
    this.#hasElasticIp = elasticIps.hasElasticIp;
    this.#onGoing = elasticIps.onGoing;
  }

  /** An address for an Elastic IP: one that nobody has had. */
  takePublicAddress(): string {
    return this.#publicPool.takeFresh();
  }

  givePublicAddress(address: string): void {
    this.#publicPool.give(address, this.#now());
  }

  /** The instance, or undefined once it is no longer listed. */
  find(id: string): Instance | undefined {
    return this.instances.get(id);
  }

  /** All of them, or the refusal of the whole call that one unknown id brings. */
  require(ids: readonly string[]): readonly Instance[] {
    const missing = ids.filter((id) => this.find(id) === undefined);
    if (missing.length > 0) throw instanceNotFound(missing);
    return ids.flatMap((id) => this.find(id) ?? []);
  }

  launch(request: LaunchRequest): readonly Instance[] {
    const subnet = this.#subnetFor(request);
    const reservationId = resourceId('r', this.#settings.newId);
    this.#launches += 1;
    return Array.from({ length: request.count }, (_nothing, index) => {
      const instance = this.#newInstance(request, subnet, reservationId, index);
      this.put(instance);
      this.#events.stateChange(instance.id, 'pending');
      this.#later(instance.id, this.#lifecycle.pendingMs, () => this.#becomeRunning(instance.id));
      return instance;
    });
  }

  start(ids: readonly string[]): readonly StateChange[] {
    const instances = this.require(ids);
    refuseUnless(instances, ['stopped', 'pending', 'running'], 'started');
    return instances.map((instance) => {
      if (instance.state !== 'stopped') return { before: instance, after: instance };
      const { stateReason: _stateReason, impairedSinceMs: _impairedSinceMs, ...kept } = instance;
      const after = this.#move({ ...kept, launchTimeMs: this.#nowInWholeSeconds(), transitionReason: '' }, 'pending');
      this.#later(instance.id, this.#lifecycle.pendingMs, () => this.#becomeRunning(instance.id));
      return { before: instance, after };
    });
  }

  stop(ids: readonly string[], reason: StateReason = USER_SHUTDOWN): readonly StateChange[] {
    const instances = this.require(ids);
    refuseUnless(instances, ['running', 'stopping', 'stopped'], 'stopped');
    return instances.map((instance) => {
      if (instance.state !== 'running') return { before: instance, after: instance };
      const after = this.#leaveRunning(instance, 'stopping', reason);
      this.#later(instance.id, this.#lifecycle.stoppingMs, () => this.#become(instance.id, 'stopped'));
      return { before: instance, after };
    });
  }

  terminate(ids: readonly string[], reason: StateReason = USER_SHUTDOWN): readonly StateChange[] {
    return this.require(ids).map((instance) => {
      if (isGoing(instance)) return { before: instance, after: instance };
      const interfaces = this.#releaseInterfaces(instance);
      this.#onGoing(instance.id);
      const after = this.#leaveRunning({ ...instance, interfaces }, 'shutting-down', reason);
      this.#later(instance.id, this.#lifecycle.shuttingDownMs, () => this.#become(instance.id, 'terminated'));
      return { before: instance, after };
    });
  }

  /** "An instance that is rebooted stays in the running state": no event. */
  reboot(ids: readonly string[]): void {
    refuseUnless(this.require(ids), ['running'], 'rebooted');
  }

  /** Warns, and interrupts when the notice has run out; a hibernation begins at once. */
  interruptSpot(id: string, action: 'terminate' | 'stop' | 'hibernate'): void {
    const instance = this.#requireOne(id);
    this.#events.spotInterruption(id, instance.zone, action);
    const interrupt = (): void => {
      const state = this.find(id)?.state;
      if (action === 'terminate' && state !== undefined) this.terminate([id], SPOT_SHUTDOWN);
      else if (state === 'running') this.stop([id], SPOT_SHUTDOWN);
    };
    this.#later(`interruption of ${id}`, action === 'hibernate' ? 0 : this.#lifecycle.spotNoticeMs, interrupt);
  }

  setImpaired(id: string, impaired: boolean): void {
    const { impairedSinceMs: _impairedSinceMs, ...sound } = this.#requireOne(id);
    this.put(impaired ? { ...sound, impairedSinceMs: this.#now() } : sound);
  }

  put(instance: Instance): void {
    this.instances.put(instance.id, instance, this.#now());
  }

  /**
   * Gives or takes the public address that is not an Elastic IP. "Amazon EC2 instance IP addressing": a running instance
   * has one unless an Elastic IP takes its place, and it gets no new one when it has a second network interface.
   */
  settlePublicAddress(id: string): void {
    const instance = this.find(id);
    if (instance === undefined) return;
    const { autoPublicAddress, ...without } = instance;
    const entitled =
      instance.state === 'running' &&
      instance.autoAssignPublic &&
      instance.interfaces.length === 1 &&
      !this.#hasElasticIp(id);
    if (entitled && autoPublicAddress === undefined) {
      this.put({ ...instance, autoPublicAddress: this.#publicPool.take(this.#now()) });
    } else if (!entitled && autoPublicAddress !== undefined) {
      this.put(without);
      this.givePublicAddress(autoPublicAddress);
    }
  }

  close(): void {
    for (const cancel of this.#pending.values()) cancel();
    this.#pending.clear();
  }

  #becomeRunning(id: string): void {
    const instance = this.find(id);
    if (instance === undefined) return;
    this.put({ ...instance, state: 'running' });
    this.settlePublicAddress(id);
    this.#events.stateChange(id, 'running');
  }

  #become(id: string, state: 'stopped' | 'terminated'): void {
    const instance = this.find(id);
    if (instance === undefined) return;
    if (state === 'terminated') this.terminated.set(instance.id, this.#now());
    this.#move(state === 'terminated' ? { ...instance, terminatedAtMs: this.#now() } : instance, state);
  }

  #leaveRunning(instance: Instance, state: 'stopping' | 'shutting-down', reason: StateReason): Instance {
    const moment = new Date(this.#now()).toISOString().slice(0, 19).replace('T', ' ');
    const transitionReason = reason === USER_SHUTDOWN ? `User initiated (${moment} GMT)` : reason.code;
    const stateReason = { code: reason.code, message: `${reason.code}: ${reason.message}` };
    this.put({ ...instance, state, stateReason, transitionReason });
    this.settlePublicAddress(instance.id);
    this.#events.stateChange(instance.id, state);
    return this.#requireOne(instance.id);
  }

  #move(instance: Instance, state: InstanceState): Instance {
    const after = { ...instance, state };
    this.put(after);
    this.#events.stateChange(instance.id, state);
    return after;
  }

  #releaseInterfaces(instance: Instance): readonly NetworkInterface[] {
    const pool = this.#privatePools.get(instance.subnetId);
    return instance.interfaces.map(({ privateAddress, ...attached }) => {
      if (privateAddress !== undefined) pool?.give(privateAddress, this.#now());
      return { ...attached, ipv6Addresses: [] };
    });
  }

  #newInstance(request: LaunchRequest, subnet: Subnet, reservationId: string, launchIndex: number): Instance {
    const { newId } = this.#settings;
    return {
      id: resourceId('i', newId),
      reservationId,
      launchIndex,
      imageId: request.imageId,
      type: request.type,
      zone: subnet.zone,
      subnetId: subnet.id,
      state: 'pending',
      transitionReason: '',
      launchTimeMs: this.#nowInWholeSeconds(),
      spot: request.spot,
      ...(request.clientToken === undefined ? {} : { clientToken: request.clientToken }),
      ...(request.instanceProfile === undefined ? {} : { instanceProfile: request.instanceProfile }),
      interfaces: Array.from({ length: request.interfaces }, (_nothing, index) =>
        this.#newInterface(subnet, index === 0 ? request.ipv6AddressCount : 0),
      ),
      autoAssignPublic: request.publicAddress ?? subnet.autoAssignPublic,
      tags: request.tags,
      tagVersion: 0,
    };
  }

  #newInterface(subnet: Subnet, ipv6AddressCount: number): NetworkInterface {
    const pool = this.#privatePools.get(subnet.id);
    if (pool === undefined) throw new Error(`The local account has no addresses for ${subnet.id}.`);
    return {
      id: resourceId('eni', this.#settings.newId),
      attachmentId: resourceId('eni-attach', this.#settings.newId),
      privateAddress: pool.take(this.#now()),
      ipv6Addresses: Array.from({ length: ipv6AddressCount }, () => {
        this.#ipv6Count += 1;
        return `2001:db8:0:1::${this.#ipv6Count.toString(16)}`;
      }),
    };
  }

  #subnetFor(request: LaunchRequest): Subnet {
    const { subnetId, zone } = request;
    if (subnetId !== undefined) {
      const subnet = this.subnets.find(({ id }) => id === subnetId);
      if (subnet !== undefined) return subnet;
      throw new Ec2Error('InvalidSubnetID.NotFound', `The subnet ID '${subnetId}' does not exist`);
    }
    const open = this.subnets.filter(({ autoAssignPublic }) => autoAssignPublic);
    const chosen =
      zone === undefined ? open[this.#launches % open.length] : open.find((subnet) => subnet.zone === zone);
    if (chosen !== undefined) return chosen;
    const zones = open.map((subnet) => subnet.zone).join(', ');
    throw new Ec2Error(
      'InvalidParameterValue',
      `Value (${zone}) for parameter availabilityZone is invalid. Zones available: ${zones}`,
    );
  }

  #requireOne(id: string): Instance {
    const instance = this.find(id);
    if (instance === undefined) throw instanceNotFound([id]);
    return instance;
  }

  #later(key: string, milliseconds: number, step: () => void): void {
    this.#pending.get(key)?.();
    const cancel = this.#settings.timeline.after(milliseconds, () => {
      this.#pending.delete(key);
      step();
    });
    this.#pending.set(key, cancel);
  }

  #now(): number {
    return this.#settings.timeline.now();
  }

  #nowInWholeSeconds(): number {
    return Math.floor(this.#now() / 1_000) * 1_000;
  }
}

export interface StateChange {
  readonly before: Instance;
  readonly after: Instance;
}

function refuseUnless(instances: readonly Instance[], allowed: readonly InstanceState[], participle: string): void {
  const wrong = instances.find(({ state }) => !allowed.includes(state));
  if (wrong === undefined) return;
  throw new Ec2Error(
    'IncorrectInstanceState',
    `The instance '${wrong.id}' is not in a state from which it can be ${participle}.`,
  );
}
