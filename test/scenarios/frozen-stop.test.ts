import { afterEach, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { HeldCall } from './held-call.ts';

const INT = 'Z0INT';
const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { int: { name: 'corp.internal', id: INT, private: true } },
  roles: { cache: 'int' },
};

let world: World;

afterEach(async () => {
  await world.close();
});

it('a Lambda that was frozen for minutes with a stop in hand does not end the instance that was started in its second', async () => {
  const held = new HeldCall('Observe', ({ operation }) => operation === 'BatchGetItem');
  world = await World.open(CONFIGURATION, { hooks: held.hooks });
  await world.advance(5);
  const [one = ''] = await world.launch('');
  await world.advance(10.55);
  await world.stop(one);
  await world.advance(1.4);
  held.arm();
  await world.advance(0.2);
  expect(held.isHolding).toBe(true);
  await world.start(one);
  await world.tag(one, 'cache');
  await world.advance(90);
  expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.11']);
  held.letGoOn();

  await world.advance(2);
  expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.11']);
});
