import { isPublishableName, normalName } from '../model/name.ts';
import type { Role } from '../model/role.ts';
import { serialRecordName } from '../model/zone.ts';
import type { Configuration, ZoneDefinition } from './configuration.ts';
import {
  DEFAULT_PATTERN,
  hasStrayBrace,
  patternFault,
  PLACEHOLDERS,
  placeholdersIn,
  settledName,
} from './name-pattern.ts';
import { type Path, type Problem, pathText, problemAt } from './problem.ts';
import { DEFAULT_OWNER, pathOfName, resolveRoles, roleObject } from './resolve.ts';
import { suggestion } from './suggestion.ts';

/**
 * What a configuration of the right shape can still get wrong.
 *
 * @param zoneKeys All zones that were written, also those left out of `configuration` because they have another problem.
 */
export function crossProblems(configuration: Configuration, zoneKeys: readonly string[]): Problem[] {
  const roles = resolveRoles(configuration);
  return [
    ...zoneProblems(configuration),
    ...roles.flatMap((role) => roleProblems(role, configuration, zoneKeys)),
    ...sharedNames(roles, configuration),
    ...sharedAddresses(configuration),
  ];
}

function zoneProblems(configuration: Configuration): Problem[] {
  const zones = Object.entries(configuration.zones);
  const owner = configuration.owner ?? DEFAULT_OWNER;
  return [
    ...zones.flatMap(([key, zone]) => zonePropertyProblems(key, zone, owner)),
    ...repeated(zones, ([, zone]) => `${zone.private === true ? 'private' : 'public'} ${normalName(zone.name)}`).map(
      ({ item: [key, zone], first: [firstKey] }) =>
        problemAt(
          ['zones', key, 'name'],
          zone.name,
          `is the name of zone ${firstKey} too, and both are ${visibility(zone)}; give it once`,
        ),
    ),
    ...repeated(zones, ([, zone]) => zone.id).map(({ item: [key, zone], first: [firstKey] }) =>
      problemAt(['zones', key, 'id'], zone.id, `is the id of zone ${firstKey} too; each zone is given once`),
    ),
  ];
}

function visibility(zone: ZoneDefinition): string {
  return zone.private === true ? 'private' : 'public';
}

function zonePropertyProblems(key: string, zone: ZoneDefinition, owner: string): Problem[] {
  const problems: Problem[] = [];
  if (zone.private === true && zone.id === undefined && zone.vpcId === undefined) {
    problems.push(
      problemAt(
        ['zones', key, 'vpcId'],
        undefined,
        'is required for a private zone that the stack creates; give it, or the id of a zone that exists',
      ),
    );
  }
  if (zone.vpcId !== undefined && zone.private !== true) {
    problems.push(
      problemAt(['zones', key, 'vpcId'], zone.vpcId, 'is for private zones only; set private: true, or remove it'),
    );
  }
  if (zone.vpcId !== undefined && zone.id !== undefined) {
    problems.push(
      problemAt(
        ['zones', key, 'vpcId'],
        zone.vpcId,
        'is for a zone that the stack creates, and this one has an id; remove one of them',
      ),
    );
  }
  const serialName = serialRecordName(owner, normalName(zone.name));
  if (!isPublishableName(serialName)) {
    problems.push(
      problemAt(
        ['zones', key, 'name'],
        zone.name,
        `is too long: the serial of the zone would be at ${serialName}, and a name has 253 characters at most`,
      ),
    );
  }
  return problems;
}

function roleProblems(role: Role, configuration: Configuration, zoneKeys: readonly string[]): Problem[] {
  const definition = roleObject(role.role, configuration);
  const path = ['roles', role.role];
  const problems: Problem[] = [];
  const names = definition.names ?? [];
  if (names.length === 0 && definition.elasticIp === undefined) {
    problems.push(
      problemAt([...path, 'names'], undefined, 'is required: at least one name, unless the role has an elasticIp'),
    );
  }
  const perName = names.flatMap((_name, index) => nameProblems(role, index, configuration, zoneKeys));
  return [...problems, ...perName, ...elasticIpProblems(role, configuration), ...keepProblems(role, configuration)];
}

function nameProblems(role: Role, index: number, configuration: Configuration, zoneKeys: readonly string[]): Problem[] {
  const name = roleObject(role.role, configuration).names?.[index];
  if (name === undefined) return [];
  const path = pathOfName(role.role, index, configuration);
  const below = (key: string) => (path.at(-1) === index ? [...path, key] : path);
  const zone = configuration.zones[name.zone];
  const problems =
    zone === undefined ? [] : patternProblems(role, name.name ?? DEFAULT_PATTERN, below('name'), zone.name);
  if (!zoneKeys.includes(name.zone)) problems.push(unknownZone(below('zone'), name.zone, zoneKeys));
  if (Array.isArray(name.address) && new Set(name.address).size < name.address.length) {
    problems.push(problemAt(below('address'), name.address, 'lists an address twice; give each once'));
  }
  return problems;
}

function unknownZone(path: Path, key: string, zoneKeys: readonly string[]): Problem {
  const hint = suggestion(key, zoneKeys) || `; the zones are ${zoneKeys.join(', ')}`;
  return problemAt(path, key, `${JSON.stringify(key)} is no key of zones${hint}`);
}

