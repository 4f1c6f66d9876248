import { createHash } from 'node:crypto';
import { InvalidInput } from '../model/errors.ts';
import { normalName } from '../model/name.ts';
import type { AddressKind, ElasticIpPool, Installation, NamePattern, Role } from '../model/role.ts';
import type { Zone } from '../model/zone.ts';
import type { Configuration, ElasticIpDefinition, NameDefinition, RoleObject } from './configuration.ts';
import { secondsOf } from './duration.ts';
import { DEFAULT_PATTERN, normalPattern } from './name-pattern.ts';
import type { Path } from './problem.ts';

export const DEFAULT_OWNER = 'rolecall';
export const DEFAULT_TTL_SECONDS = 60;

const ADDRESS_KINDS: readonly AddressKind[] = ['private', 'public', 'ipv6'];

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
  const resolved = {
    owner: configuration.owner ?? DEFAULT_OWNER,
    zones: resolveZones(configuration, zoneIds),
    roles: resolveRoles(configuration),
    allowLargeChange: false,
    retainRecords: configuration.retainRecords ?? false,
  };
  return { schemaVersion: 1, ...resolved, version: versionOf(resolved) };
}

/** Each role with all its settings; needs no zone ids. */
export function resolveRoles(configuration: Configuration): Role[] {
  return Object.keys(configuration.roles)
    .sort()
    .map((role) => resolveRole(role, configuration));
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

function resolveRole(role: string, configuration: Configuration): Role {
  const definition = roleObject(role, configuration);
  const defaults = configuration.defaults ?? {};
  const ttl = definition.ttl ?? defaults.ttl;
  const { elasticIp } = definition;
  return {
    role,
    names: (definition.names ?? []).map((name) => resolveName(name, ttl, configuration)),
    whenEmpty: definition.whenEmpty ?? defaults.whenEmpty ?? 'remove',
    drift: definition.drift ?? defaults.drift ?? 'repair',
    ...(elasticIp === undefined ? {} : { elasticIp: resolvePool(elasticIp) }),
    aliases: [],
    srv: [],
    succession: 'oldest',
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
    routing: { kind: 'simple' },
    ptr: false,
  };
}

function durationSeconds(duration: string): number {
  const seconds = secondsOf(duration);
  if (seconds === undefined)
    throw new InvalidInput(`${JSON.stringify(duration)} is no duration; parse the configuration first.`);
  return seconds;
}

function resolvePool(elasticIp: ElasticIpDefinition): ElasticIpPool {
  const succession = elasticIp.succession ?? 'oldest';
  if (elasticIp.pool !== undefined)
    return { source: { kind: 'tag', pool: elasticIp.pool }, succession, preferZone: false };
  const allocationIds = [...(elasticIp.allocationIds ?? [])].sort();
  return { source: { kind: 'allocations', allocationIds }, succession, preferZone: false };
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
