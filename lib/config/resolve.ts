import { createHash } from 'node:crypto';
import type { DrainTrigger } from '../model/drain.ts';
import { InvalidInput } from '../model/errors.ts';
import { normalName } from '../model/name.ts';
import type {
  AddressKind,
  Allow,
  ElasticIpPool,
  HealthPolicy,
  Host,
  Installation,
  NamePattern,
  NameRouting,
  Role,
  Succession,
  WhenEmpty,
} from '../model/role.ts';
import type { Zone } from '../model/zone.ts';
import { normalAnswer } from './answer.ts';
import type {
  Configuration,
  ElasticIpDefinition,
  EndpointCheckDefinition,
  HealthDefinition,
  NameDefinition,
  RoleObject,
  RoutingDefinition,
} from './configuration.ts';
import { secondsOf } from './duration.ts';
import { DEFAULT_PATTERN, normalPattern } from './name-pattern.ts';
import type { Path } from './problem.ts';
import type { NameScope } from './record-names.ts';
import { zoneOfName } from './zone-of-name.ts';

export const DEFAULT_OWNER = 'rolecall';
const DEFAULT_TTL_SECONDS = 60;
const DEFAULT_DRAIN_ON: readonly DrainTrigger[] = ['hook', 'spot', 'tag', 'retirement'];
const DEFAULT_WEIGHT_TAG = 'rolecall:weight';
const DEFAULT_WEIGHT = 10;
const DEFAULT_PREFERENCE = 10;

const ADDRESS_KINDS: readonly AddressKind[] = ['private', 'public', 'ipv6', 'ec2-name'];

/**
 * Every default made explicit, zones and roles in order of their names: two configurations that mean the same give the
 * same installation, whatever order they were written in.
 *
 * @param zoneIds By zone key: of the zones that the stack created, or of all.
 * @throws InvalidInput when a zone has no id, or another than the configuration says.
 */
export function resolveConfiguration(
  configuration: Configuration,
  zoneIds: Readonly<Record<string, string>>,
): Installation {
  const openRole = resolveOpenRole(configuration);
  const resolved = {
    owner: configuration.owner ?? DEFAULT_OWNER,
    zones: resolveZones(configuration, zoneIds),
    roles: resolveRoles(configuration),
    ...(openRole === undefined ? {} : { openRole }),
    allowLargeChange: configuration.allowLargeChange ?? false,
    allowTerminate: configuration.allowTerminate ?? false,
    endpoint: configuration.endpoint ?? false,
    strictNames: configuration.strictNames ?? false,
    hosts: resolveHosts(configuration),
    retainRecords: configuration.retainRecords ?? false,
  };
  return { schemaVersion: 1, ...resolved, version: versionOf(resolved) };
}

/** Where the stack is: facts carry both, and `{region}` is known from the deploy on. */
export function placedIn(installation: Installation, account: string, region: string): Installation {
  const inRegion = (role: Role): Role => ({
    ...role,
    names: role.names.map((name) => ({ ...name, pattern: name.pattern.replaceAll('{region}', region) })),
  });
  const { openRole } = installation;
  return {
    ...installation,
    account,
    region,
    roles: installation.roles.map(inRegion),
    ...(openRole === undefined ? {} : { openRole: inRegion(openRole) }),
  };
}

/** Each role with all its settings; needs no zone ids. */
export function resolveRoles(configuration: Configuration): Role[] {
  return Object.keys(configuration.roles)
    .sort()
    .map((role) => resolveRole(role, roleObject(role, configuration), configuration));
}

/** What a claimed role that is not listed gets, its own name left empty; undefined where such roles are refused. */
export function resolveOpenRole(configuration: Configuration): Role | undefined {
  const { openRoles } = configuration;
  return openRoles === undefined ? undefined : resolveRole('', { names: [{ zone: openRoles }] }, configuration);
}

