import { Ec2Error } from './ec2-error.ts';
import type { ElasticIp } from './elastic-ips.ts';
import { ElasticIps } from './elastic-ips.ts';
import { Ec2Events } from './events.ts';
import { Fleet } from './fleet.ts';
import type { LaunchRequest } from './fleet.ts';
import type { Instance } from './instance.ts';
import type { Ec2Settings, Lifecycle } from './settings.ts';
import { DEFAULT_LIFECYCLE } from './settings.ts';
import type { TagRemoval, Tags } from './tags.ts';
import { changedKeys, withoutTags, withTags } from './tags.ts';
import { Throttle } from './throttle.ts';

/** The state of EC2 in one account and region. */
export class Ec2Model {
  readonly fleet: Fleet;
  readonly elasticIps: ElasticIps;
  readonly lifecycle: Lifecycle;
  readonly account: string;
  readonly region: string;
  /** How far Describe calls lag behind: 0 for never. At most 60,000. */
  readLagMs = 0;
  /** Whether requests are limited as EC2 limits them. */
  throttling = false;
  /** Instances that Describe calls leave out, though they run. */
  readonly unlisted = new Set<string>();
  readonly #settings: Ec2Settings;
  readonly #throttle: Throttle;
  readonly #events: Ec2Events;
  readonly #launchesByToken = new Map<string, { readonly request: string; readonly instanceIds: readonly string[] }>();

