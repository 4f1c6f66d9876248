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

it('a record that hands put in the place of ours is said once, and ours is back when it goes', async () => {
  world = await World.open(CONFIGURATION);
  await world.launch('cache');
  await world.advance(10);
  await world.edit(INT, 'DELETE', NAME, 'A', 60, '10.0.0.11');
  await world.edit(INT, 'CREATE', NAME, 'CNAME', 300, 'elsewhere.example.net');
  await world.advance(300);
  expect(await world.zone(INT)).toEqual([`${NAME} CNAME 300 elsewhere.example.net`]);
  const place = { role: 'cache', zone: 'corp.internal', name: NAME, type: 'A' };
  const conflict = { kind: 'conflict', ...place, reason: 'foreign-record', detail: 'CNAME elsewhere.example.net' };
  const drift = { kind: 'drift', ...place, reason: 'drift', before: ['10.0.0.11'], after: [] };
  const said = () => world.journal.filter(({ kind }) => kind === 'conflict' || kind === 'drift');
  expect(said()).toEqual([conflict, drift]);
  world.account.forgetCalls();
  await world.advance(120);
  expect(world.account.callCount('route53', 'ChangeResourceRecordSets')).toBe(0);
  await world.edit(INT, 'DELETE', NAME, 'CNAME', 300, 'elsewhere.example.net');
  await world.advance(65);
  expect(await world.zone(INT)).toEqual([`${NAME} A 60 10.0.0.11`]);
  expect(said()).toEqual([conflict, drift, { ...conflict, cleared: true }]);
});
