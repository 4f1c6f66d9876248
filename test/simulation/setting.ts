import type { Configuration, RoleObject } from '../../lib/config/configuration.ts';
import type { Chance } from './chance.ts';

/** The zones of every simulated installation; which of them a configuration uses is up to its roles. */
export const ZONES = {
  pub: { name: 'example.com', id: 'Z0PUB' },
  int: { name: 'corp.internal', id: 'Z0INT', private: true },
  rev: { name: '10.in-addr.arpa', id: 'Z0REV', private: true },
} as const;
export type ZoneKey = keyof typeof ZONES;
export type Zones = Readonly<Record<ZoneKey, { readonly name: string; readonly id: string; readonly private?: true }>>;

type Maker = (chance: Chance) => RoleObject<ZoneKey>;

const succession = (chance: Chance) => chance.pick(['oldest', 'newest', 'priority'] as const);
const ttl = (chance: Chance) => chance.pick(['10s', '60s', '5m'] as const);

/** Each feature of the configuration in a role of its own; the key is the role's name, so that no two roles share a name. */
const ROLES: Readonly<Record<string, Maker>> = {
  web: (chance) => ({ names: [{ zone: 'pub', ttl: ttl(chance) }, { zone: 'int' }] }),
  cache: () => ({ names: [{ zone: 'int' }] }),
  front: (chance) => ({ names: [{ zone: 'pub', routing: 'multivalue', ttl: ttl(chance) }] }),
  api: () => ({ names: [{ zone: 'pub', routing: { weighted: { default: 7 } } }] }),
  shard: (chance) => ({
    names: [{ zone: 'int', name: '{role}-{ordinal}', ptr: true }],
    ...(chance.happens(0.5) ? { srv: { '_shard._tcp': 7000 } } : {}),
  }),
  edge: () => ({ names: [{ zone: 'int', name: '{role}.{az}' }, { zone: 'pub' }] }),
  node: () => ({ names: [{ zone: 'int', name: '{instanceId}.{role}', ptr: true }, { zone: 'int' }] }),
  master: (chance) => ({ names: [{ zone: 'int' }], holders: 1, succession: succession(chance) }),
  pair: (chance) => ({
    names: [{ zone: 'int', name: '{role}-{ordinal}' }, { zone: 'pub' }],
    holders: 2,
    succession: succession(chance),
  }),
  mail: (chance) => ({
    names: [{ zone: 'pub', name: 'mx{ordinal}' }],
    mx: { name: 'example.com', preference: 10 },
    elasticIp: { pool: 'mail', succession: succession(chance), preferZone: chance.happens(0.3) },
    whenEmpty: chance.happens(0.7) ? 'keep' : 'remove',
  }),
  gate: (chance) => ({ names: [{ zone: 'pub' }], elasticIp: { pool: 'gate', succession: succession(chance) } }),
  site: (chance) => ({
    names: [{ zone: 'pub' }],
    aliases: ['www.example.com', '*.apps.example.com'],
    whenEmpty: { answer: chance.pick(['192.0.2.10', 'elsewhere.example.net'] as const) },
  }),
  log: () => ({ names: [{ zone: 'int' }], whenEmpty: 'keep' }),
  six: () => ({ names: [{ zone: 'pub', address: ['public', 'ipv6'] }] }),
  vault: () => ({ names: [{ zone: 'int' }], allow: { instanceProfiles: ['trusted-*'] } }),
  jump: () => ({ names: [{ zone: 'pub', address: 'ec2-name' }], holders: 1 }),
};
export const ROLE_NAMES: readonly string[] = Object.keys(ROLES);

/** Those of which another installation may want the names, too: an ordinal tells nobody whose it is. */
export const SHARED_ROLES: readonly string[] = ROLE_NAMES.filter((role) => !['shard', 'pair', 'mail'].includes(role));

/** Which roles can hold an Elastic IP, and the pool that theirs come from. */
export const POOLS: Readonly<Record<string, string>> = { mail: 'mail', gate: 'gate' };

export type Setting = Configuration<ZoneKey>;

/** Whose an installation is, and where it publishes. */
type Place = Pick<Setting, 'owner' | 'zones'>;

const OURS: Place = { owner: 'ours', zones: ZONES };

/** A configuration of two to five roles. */
export function anySetting(chance: Chance, place = OURS, choice = ROLE_NAMES): Setting {
  const names = new Set<string>();
  const wanted = chance.between(2, 5);
  while (names.size < wanted) names.add(chance.pick(choice) ?? 'web');
  return settingOf([...names], chance, place);
}

/** Another's, in the same zones, who wants many of the same names. */
export function settingBeside({ roles, zones }: Setting, chance: Chance): Setting {
  const names = new Set(SHARED_ROLES.filter((role) => role in roles));
  while (names.size < 2) names.add(chance.pick(SHARED_ROLES) ?? 'web');
  return settingOf([...names], chance, { owner: 'neighbour', zones });
}

/** The same with every role that can hold an Elastic IP. */
export function withPools(setting: Setting, chance: Chance): Setting {
  const pooled = Object.keys(POOLS).filter((role) => !(role in setting.roles));
  return { ...setting, roles: { ...setting.roles, ...settingOf(pooled, chance, setting).roles } };
}

/** The holder of an address is to be found under its ordinal in the private zone, too. */
export function withPrivateNames(setting: Setting): Setting {
  const { mail } = setting.roles;
  if (typeof mail !== 'object') return setting;
  const names = [...(mail.names ?? []), { zone: 'int', name: 'mx{ordinal}' } as const];
  return { ...setting, roles: { ...setting.roles, mail: { ...mail, names } } };
}

/** What the ordeals are about. */
export function settingOfOrdeals({ owner = 'ours', zones }: Setting): Setting {
  return {
    owner,
    zones,
    roles: {
      web: { names: [{ zone: 'pub', ttl: '5m' }, { zone: 'int' }] },
      front: { names: [{ zone: 'pub', routing: 'multivalue' }] },
      api: { names: [{ zone: 'pub', routing: { weighted: { default: 7 } } }] },
      pair: { names: [{ zone: 'int', name: '{role}-{ordinal}' }, { zone: 'pub' }], holders: 2, succession: 'oldest' },
      gate: { names: [{ zone: 'pub' }], elasticIp: { pool: 'gate' } },
    },
    allowLargeChange: true,
  };
}

/** The same installation with a role more or less, or one that is defined anew. */
export function anotherSetting(before: Setting, chance: Chance, choice = ROLE_NAMES): Setting {
  const names = new Set(Object.keys(before.roles));
  const other = chance.pick(choice) ?? 'web';
  if (names.has(other) && names.size > 1) names.delete(other);
  else names.add(other);
  return {
    ...settingOf([...names], chance, before),
    ...(before.openRoles === undefined ? {} : { openRoles: before.openRoles }),
    ...(before.defaults === undefined ? {} : { defaults: before.defaults }),
  };
}

function settingOf(names: readonly string[], chance: Chance, { owner = 'ours', zones }: Place): Setting {
  return {
    owner,
    zones,
    roles: Object.fromEntries(names.map((name) => [name, ROLES[name]?.(chance) ?? 'int'])),
    ...(chance.happens(0.2) ? { openRoles: 'int' as const } : {}),
    allowLargeChange: true,
  };
}
