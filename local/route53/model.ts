import { createHash } from 'node:crypto';
import type { Timeline } from '../timeline.ts';
import type { Effect } from './batch-rules.ts';
import { judgeBatch } from './batch-rules.ts';
import { storedName } from './domain-name.ts';
import { HealthChecks, noSuchHealthCheck } from './health-checks.ts';
import type { HostedZone, Vpc } from './hosted-zone.ts';
import { newHostedZone } from './hosted-zone.ts';
import type { RecordIndex } from './record-index.ts';
import { comparePositions, positionOf } from './record-index.ts';
import { type Change, keyOf } from './resource-record-set.ts';
import { invalidChangeBatch, noSuchHostedZone, Route53Error } from './route53-error.ts';
import { Throttle } from './throttle.ts';

export interface Route53Settings {
  readonly timeline: Timeline;
  /** A fresh string at each call. */
  readonly newId: () => string;
  /** From PENDING to INSYNC. */
  readonly inSyncMs?: number;
  /** How long a change of a zone is processed; a second one that arrives meanwhile is refused. 0: never. */
  readonly processingMs?: number;
  /** Whether requests are throttled as AWS does it. */
  readonly throttling?: boolean;
}

export interface ChangeInfo {
  readonly id: string;
  readonly status: 'PENDING' | 'INSYNC';
  readonly submittedAtMs: number;
}

/** One accepted ChangeResourceRecordSets. */
export interface AcceptedBatch {
  readonly changeId: string;
  readonly zoneId: string;
  readonly zoneName: string;
  readonly changes: readonly Change[];
  readonly comment?: string;
  readonly atMs: number;
}

export interface NewZone {
  readonly name: string;
  readonly callerReference: string;
  readonly comment?: string;
  readonly vpc?: Vpc;
  /** Given for a zone that exists before the account starts. */
  readonly id?: string;
}

const DEFAULT_IN_SYNC_MS = 400;

/** The hosted zones of one account. */
export class Route53Model {
  /** Every accepted batch, the oldest first. */
  readonly batches: AcceptedBatch[] = [];
  readonly healthChecks: HealthChecks;
  inSyncMs: number;
  processingMs: number;
  throttling: boolean;
  /** "Records: 10,000 per hosted zone" ("Quotas", Amazon Route 53 Developer Guide). */
  mostRecordSets = 10_000;
  readonly #timeline: Timeline;
  readonly #newId: () => string;
  readonly #throttle: Throttle;
  readonly #zones = new Map<string, HostedZone>();
  readonly #served = new Map<string, HostedZone>();
  readonly #changes = new Map<string, ChangeInfo>();
  readonly #busy = new Set<string>();
  readonly #listeners = new Set<(batch: AcceptedBatch) => void>();

  constructor(settings: Route53Settings) {
    this.#timeline = settings.timeline;
    this.#newId = settings.newId;
    this.healthChecks = new HealthChecks(settings.newId);
    this.inSyncMs = settings.inSyncMs ?? DEFAULT_IN_SYNC_MS;
    this.processingMs = settings.processingMs ?? 0;
    this.throttling = settings.throttling ?? false;
    this.#throttle = new Throttle(settings.timeline);
  }