/** What the configuration can publish, without the ids of its zones. */
export function nameScope(configuration: Configuration): NameScope {
  const openRole = resolveOpenRole(configuration);
  return {
    owner: configuration.owner ?? DEFAULT_OWNER,
    zones: Object.entries(configuration.zones).map(([key, { name }]) => ({ key, name: normalName(name) })),
    roles: resolveRoles(configuration),
    ...(openRole === undefined ? {} : { openRole }),
    hosts: resolveHosts(configuration),
  };
}

/** A role as an object, also where it is written as the key of a zone. */
export function roleObject(role: string, configuration: Configuration): RoleObject {
  const definition = configuration.roles[role] ?? {};
  return typeof definition === 'string' ? { names: [{ zone: definition }] } : definition;
}

/** Where a name of a role is written. */
export function pathOfName(role: string, index: number, configuration: Configuration): Path {
  const shorthand = typeof configuration.roles[role] === 'string';
  return shorthand ? ['roles', role] : ['roles', role, 'names', index];
}

function resolveRole(role: string, definition: RoleObject, configuration: Configuration): Role {
  const defaults = configuration.defaults ?? {};
  const ttl = definition.ttl ?? defaults.ttl;
  const { elasticIp, holders, allow } = definition;
  const succession = definition.succession ?? 'oldest';
  return {
    role,
    names: (definition.names ?? []).map((name) => resolveName(name, ttl, configuration)),
    whenEmpty: resolveWhenEmpty(definition.whenEmpty ?? defaults.whenEmpty ?? 'remove'),
    drift: definition.drift ?? defaults.drift ?? 'repair',
    health: resolveHealth(definition.health ?? defaults.health ?? 'status-checks'),
    drainOn: [...new Set(definition.drainOn ?? defaults.drainOn ?? DEFAULT_DRAIN_ON)].sort(),
    ...(elasticIp === undefined ? {} : { elasticIp: resolvePool(elasticIp, succession) }),
    ...resolveExtraRecords(definition, configuration),
    ...(holders === undefined ? {} : { holders }),
    succession,
    ...(allow === undefined ? {} : { allow: resolveAllow(allow) }),
  };
}

function resolveHealth(health: HealthDefinition): HealthPolicy {
  if (typeof health === 'string') return { kind: health };
  if (health.route53 === undefined) return { kind: 'alarms', pattern: health.alarms ?? '' };
  const { type, port = DEFAULT_PORTS[type], path = '/' } = health.route53;
  return { kind: 'route53', check: { type, port, ...(type === 'TCP' ? {} : { path }) } };
}

/** The checks see to it that TCP has a port. */
const DEFAULT_PORTS: Readonly<Record<EndpointCheckDefinition['type'], number>> = { HTTP: 80, HTTPS: 443, TCP: 0 };

function resolveHosts({ hosts = {} }: Configuration): Host[] {
  return Object.entries(hosts)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([id, { roles, expireAfter }]) => ({
      id,
      roles: [...new Set(roles)].sort(),
      ...(expireAfter === undefined ? {} : { expireAfterSeconds: durationSeconds(expireAfter) }),
    }));
}

function resolveWhenEmpty(whenEmpty: WhenEmpty): WhenEmpty {
  return typeof whenEmpty === 'string' ? whenEmpty : { answer: normalAnswer(whenEmpty.answer) };
}

/** A name in none of the zones is left out here, and refused by the checks. */
function resolveExtraRecords(
  definition: RoleObject,
  configuration: Configuration,
): Pick<Role, 'aliases' | 'srv' | 'mx'> {
  const nearZone = definition.names?.[0]?.zone;
  const placed = (text: string) => {
    const zone = zoneOfName(text, configuration.zones, nearZone);
    return zone === undefined ? undefined : { zone, name: normalName(text) };
  };
  const mx = definition.mx === undefined ? undefined : placed(definition.mx.name);
  return {
    aliases: [...(definition.aliases ?? [])]
      .map(placed)
      .filter((alias) => alias !== undefined)
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
    srv: Object.entries(definition.srv ?? {})
      .map(([service, port]) => ({ service, port }))
      .sort((one, other) => (one.service < other.service ? -1 : 1)),
    ...(mx === undefined ? {} : { mx: { ...mx, preference: definition.mx?.preference ?? DEFAULT_PREFERENCE } }),
  };
}

