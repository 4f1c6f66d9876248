import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';

const INT = 'Z0INT';
const PUB = 'Z0PUB';

const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { int: { name: 'corp.internal', id: INT, private: true }, pub: { name: 'example.com', id: PUB } },
  roles: {
    web: { names: [{ zone: 'pub' }, { zone: 'int', name: '{role}-{ordinal}' }], srv: { '_http._tcp': 80 } },
    cache: 'int',
  },
};

/** The same in another order, with every default written out. */
const WRITTEN_OUT: Configuration = {
  strictNames: false,
  allowTerminate: false,
  endpoint: false,
  hosts: {},
  roles: {
    cache: {
      whenEmpty: 'remove',
      names: [{ address: 'private', zone: 'int', name: '{role}', routing: 'simple', ttl: '60s', ptr: false }],
    },
    web: {
      srv: { '_http._tcp': 80 },
      health: 'status-checks',
      drainOn: ['tag', 'spot', 'retirement', 'hook'],
      names: [
        { zone: 'pub', address: ['public'], ttl: '1m' },
        { name: '{role}-{ordinal}', zone: 'int' },
      ],
    },
  },
  defaults: { drift: 'repair', whenEmpty: 'remove', ttl: '60s', health: 'status-checks' },
  retainRecords: false,
  allowLargeChange: false,
  zones: {
    pub: { id: PUB, name: 'Example.COM.', private: false },
    int: { private: true, id: INT, name: 'corp.internal' },
  },
  owner: 'test',
};

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

async function open(): Promise<void> {
  world = await World.open(CONFIGURATION);
  await world.launch('web', { count: 3 });
  await world.launch('cache', { count: 2 });
  await world.advance(70);
}

/** Changes that Route 53 accepted for us within the next minute and a half, the serial aside. */
async function changesAfter(configuration: Configuration): Promise<string[]> {
  const before = world.account.route53.batches.length;
  await world.update(configuration);
  await world.advance(90);
  return world.account.route53.batches
    .slice(before)
    .flatMap(({ changes }) => changes)
    .filter(({ set }) => !set.name.includes('._rolecall.'))
    .map(({ action, set: { name, type, ttlSeconds } }) => `${action} ${name} ${type} ${ttlSeconds}`);
}

describe('a deployment', () => {
  it('of the same configuration changes nothing and sends Route 53 nothing', async () => {
    await open();
    world.account.forgetCalls();
    expect(await changesAfter(CONFIGURATION)).toEqual([]);
    expect(world.account.callCount('route53', 'ChangeResourceRecordSets')).toBe(0);
  });

  it('in another order, with the defaults written out, changes nothing either', async () => {
    await open();
    world.account.forgetCalls();
    expect(await changesAfter(WRITTEN_OUT)).toEqual([]);
    expect(world.account.callCount('route53', 'ChangeResourceRecordSets')).toBe(0);
  });

  it('of another TTL alone is one change of each set that has it, and no more', async () => {
    await open();
    const cache = { names: [{ zone: 'int', ttl: '30s' }] } as const;
    expect(await changesAfter({ ...CONFIGURATION, roles: { ...CONFIGURATION.roles, cache } })).toEqual([
      'DELETE cache.corp.internal. A 60',
      'CREATE cache.corp.internal. A 30',
    ]);
  });

  it('that adds a role touches no record of another', async () => {
    await open();
    expect(await changesAfter({ ...CONFIGURATION, roles: { ...CONFIGURATION.roles, api: 'pub' } })).toEqual([]);
    await world.launch('api');
    await world.advance(10);
    expect(await world.zone(PUB)).toContain('api.example.com A 60 203.0.113.16');
  });
});