  /** Counts one request against the account's limits; throws when there are too many. */
  admit(action: string): void {
    if (this.throttling && !this.#throttle.admit(action)) throw throttled();
  }

  createZone(wanted: NewZone): { readonly zone: HostedZone; readonly change: ChangeInfo } {
    const stored = storedName(wanted.name);
    if (!('name' in stored)) throw new Route53Error('InvalidDomainName', stored.problem);
    const others = [...this.#zones.values()];
    if (others.some(({ callerReference }) => callerReference === wanted.callerReference)) {
      throw new Route53Error(
        'HostedZoneAlreadyExists',
        `A hosted zone has already been created with the specified caller reference.`,
        409,
      );
    }
    if (
      wanted.vpc !== undefined &&
      others.some((other) => other.name === stored.name && other.vpc?.id === wanted.vpc?.id)
    ) {
      throw new Route53Error(
        'ConflictingDomainExists',
        `The VPC ${wanted.vpc.id} is already associated with a hosted zone for ${stored.name}`,
      );
    }
    this.#spendChanges(2);
    const zone = newHostedZone({ ...wanted, name: stored.name, id: wanted.id ?? this.#identifier('Z') });
    this.#zones.set(zone.id, zone);
    const change = this.#submit(() => {
      this.#served.set(zone.id, zone);
      apply(
        zone.current.sorted().map((set) => ({ kind: 'put', set })),
        zone.published,
      );
    });
    return { zone, change };
  }

  /** A zone with more than its own NS and SOA is not deleted. */
  deleteZone(id: string): ChangeInfo {
    const zone = this.zone(id);
    const own = zone.current.at(zone.name).filter(({ type }) => type === 'NS' || type === 'SOA');
    if (zone.current.size > own.length) {
      throw new Route53Error(
        'HostedZoneNotEmpty',
        'The specified hosted zone contains non-required resource record sets and so cannot be deleted.',
      );
    }
    this.#spendChanges(2);
    this.#zones.delete(id);
    return this.#submit(() => this.#served.delete(id));
  }

  zone(id: string): HostedZone {
    const zone = this.#zones.get(id);
    if (zone === undefined) throw noSuchHostedZone(id);
    return zone;
  }

  /** By name in Route 53's order, then by id. */
  zones(): readonly HostedZone[] {
    return [...this.#zones.values()].sort((one, other) =>
      comparePositions(positionOf(one.name, one.id), positionOf(other.name, other.id)),
    );
  }

  /** What the name servers answer from. */
  servedZones(): readonly HostedZone[] {
    return [...this.#served.values()];
  }

  /** All changes or none ("ChangeResourceRecordSets"). */
  async change(zoneId: string, changes: readonly Change[], comment?: string): Promise<ChangeInfo> {
    const zone = this.zone(zoneId);
    if (this.#busy.has(zoneId)) {
      throw new Route53Error(
        'PriorRequestNotComplete',
        'The request was rejected because Route 53 was still processing a prior request.',
      );
    }
    if (this.processingMs > 0) await this.#process(zoneId);
    this.#requireChecks(changes);
    const verdict = judgeBatch(changes, zone.current);
    if (verdict.kind === 'invalid') throw invalidChangeBatch(verdict.messages);
    const grown = growthOf(verdict.effects, zone.current);
    if (grown > 0 && zone.current.size + grown > this.mostRecordSets)
      throw invalidChangeBatch([`Exceeded limit MAX_RRSETS_BY_ZONE for zone: ${zoneId}`]);
    this.#spendChanges(changes.reduce((tokens, { action }) => tokens + (action === 'UPSERT' ? 2 : 1), 0));
    return this.#accept(zone, changes, verdict.effects, comment);
  }

  #requireChecks(changes: readonly Change[]): void {
    const known = new Set(this.healthChecks.list().map(({ id }) => id));
    for (const { action, set } of changes) {
      const id = set.healthCheckId;
      if (action !== 'DELETE' && id !== undefined && !known.has(id)) throw noSuchHealthCheck(id);
    }
  }

  /** How many changes its servers do not answer with yet. */
  pendingChanges(): number {
    return [...this.#changes.values()].filter(({ status }) => status === 'PENDING').length;
  }

  changeInfo(id: string): ChangeInfo {
    const change = this.#changes.get(id);
    if (change !== undefined) return change;
    throw new Route53Error('NoSuchChange', `A change with the specified change ID does not exist: ${id}`, 404);
  }

  /** Calls the listener for each batch once the name servers answer by it. The returned function ends that. */
  onInSync(listener: (batch: AcceptedBatch) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #accept(
    zone: HostedZone,
    changes: readonly Change[],
    effects: readonly Effect[],
    comment: string | undefined,
  ): ChangeInfo {
    apply(effects, zone.current);
    const change = this.#submit(() => {
      apply(effects, zone.published);
      for (const listener of this.#listeners) listener(batch);
    });
    const batch: AcceptedBatch = {
      changeId: change.id,
      zoneId: zone.id,
      zoneName: zone.name,
      changes,
      ...(comment === undefined ? {} : { comment }),
      atMs: this.#timeline.now(),
    };
    this.batches.push(batch);
    return change;
  }

  async #process(zoneId: string): Promise<void> {
    this.#busy.add(zoneId);
    await this.#timeline.sleep(this.processingMs);
    this.#busy.delete(zoneId);
    this.zone(zoneId);
  }

  #submit(whenInSync: () => void): ChangeInfo {
    const change: ChangeInfo = { id: this.#identifier('C'), status: 'PENDING', submittedAtMs: this.#timeline.now() };
    this.#changes.set(change.id, change);
    this.#timeline.after(this.inSyncMs, () => {
      this.#changes.set(change.id, { ...change, status: 'INSYNC' });
      whenInSync();
    });
    return change;
  }

  #spendChanges(tokens: number): void {
    if (this.throttling && !this.#throttle.admitChanges(tokens)) throw throttled();
  }

  #identifier(prefix: string): string {
    const digits = createHash('sha256').update(this.#newId()).digest('hex').slice(0, 20);
    return `${prefix}${digits.toUpperCase()}`;
  }
}

/** By how many sets a zone is larger afterwards. */
function growthOf(effects: readonly Effect[], current: RecordIndex): number {
  const after = new Map(effects.map(({ kind, set }) => [keyOf(set), { isThere: kind === 'put', set }]));
  return [...after.values()].reduce(
    (sum, { isThere, set }) => sum + Number(isThere) - Number(current.get(set) !== undefined),
    0,
  );
}

function apply(effects: readonly Effect[], index: RecordIndex): void {
  for (const { kind, set } of effects) {
    if (kind === 'put') index.put(set);
    else index.remove(set);
  }
}

function throttled(): Route53Error {
  return new Route53Error('Throttling', 'Rate exceeded');
}