/** Any entry of a list may match, so their order says nothing. */
function resolveAllow({ instanceProfiles, vpcs, subnets }: Allow): Allow {
  return {
    ...(instanceProfiles === undefined ? {} : { instanceProfiles: [...instanceProfiles].sort() }),
    ...(vpcs === undefined ? {} : { vpcs: [...vpcs].sort() }),
    ...(subnets === undefined ? {} : { subnets: [...subnets].sort() }),
  };
}

function resolveName(name: NameDefinition, roleTtl: string | undefined, configuration: Configuration): NamePattern {
  const byZone = configuration.zones[name.zone]?.private === true ? 'private' : 'public';
  const wanted = [name.address ?? byZone].flat();
  const ttl = name.ttl ?? roleTtl;
  return {
    zone: name.zone,
    pattern: normalPattern(name.name ?? DEFAULT_PATTERN),
    addresses: ADDRESS_KINDS.filter((kind) => wanted.includes(kind)),
    ttlSeconds: ttl === undefined ? DEFAULT_TTL_SECONDS : durationSeconds(ttl),
    zoneName: normalName(configuration.zones[name.zone]?.name ?? ''),
    routing: resolveRouting(name.routing ?? 'simple'),
    ptr: name.ptr ?? false,
  };
}

function resolveRouting(routing: RoutingDefinition): NameRouting {
  if (typeof routing === 'string') return { kind: routing };
  const { tag, default: defaultWeight } = routing.weighted;
  return { kind: 'weighted', tag: tag ?? DEFAULT_WEIGHT_TAG, defaultWeight: defaultWeight ?? DEFAULT_WEIGHT };
}

function durationSeconds(duration: string): number {
  const seconds = secondsOf(duration);
  if (seconds === undefined)
    throw new InvalidInput(`${JSON.stringify(duration)} is no duration; parse the configuration first.`);
  return seconds;
}

function resolvePool(elasticIp: ElasticIpDefinition, ofRole: Succession): ElasticIpPool {
  const succession = elasticIp.succession ?? ofRole;
  const preferZone = elasticIp.preferZone ?? false;
  const ptr = elasticIp.ptr === undefined ? {} : { ptr: normalPattern(elasticIp.ptr).replace(/\.$/, '') };
  const source: ElasticIpPool['source'] =
    elasticIp.pool === undefined
      ? { kind: 'allocations', allocationIds: [...(elasticIp.allocationIds ?? [])].sort() }
      : { kind: 'tag', pool: elasticIp.pool };
  return { source, succession, preferZone, ...ptr };
}

function resolveZones(configuration: Configuration, zoneIds: Readonly<Record<string, string>>): Zone[] {
  return Object.entries(configuration.zones)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, zone]) => {
      const id = zone.id ?? zoneIds[key];
      const given = zoneIds[key];
      if (id === undefined) {
        throw new InvalidInput(
          `Zone ${key} (${zone.name}) has no id: give zones.${key}.id, or the id of the zone that the stack created.`,
        );
      }
      if (given !== undefined && given !== id) {
        throw new InvalidInput(
          `Zone ${key} (${zone.name}) has the id ${id} in the configuration and ${given} in the stack: they must be the same.`,
        );
      }
      return { key, id, name: normalName(zone.name), private: zone.private ?? false };
    });
}

/** SHA-256 of the content, in an order that is fixed above; 64 bits of it are plenty to tell two apart. */
function versionOf(resolved: Omit<Installation, 'schemaVersion' | 'version'>): string {
  return createHash('sha256').update(JSON.stringify(resolved)).digest('hex').slice(0, 16);
}
