import type { AddressKind, DriftPolicy, Succession, WhenEmpty } from '../model/role.ts';
import type { Duration } from './duration.ts';

/** A hosted zone that names go to. */
export interface ZoneDefinition {
  /** The zone's domain name, such as `example.com`. */
  readonly name: string;
  /** Route 53's id of a zone that exists. Left out: the stack creates the zone. */
  readonly id?: string;
  /** Whether it is a private hosted zone. Default: `false`. */
  readonly private?: boolean;
  /** The VPC of a private zone that the stack creates. */
  readonly vpcId?: string;
}

/** What a role does where it says nothing itself. */
export interface RoleDefaults {
  /** How long resolvers may keep an answer. Default: `'60s'`. */
  readonly ttl?: Duration;
  /** What becomes of a name that no member serves. Default: `'remove'`. */
  readonly whenEmpty?: WhenEmpty;
  /** What is done about a record of ours that someone else changed. Default: `'repair'`. */
  readonly drift?: DriftPolicy;
}

/** A name of a role in one zone. */
export interface NameDefinition<ZoneKey extends string = string> {
  /** A key of `zones`. */
  readonly zone: ZoneKey;
  /** Relative to the zone; `@` is its apex. Placeholders: `{role}`, `{az}`, `{region}`, `{instanceId}`, `{ordinal}`. Default: `'{role}'`. */
  readonly name?: string;
  /** Which addresses the name gets. Default: `'private'` in a private zone, `'public'` in a public one. */
  readonly address?: AddressKind | readonly AddressKind[];
  /** Default: the role's. */
  readonly ttl?: Duration;
}

/** The Elastic IPs that follow a role: one of `pool` and `allocationIds`. */
export interface ElasticIpDefinition {
  /** The addresses that carry this value in the tag `rolecall:pool`. */
  readonly pool?: string;
  /** The addresses themselves. */
  readonly allocationIds?: readonly string[];
  /** Who gets a vacant address. Default: `'oldest'`, the longest-running member. */
  readonly succession?: Succession;
}

export interface RoleObject<ZoneKey extends string = string> extends RoleDefaults {
  readonly names?: readonly NameDefinition<ZoneKey>[];
  readonly elasticIp?: ElasticIpDefinition;
}

/** A zone's key alone means: one name, the role's own, in that zone. */
export type RoleDefinition<ZoneKey extends string = string> = ZoneKey | RoleObject<ZoneKey>;

/** The configuration as it is written. */
export interface Configuration<ZoneKey extends string = string> {
  /** For editors that read JSON Schema; without effect. */
  readonly $schema?: string;
  /** Tells installations that share a zone apart. Default: `'rolecall'`. */
  readonly owner?: string;
  readonly zones: Readonly<Record<ZoneKey, ZoneDefinition>>;
  readonly defaults?: RoleDefaults;
  /** By role: the value of the tag `rolecall:role`. */
  readonly roles: Readonly<Record<string, RoleDefinition<NoInfer<ZoneKey>>>>;
  /** Keeps the records, and the zones that the stack created, when the stack is deleted. Default: `false`. */
  readonly retainRecords?: boolean;
}
