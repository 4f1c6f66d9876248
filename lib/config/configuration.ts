import type { DrainTrigger } from '../model/drain.ts';
import type { AddressKind, Allow, DriftPolicy, Succession, WhenEmpty } from '../model/role.ts';
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
  /** What becomes of a name that no member serves; an answer is an IPv4 or IPv6 address, or a name. Default: `'remove'`. */
  readonly whenEmpty?: WhenEmpty;
  /** What is done about a record of ours that someone else changed. Default: `'repair'`. */
  readonly drift?: DriftPolicy;
  /** What withdraws a sick member; never the last one of a name. Default: `'status-checks'`. */
  readonly health?: HealthDefinition;
  /** What makes a member leave before it goes. Default: `['hook', 'spot', 'tag', 'retirement']`. */
  readonly drainOn?: readonly DrainTrigger[];
}

export type HealthDefinition = 'none' | 'status-checks' | HealthObject;

/** One of the two. */
export interface HealthObject {
  /** CloudWatch alarms by name, with the dimension InstanceId; `*` stands for any characters. */
  readonly alarms?: string;
  /** A Route 53 health check for each public address. */
  readonly route53?: EndpointCheckDefinition;
}

export interface EndpointCheckDefinition {
  readonly type: 'HTTP' | 'HTTPS' | 'TCP';
  /** Default: 80 for HTTP, 443 for HTTPS; required for TCP. */
  readonly port?: number;
  /** Of HTTP and HTTPS. Default: `'/'`. */
  readonly path?: string;
}

/** A member outside EC2, updated over the endpoint. */
export interface HostDefinition<RoleName extends string = string> {
  /** Roles that the configuration lists, or any where roles are open. */
  readonly roles: readonly RoleName[];
  /** How long it may be silent before it is withdrawn. Default: for ever. */
  readonly expireAfter?: Duration;
}

/** A name of a role in one zone. */
export interface NameDefinition<ZoneKey extends string = string> {
  /** A key of `zones`. */
  readonly zone: ZoneKey;
  /** Relative to the zone; `@` is its apex. Placeholders: `{role}`, `{az}`, `{region}`, `{instanceId}`, `{ordinal}`. Default: `'{role}'`. */
  readonly name?: string;
  /** Which addresses the name gets. Default: `'private'` in a private zone, `'public'` in a public one. */
  readonly address?: AddressKind | readonly AddressKind[];
  /** One set of all values, or a set a member. Default: `'simple'`. */
  readonly routing?: RoutingDefinition;
  /** Default: the role's. */
  readonly ttl?: Duration;
  /** Whether the addresses of the name get PTR records to it. Default: `false`. */
  readonly ptr?: boolean;
}

export type RoutingDefinition = 'simple' | 'multivalue' | { readonly weighted: WeightDefinition };

/** Where the weight of a member comes from. */
export interface WeightDefinition {
  /** A tag of the instance. Default: `'rolecall:weight'`. */
  readonly tag?: `rolecall:${string}`;
  /** The weight of a member without a valid one, 0 to 255. Default: 10. */
  readonly default?: number;
}

/** MX records to the role's first name, or to that of each slot. */
export interface MailExchangeDefinition {
  /** In full; the apex of a zone is allowed. */
  readonly name: string;
  /** Lower is tried first. Default: 10. */
  readonly preference?: number;
}

/** A service and its protocol, such as `_http._tcp`. */
export type ServiceName = `_${string}._${string}`;

/** The Elastic IPs that follow a role: one of `pool` and `allocationIds`. */
export interface ElasticIpDefinition {
  /** The addresses that carry this value in the tag `rolecall:pool`. */
  readonly pool?: string;
  /** The addresses themselves. */
  readonly allocationIds?: readonly string[];
  /** Who gets a vacant address. Default: the role's. */
  readonly succession?: Succession;
  /** Whether a member in the availability zone of the last holder comes first. Default: `false`. */
  readonly preferZone?: boolean;
  /** Reverse DNS of each address: a full name, `{role}` and `{ordinal}` allowed. Default: none. */
  readonly ptr?: string;
}

export interface RoleObject<ZoneKey extends string = string> extends RoleDefaults {
  readonly names?: readonly NameDefinition<ZoneKey>[];
  /** Full names that lead to the role's first name; `*` may be the first label. */
  readonly aliases?: readonly string[];
  /** Port by service: SRV records to the names that members have of their own. */
  readonly srv?: Readonly<Record<ServiceName, number>>;
  readonly mx?: MailExchangeDefinition;
  /** How many members may hold the role at once. Default: all. */
  readonly holders?: number;
  /** Who gets a vacant place among the holders. Default: `'oldest'`, the longest-running member. */
  readonly succession?: Succession;
  readonly elasticIp?: ElasticIpDefinition;
  /** Who may claim the role. Default: every instance with the tag. */
  readonly allow?: Allow;
}

/** A zone's key alone means: one name, the role's own, in that zone. */
export type RoleDefinition<ZoneKey extends string = string> = ZoneKey | RoleObject<ZoneKey>;

/**
 * The configuration as it is written.
 *
 * @typeParam OpenZone - `never` where roles are not open: a host may then have the listed ones only.
 */
export interface Configuration<
  ZoneKey extends string = string,
  RoleName extends string = string,
  OpenZone extends ZoneKey = ZoneKey,
> {
  /** For editors that read JSON Schema; without effect. */
  readonly $schema?: string;
  /** Tells installations that share a zone apart. Default: `'rolecall'`. */
  readonly owner?: string;
  readonly zones: Readonly<Record<ZoneKey, ZoneDefinition>>;
  readonly defaults?: RoleDefaults;
  /** The zone where a role that is not listed gets a name. Default: such a role is refused. */
  readonly openRoles?: OpenZone;
  /** By role: the value of the tag `rolecall:role`. */
  readonly roles: Readonly<Record<RoleName, RoleDefinition<NoInfer<ZoneKey>>>>;
  /** Lets a deploy take away more than 30 % of a zone's record sets. Default: `false`. */
  readonly allowLargeChange?: boolean;
  /** Keeps the records, and the zones that the stack created, when the stack is deleted. Default: `false`. */
  readonly retainRecords?: boolean;
  /** Limits the permission to write to the names that this configuration can produce. Default: `false`. */
  readonly strictNames?: boolean;
  /** Lets the stack terminate instances whose drain was asked for with termination. Default: `false`. */
  readonly allowTerminate?: boolean;
  /** An HTTPS endpoint for hosts and renderers. Default: `false`. */
  readonly endpoint?: boolean;
  /** Members outside EC2, by id. */
  readonly hosts?: Readonly<Record<string, HostDefinition<[OpenZone] extends [never] ? NoInfer<RoleName> : string>>>;
}
