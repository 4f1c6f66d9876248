import type { DrainTrigger } from './drain.ts';
import type { Zone } from './zone.ts';

/** `ec2-name`: a CNAME to the instance's public DNS name, private inside its VPC and public outside. */
export type AddressKind = 'private' | 'public' | 'ipv6' | 'ec2-name';
/** Who gets a vacant slot; under `newest` a later claim also displaces a holder. */
export type Succession = 'oldest' | 'newest' | 'priority';
/** An answer is an address for names of its family, or a name, then a CNAME. */
export type WhenEmpty = 'remove' | 'keep' | { readonly answer: string };
/** `report` leaves what was changed by other hands, but for an address that may be a stranger's. */
export type DriftPolicy = 'repair' | 'report';

/** What withdraws a member from its names while it is sick. */
export type HealthPolicy =
  | { readonly kind: 'none' }
  /** EC2's status checks: only `impaired` counts. */
  | { readonly kind: 'status-checks' }
  /** CloudWatch alarms with the dimension InstanceId, by name; `*` stands for any characters. */
  | { readonly kind: 'alarms'; readonly pattern: string }
  /** A Route 53 health check for each member's public address, attached to its set. */
  | { readonly kind: 'route53'; readonly check: EndpointCheck };

export interface EndpointCheck {
  readonly type: 'HTTP' | 'HTTPS' | 'TCP';
  readonly port: number;
  /** Of HTTP and HTTPS. */
  readonly path?: string;
}

export type NameRouting =
  | { readonly kind: 'simple' }
  | { readonly kind: 'multivalue' }
  /** The weight is the instance's tag of this name, or the default. */
  | { readonly kind: 'weighted'; readonly tag: string; readonly defaultWeight: number };

/** A name that a role has in one zone; `pattern` is relative to the zone, `@` is its apex. */
export interface NamePattern {
  /** A key of `Installation.zones`. */
  readonly zone: string;
  readonly pattern: string;
  readonly addresses: readonly AddressKind[];
  readonly ttlSeconds: number;
  /** The domain name of the zone: other zones' records point here. */
  readonly zoneName: string;
  readonly routing: NameRouting;
  /** Whether each address of the name gets a PTR record to it, in the reverse zone that fits. */
  readonly ptr: boolean;
}

/** The Elastic IPs of a role: by the tag `rolecall:pool`, or listed. */
export interface ElasticIpPool {
  readonly source:
    | { readonly kind: 'tag'; readonly pool: string }
    | { readonly kind: 'allocations'; readonly allocationIds: readonly string[] };
  readonly succession: Succession;
  /** Prefers a candidate in the availability zone of the last holder. */
  readonly preferZone: boolean;
  /** Reverse DNS of each address: a full name, `{role}` and `{ordinal}` allowed. */
  readonly ptr?: string;
}

/** A CNAME at a fixed name of one of the zones to the role's first name. */
export interface Alias {
  /** A key of `Installation.zones`. */
  readonly zone: string;
  /** Full, in normal form; `*` may be its first label. */
  readonly name: string;
}

/** `<service>.<role>.<zone>`, in each zone where members have a name of their own. */
export interface ServiceRecord {
  /** Such as `_http._tcp`. */
  readonly service: string;
  readonly port: number;
}

/** An MX set to the role's first name, or to that of each slot. */
export interface MailExchange {
  readonly zone: string;
  readonly name: string;
  readonly preference: number;
}

/** Who may claim the role: all given fields must match, any entry of each; `*` stands for any characters. */
export interface Allow {
  readonly instanceProfiles?: readonly string[];
  readonly vpcs?: readonly string[];
  readonly subnets?: readonly string[];
}

/** A role as the configuration resolves it: everything explicit, no default left open. */
export interface Role {
  readonly role: string;
  readonly names: readonly NamePattern[];
  readonly whenEmpty: WhenEmpty;
  readonly drift: DriftPolicy;
  readonly health: HealthPolicy;
  /** The triggers that it heeds; sorted. */
  readonly drainOn: readonly DrainTrigger[];
  readonly elasticIp?: ElasticIpPool;
  readonly aliases: readonly Alias[];
  readonly srv: readonly ServiceRecord[];
  readonly mx?: MailExchange;
  /** How many members may hold the role at once; absent: all. */
  readonly holders?: number;
  /** Of the slots of `holders`; a pool has its own. */
  readonly succession: Succession;
  readonly allow?: Allow;
}

/** A member outside EC2, which tells its addresses by itself. */
export interface Host {
  readonly id: string;
  /** Sorted. */
  readonly roles: readonly string[];
  /** How long it may be silent; absent: for ever. */
  readonly expireAfterSeconds?: number;
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
  /** What a claimed role that is not listed gets, `role` left empty; absent: it is refused. */
  readonly openRole?: Role;
  /** Admits a configuration that takes away more than 30 % of a zone's sets. */
  readonly allowLargeChange: boolean;
  readonly allowTerminate: boolean;
  /** Whether there is an endpoint for hosts and renderers. */
  readonly endpoint: boolean;
  /** Where hosts and renderers find it, ending in `/`; known from the deploy on. */
  readonly endpointUrl?: string;
  readonly strictNames: boolean;
  /** With `strictNames`: the name patterns that the permission to write covers since this was stored. */
  readonly recordNames?: readonly string[];
  /** By id. */
  readonly hosts: readonly Host[];
  readonly retainRecords: boolean;
  /** A hash of all the above: tells two configurations apart. */
  readonly version: string;
  /** When it was stored, in ms since the epoch; each deploy stores it anew. */
  readonly configuredAtMs?: number;
  /** What a deployment has begun to change; absent once it is over. One that died leaves it to the next. */
  readonly changing?: readonly ChangedRole[];
  /** Set for good when the stack is deleted. */
  readonly retired?: true;
}

/** A role that a configuration changes, and the groups that have work then. */
export interface ChangedRole {
  readonly role: string;
  readonly groups: readonly string[];
}
