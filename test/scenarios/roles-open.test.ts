import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';

const INT = 'Z0INT';
const SUBNET = 'subnet-0000000000000a001';

const CLOSED: Configuration = {
  owner: 'test',
  zones: { int: { name: 'corp.internal', id: INT, private: true } },
  roles: { web: 'int' },
};
const OPEN: Configuration = { ...CLOSED, openRoles: 'int' };

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

async function open(configuration: Configuration): Promise<void> {
  world = await World.open(configuration);
  await world.advance(5);
}

async function launch(role: string): Promise<string> {
  const [instance = ''] = await world.launch(role, { subnetId: SUBNET });
  await world.advance(10);
  return instance;
}

async function update(configuration: Configuration): Promise<void> {
  await world.update(configuration);
  await world.advance(10);
}

describe('a role that the configuration does not list', () => {
  it('has its name in the open zone while somebody claims it', async () => {
    await open(OPEN);
    const one = await launch('cache');
    await launch('cache web');
    expect(await world.zone(INT)).toEqual([
      'cache.corp.internal A 60 10.0.0.11 10.0.0.12',
      'web.corp.internal A 60 10.0.0.12',
    ]);
    await world.terminate(one);
    await world.advance(5);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.12', 'web.corp.internal A 60 10.0.0.12']);
    expect(world.journal.filter(({ kind }) => kind === 'refused')).toEqual([]);
  });

  it('loses its name with its last member', async () => {
    await open(OPEN);
    const one = await launch('cache');
    await world.terminate(one);
    await world.advance(5);
    expect(await world.zone(INT)).toEqual([]);
  });

  it('is refused where no zone is open', async () => {
    await open(CLOSED);
    const one = await launch('cache');
    expect(await world.zone(INT)).toEqual([]);
    expect(world.journal).toContainEqual(
      expect.objectContaining({ kind: 'refused', role: 'cache', reason: 'unknown-role', instance: one }),
    );
  });

  it('comes and goes with openRoles', async () => {
    await open(CLOSED);
    await launch('cache');
    await update(OPEN);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.11']);
    await update(CLOSED);
    expect(await world.zone(INT)).toEqual([]);
  });

  it('becomes a listed role, and an open one again', async () => {
    await open(OPEN);
    await launch('cache');
    await update({ ...OPEN, roles: { web: 'int', cache: { names: [{ zone: 'int', name: 'memory' }] } } });
    expect(await world.zone(INT)).toEqual(['memory.corp.internal A 60 10.0.0.11']);
    await update(OPEN);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.11']);
  });

  it('gives way to a listed role that has its name, and says so', async () => {
    await open(OPEN);
    await launch('cache');
    await launch('web');
    await update({ ...OPEN, roles: { web: { names: [{ zone: 'int', name: 'cache' }] } } });
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.12']);
    expect(world.journal).toContainEqual(
      expect.objectContaining({ kind: 'refused', role: 'cache', reason: 'name-taken' }),
    );
    await update(OPEN);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.11', 'web.corp.internal A 60 10.0.0.12']);
  });
});
