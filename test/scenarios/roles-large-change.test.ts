import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';

const INT = 'Z0INT';

const named = (name: string, changes: Partial<Configuration> = {}): Configuration => ({
  owner: 'test',
  zones: { int: { name: 'corp.internal', id: INT, private: true } },
  roles: { web: { names: [{ zone: 'int', name }] } },
  ...changes,
});

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

async function open(members: number): Promise<void> {
  world = await World.open(named('web-{ordinal}'));
  await world.advance(5);
  await world.launch('web', { count: members });
  await world.advance(20);
}

async function names(): Promise<string[]> {
  return (await world.zone(INT)).map((line) => line.split(' ')[0] ?? '');
}

describe('a configuration that takes away most of a zone', () => {
  it('is refused with the counts and the way out, and changes nothing', async () => {
    await open(10);
    const before = await world.zone(INT);
    expect(before).toHaveLength(10);
    await expect(world.update(named('web'))).rejects.toThrow(
      /would remove 10 of the 10 record sets in zones\.int \(corp\.internal, Z0INT\).*allowLargeChange: true/,
    );
    await world.advance(90);
    expect(await world.zone(INT)).toEqual(before);
  });

  it('is carried out where it says that it is meant', async () => {
    await open(10);
    await world.update(named('web', { allowLargeChange: true }));
    await world.advance(20);
    expect(await names()).toEqual(['web.corp.internal']);
  });

  it('is carried out in a small zone', async () => {
    await open(9);
    await world.update(named('web'));
    await world.advance(20);
    expect(await names()).toEqual(['web.corp.internal']);
  });
});

describe('a configuration that takes away little', () => {
  it('is carried out, and keeps what it keeps', async () => {
    await open(10);
    const { roles } = named('web-{ordinal}');
    await world.update({ ...named(''), roles: { ...roles, cache: 'int' } });
    await world.update(named('web-{ordinal}'));
    await world.advance(20);
    expect(await names()).toHaveLength(10);
  });

  it('is carried out where a role only gets a pool: its addresses are not known before', async () => {
    world = await World.open({
      ...named(''),
      zones: { int: { name: 'example.com', id: INT } },
      roles: { web: { names: [{ zone: 'int', name: 'web{ordinal}' }] } },
    });
    await world.launch('web', { count: 10 });
    await world.advance(20);
    expect(await names()).toHaveLength(10);
    await world.update({
      ...named(''),
      zones: { int: { name: 'example.com', id: INT } },
      roles: { web: { names: [{ zone: 'int', name: 'web{ordinal}' }], elasticIp: { pool: 'web' } } },
    });
    expect(world.errors.filter((error) => error.includes('would remove'))).toEqual([]);
  });
});