  constructor(settings: Ec2Settings) {
    this.#settings = settings;
    this.#throttle = new Throttle(settings.timeline);
    this.#events = new Ec2Events(settings);
    this.account = settings.account;
    this.region = settings.region;
    this.lifecycle = { ...DEFAULT_LIFECYCLE, ...settings.lifecycle };
    this.elasticIps = new ElasticIps(settings, () => this.fleet);
    this.fleet = new Fleet(settings, this.lifecycle, this.#events, {
      hasElasticIp: (instanceId) => this.elasticIps.ofInstance(instanceId) !== undefined,
      onGoing: (instanceId) => this.elasticIps.disassociateFrom(instanceId),
    });
  }

  admits(action: string): boolean {
    return !this.throttling || this.#throttle.admit(action);
  }

  /** "Ensuring idempotency in Amazon EC2 API requests": one client token launches once. */
  launch(request: LaunchRequest): readonly Instance[] {
    const tags = withTags({}, request.tags);
    const { clientToken } = request;
    const fingerprint = JSON.stringify(request);
    const earlier = clientToken === undefined ? undefined : this.#launchesByToken.get(clientToken);
    if (earlier !== undefined) {
      if (earlier.request === fingerprint) return this.fleet.require(earlier.instanceIds);
      throw new Ec2Error(
        'IdempotentParameterMismatch',
        'The request uses the same client token as a previous, but non-identical request.',
      );
    }
    const launched = this.fleet.launch({ ...request, tags });
    const instanceIds = launched.map(({ id }) => id);
    if (clientToken !== undefined) this.#launchesByToken.set(clientToken, { request: fingerprint, instanceIds });
    if (Object.keys(tags).length > 0) for (const id of instanceIds) this.#announceTags(id, Object.keys(tags));
    return launched;
  }

  allocateAddress(tags: Tags): ElasticIp {
    const address = this.elasticIps.allocate(tags);
    if (Object.keys(tags).length > 0) this.#announceTags(address.allocationId, Object.keys(tags));
    return address;
  }

  /** What DescribeInstances lists, in the order of launch; of these ids alone, where some are given. */
  listedInstances(only?: ReadonlySet<string>): readonly Instance[] {
    this.#forgetTerminated();
    return this.fleet.instances
      .asOf(this.#readsAsOfMs(), only)
      .filter(({ id }) => !this.unlisted.has(id))
      .map((instance) => this.#withFadingTags(instance));
  }

  listedInstance(id: string): Instance | undefined {
    this.#forgetTerminated();
    const instance = this.fleet.instances.at(id, this.#readsAsOfMs());
    return instance === undefined ? undefined : this.#withFadingTags(instance);
  }

  listedAddresses(): readonly ElasticIp[] {
    return this.elasticIps.addresses.asOf(this.#readsAsOfMs());
  }

  createTags(resourceIds: readonly string[], tags: Tags): void {
    this.#changeTags(resourceIds, (before) => withTags(before, tags));
  }

  deleteTags(resourceIds: readonly string[], removals: readonly TagRemoval[]): void {
    this.#changeTags(resourceIds, (before) => withoutTags(before, removals));
  }

  /** The status checks of a running instance find it `impaired` from now on. */
  failStatusCheck(id: string): void {
    this.fleet.setImpaired(id, true);
  }

  passStatusCheck(id: string): void {
    this.fleet.setImpaired(id, false);
  }

  /** All that were impaired are sound again. */
  passStatusChecks(): void {
    for (const { id, impairedSinceMs } of this.fleet.instances.current())
      if (impairedSinceMs !== undefined) this.fleet.setImpaired(id, false);
  }

  /** The warning now, the interruption when the notice has run out. */
  interruptSpot(id: string, action: 'terminate' | 'stop' | 'hibernate' = 'terminate'): void {
    this.fleet.interruptSpot(id, action);
  }

  recommendRebalance(id: string): void {
    this.fleet.require([id]);
    this.#events.rebalance(id);
  }

  /** Nothing happens any more by itself. */
  close(): void {
    this.fleet.close();
  }

  #changeTags(resourceIds: readonly string[], change: (before: Tags) => Tags): void {
    const resources = resourceIds.map((id) => this.#taggable(id));
    const planned = resources.map((resource) => ({ resource, after: change(resource.tags) }));
    for (const { resource, after } of planned) {
      const keys = changedKeys(resource.tags, after);
      if (keys.length === 0) continue;
      const id = 'address' in resource ? resource.allocationId : resource.id;
      if ('address' in resource) this.elasticIps.put({ ...resource, tags: after });
      else this.fleet.put({ ...resource, tags: after });
      this.#announceTags(id, keys);
    }
  }

  #announceTags(id: string, keys: readonly string[]): void {
    const resource = this.#taggable(id);
    const tagVersion = resource.tagVersion + 1;
    const isAddress = 'address' in resource;
    if (isAddress) this.elasticIps.put({ ...resource, tagVersion });
    else this.fleet.put({ ...resource, tagVersion });
    this.#events.tagChange({ type: isAddress ? 'elastic-ip' : 'instance', id }, keys, resource.tags, tagVersion);
  }

  #taggable(id: string): Instance | ElasticIp {
    if (id.startsWith('i-')) {
      const [instance] = this.fleet.require([id]);
      if (instance !== undefined) return instance;
    }
    const address = this.elasticIps.find(id);
    if (address !== undefined) return address;
    if (id.startsWith('eipalloc-')) {
      throw new Ec2Error('InvalidAllocationID.NotFound', `The allocation ID '${id}' does not exist`);
    }
    throw new Ec2Error('InvalidID', `The ID '${id}' is not valid`);
  }

  #forgetTerminated(): void {
    const oldestListedMs = this.#settings.timeline.now() - this.lifecycle.terminatedListedMs;
    for (const [id, terminatedAtMs] of this.fleet.terminated) {
      if (terminatedAtMs > oldestListedMs) break;
      this.fleet.instances.forget(id);
      this.fleet.terminated.delete(id);
    }
  }

  /** Tags "gradually disappear" from a terminated instance ("Terminate Amazon EC2 instances"). */
  #withFadingTags(instance: Instance): Instance {
    const oldestTaggedMs = this.#settings.timeline.now() - this.lifecycle.tagsKeptMs;
    const { terminatedAtMs } = instance;
    return terminatedAtMs !== undefined && terminatedAtMs <= oldestTaggedMs ? { ...instance, tags: {} } : instance;
  }

  #readsAsOfMs(): number {
    return this.readLagMs === 0 ? Number.POSITIVE_INFINITY : this.#settings.timeline.now() - this.readLagMs;
  }
}
