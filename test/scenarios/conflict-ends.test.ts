import { afterEach, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';

const INT = 'Z0INT';
const NAME = 'cache.corp.internal';
const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { int: { name: 'corp.internal', id: INT, private: true } },
  roles: { cache: 'int' },
};

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

it('a foreign record that goes is said to be gone, once', async () => {
  world = await World.open(CONFIGURATION);
  await world.edit(INT, 'CREATE', NAME, 'CNAME', 300, 'elsewhere.example.net');
  await world.launch('cache');
  await world.advance(10);
  await world.edit(INT, 'DELETE', NAME, 'CNAME', 300, 'elsewhere.example.net');
  await world.advance(65);
  expect(await world.zone(INT)).toEqual([`${NAME} A 60 10.0.0.11`]);
  const conflict = { kind: 'conflict', role: 'cache', zone: 'corp.internal', name: NAME, type: 'A' };
  const said = { ...conflict, reason: 'foreign-record', detail: 'CNAME elsewhere.example.net' };
  expect(world.journal.filter(({ kind }) => kind === 'conflict')).toEqual([said, { ...said, cleared: true }]);
});