function patternProblems(role: Role, pattern: string, path: Path, zoneName: string): Problem[] {
  const placeholders = placeholdersIn(pattern);
  if (hasStrayBrace(pattern)) {
    return [
      problemAt(
        path,
        pattern,
        `${JSON.stringify(pattern)} has a brace without its partner; placeholders are ${placeholderList()}`,
      ),
    ];
  }
  const unknown = placeholders.filter((word) => !PLACEHOLDERS.includes(word));
  if (unknown.length > 0) {
    return unknown.map((word) => {
      const hint = suggestion(word, PLACEHOLDERS) || `; placeholders are ${placeholderList()}`;
      return problemAt(path, pattern, `has the unknown placeholder {${word}}${hint}`);
    });
  }
  if (placeholders.includes('ordinal') && role.elasticIp === undefined) {
    return [
      problemAt(
        path,
        pattern,
        'has {ordinal}, which is available only in a role with an elasticIp yet; use {instanceId}, or give the role an elasticIp',
      ),
    ];
  }
  const fault = patternFault(pattern, role.role, zoneName);
  return fault === undefined ? [] : [problemAt(path, pattern, fault)];
}

function placeholderList(): string {
  return PLACEHOLDERS.map((word) => `{${word}}`).join(', ');
}

function elasticIpProblems(role: Role, configuration: Configuration): Problem[] {
  const { elasticIp } = roleObject(role.role, configuration);
  if (elasticIp === undefined) return [];
  const path = ['roles', role.role, 'elasticIp'];
  const { pool, allocationIds } = elasticIp;
  if ((pool === undefined) === (allocationIds === undefined)) {
    return [problemAt(path, elasticIp, 'must have either pool or allocationIds')];
  }
  return repeated([...(allocationIds ?? []).entries()], ([, id]) => id).map(({ item: [index, id] }) =>
    problemAt([...path, 'allocationIds', index], id, `${JSON.stringify(id)} is listed twice; give each once`),
  );
}

/** An auto-assigned public address goes to a stranger when it is freed, so a name may never keep one. */
function keepProblems(role: Role, configuration: Configuration): Problem[] {
  if (role.whenEmpty !== 'keep' || role.elasticIp !== undefined) return [];
  const index = role.names.findIndex(
    (name) => name.addresses.includes('public') && configuration.zones[name.zone] !== undefined,
  );
  if (index === -1) return [];
  const from = roleObject(role.role, configuration).whenEmpty === undefined ? ' (from defaults)' : '';
  return [
    problemAt(
      ['roles', role.role, 'whenEmpty'],
      'keep',
      `"keep"${from} is not possible for names[${index}], which has public addresses that AWS gives to others once freed; use "remove", or give the role an elasticIp`,
    ),
  ];
}

function sharedNames(roles: readonly Role[], configuration: Configuration): Problem[] {
  const settled = roles.flatMap((role) =>
    role.names.map((name, index) => {
      const zone = configuration.zones[name.zone];
      const text = zone === undefined ? undefined : settledName(name.pattern, role.role, zone.name);
      return { role: role.role, zone: name.zone, name: text, pattern: name.pattern, index };
    }),
  );
  const within = repeated(settled, ({ role, zone, name, pattern }) => `${role} ${zone} ${name ?? pattern}`).map(
    ({ item, first }) =>
      problemAt(
        pathOfName(item.role, item.index, configuration),
        item.pattern,
        `is the same name as names[${first.index}]; give it once, with a list of addresses`,
      ),
  );
  const between = repeated(settled, ({ zone, name }) => (name === undefined ? undefined : `${zone} ${name}`))
    .filter(({ item, first }) => item.role !== first.role)
    .map(({ item, first }) =>
      problemAt(
        pathOfName(item.role, item.index, configuration),
        item.pattern,
        `gives ${item.name} in zone ${item.zone}, as ${pathText(pathOfName(first.role, first.index, configuration))} does; a name belongs to one role`,
      ),
    );
  return [...within, ...between];
}

function sharedAddresses(configuration: Configuration): Problem[] {
  const claims = Object.keys(configuration.roles)
    .sort()
    .flatMap((role) => {
      const { pool, allocationIds } = roleObject(role, configuration).elasticIp ?? {};
      const ids = (allocationIds ?? []).map((id, index) => ({
        role,
        path: ['roles', role, 'elasticIp', 'allocationIds', index],
        value: id,
        key: `id ${id}`,
      }));
      return pool === undefined
        ? ids
        : [...ids, { role, path: ['roles', role, 'elasticIp', 'pool'], value: pool, key: `pool ${pool}` }];
    });
  return repeated(claims, ({ key }) => key)
    .filter(({ item, first }) => item.role !== first.role)
    .map(({ item, first }) =>
      problemAt(
        item.path,
        item.value,
        `${JSON.stringify(item.value)} is used by roles.${first.role} too; an address belongs to one role`,
      ),
    );
}

/** Items whose key an earlier one has, with that one; an undefined key is like no other. */
function repeated<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string | undefined,
): { item: Item; first: Item }[] {
  const firsts = new Map<string, Item>();
  return items.flatMap((item) => {
    const key = keyOf(item);
    if (key === undefined) return [];
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, item);
    return first === undefined ? [] : [{ item, first }];
  });
}
