import type { Configuration } from '../../lib/config/configuration.ts';
import type { World } from '../../local/simulation/world.ts';

export const PUB = 'Z0PUB';
export const INT = 'Z0INT';

const ZONES = {
  pub: { name: 'example.com', id: PUB },
  int: { name: 'corp.internal', id: INT, private: true },
} as const;

/** A short piece of life: what is there before, and what then happens while Lambdas die. */
export interface Script {
  readonly title: string;
  readonly roles: Configuration<'pub' | 'int'>['roles'];
  /** How many run before; all of the first role. */
  readonly running: number;
  /** Addresses of the pool `eip`. */
  readonly addresses?: number;
  readonly play: (world: World, running: readonly string[]) => Promise<unknown>;
}

const both = { names: [{ zone: 'pub' }, { zone: 'int' }] } as const;

export const SCRIPTS: readonly Script[] = [
  { title: 'the first launch', roles: { web: both }, running: 0, play: (world) => world.launch('web') },
  { title: 'one more launch', roles: { web: both }, running: 1, play: (world) => world.launch('web') },
  {
    title: 'three launches at once',
    roles: { web: 'int' },
    running: 0,
    play: (world) => world.launch('web', { count: 3 }),
  },
  {
    title: 'one of two terminated',
    roles: { web: both },
    running: 2,
    play: (world, [one = '']) => world.terminate(one),
  },
  { title: 'the last terminated', roles: { web: both }, running: 1, play: (world, [one = '']) => world.terminate(one) },
  { title: 'all terminated', roles: { web: 'pub' }, running: 3, play: (world, all) => world.terminate(...all) },
  { title: 'one stopped', roles: { web: both }, running: 2, play: (world, [one = '']) => world.stop(one) },
  {
    title: 'one stopped and started again',
    roles: { web: 'pub' },
    running: 2,
    play: async (world, [one = '']) => {
      await world.stop(one);
      await world.advance(4);
      await world.start(one);
    },
  },
  {
    title: 'one replaced by another',
    roles: { web: both },
    running: 2,
    play: async (world, [one = '']) => {
      await world.terminate(one);
      await world.launch('web');
    },
  },
  {
    title: 'one tagged for another role',
    roles: { web: 'int', api: 'pub' },
    running: 2,
    play: (world, [one = '']) => world.tag(one, 'api'),
  },
  {
    title: 'one tagged for two roles',
    roles: { web: 'int', api: 'int' },
    running: 1,
    play: (world, [one = '']) => world.tag(one, 'web api'),
  },
  {
    title: 'an ordinal freed',
    roles: { web: { names: [{ zone: 'int', name: 'web-{ordinal}' }] } },
    running: 2,
    play: (world, [one = '']) => world.terminate(one),
  },
  {
    title: 'an exclusive role that loses its holder',
    roles: { web: { names: [{ zone: 'int' }], holders: 1 } },
    running: 2,
    play: (world, [one = '']) => world.terminate(one),
  },
  {
    title: 'an exclusive role of two zones that loses its holder',
    roles: { web: { ...both, holders: 1 } },
    running: 2,
    play: (world, [one = '']) => world.terminate(one),
  },
  {
    title: 'a number given in two zones',
    roles: {
      web: {
        names: [
          { zone: 'pub', name: 'web-{ordinal}' },
          { zone: 'int', name: 'web-{ordinal}' },
        ],
      },
    },
    running: 1,
    play: (world) => world.launch('web'),
  },
  {
    title: 'an Elastic IP that fails over',
    roles: { web: { names: [{ zone: 'pub' }], elasticIp: { pool: 'eip' } } },
    running: 2,
    addresses: 1,
    play: (world, [one = '']) => world.terminate(one),
  },
  {
    title: 'two Elastic IPs taken for the first time',
    roles: {
      web: {
        names: [{ zone: 'pub', name: 'mx{ordinal}' }],
        elasticIp: { pool: 'eip' },
        whenEmpty: 'keep',
        mx: { name: 'example.com' },
      },
    },
    running: 0,
    addresses: 2,
    play: (world) => world.launch('web', { count: 2 }),
  },
  {
    title: 'an answer that gives way to a member',
    roles: { web: { names: [{ zone: 'pub' }], whenEmpty: { answer: '192.0.2.10' } } },
    running: 0,
    play: (world) => world.launch('web'),
  },
  {
    title: 'a record that someone deleted',
    roles: { web: 'int' },
    running: 1,
    play: (world) => world.edit(INT, 'DELETE', 'web.corp.internal', 'A', 60, '10.0.0.11'),
  },
  {
    title: 'a serial that someone deleted',
    roles: { web: 'int' },
    running: 1,
    play: async (world) => {
      await world.deleteSerial(INT);
      await world.launch('web');
    },
  },
  {
    title: 'a name where a record of another stands',
    roles: { web: 'int', api: 'int' },
    running: 1,
    play: async (world) => {
      await world.edit(INT, 'CREATE', 'api.corp.internal', 'A', 60, '10.9.9.9');
      await world.launch('api');
    },
  },
  {
    title: 'a role more by a deployment',
    roles: { web: 'int' },
    running: 1,
    play: (world) => world.update({ owner: 'test', zones: ZONES, roles: { web: 'int', api: 'int' } }),
  },
];

export function configurationOf({ roles }: Script): Configuration {
  return { owner: 'test', zones: ZONES, roles };
}
