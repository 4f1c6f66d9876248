import type { Zone } from './zone.ts';

export type AddressKind = 'private' | 'public' | 'ipv6';
export type Succession = 'oldest';
export type WhenEmpty = 'remove' | 'keep';
export type DriftPolicy = 'repair';

/** A name that a role has in one zone; `pattern` is relative to the zone, `@` is its apex. */
export interface NamePattern {
  /** A key of `Installation.zones`. */
  readonly zone: string;
  readonly pattern: string;
  readonly addresses: readonly AddressKind[];
  readonly ttlSeconds: number;
}

/** The Elastic IPs of a role: by the tag `rolecall:pool`, or listed. */
export interface ElasticIpPool {
  readonly source:
    | { readonly kind: 'tag'; readonly pool: string }
    | { readonly kind: 'allocations'; readonly allocationIds: readonly string[] };
  readonly succession: Succession;
}

/** A role as the configuration resolves it: everything explicit, no default left open. */
export interface Role {
  readonly role: string;
  readonly names: readonly NamePattern[];
  readonly whenEmpty: WhenEmpty;
  readonly drift: DriftPolicy;
  readonly elasticIp?: ElasticIpPool;
}

/** The resolved configuration, as the registry stores it. Zone ids are known from the deploy on. */
export interface Installation {
  readonly schemaVersion: 1;
  readonly owner: string;
  /** Where it is deployed: facts carry both. */
  readonly account?: string;
  readonly region?: string;
  readonly zones: readonly Zone[];
  readonly roles: readonly Role[];
  readonly retainRecords: boolean;
  /** A hash of all the above: tells two configurations apart. */
  readonly version: string;
  /** Set for good when the stack is deleted. */
  readonly retired?: true;
}
