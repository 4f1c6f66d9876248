import { afterEach, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';

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
  let release: () => void = () => {};
  let isArmed = false;
  world = await World.open(CONFIGURATION, {
    hooks: (kind) => ({
      before: async ({ operation }) => {
        if (kind !== 'Observe' || !isArmed || operation !== 'BatchGetItem') return;
        isArmed = false;
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      },
    }),
  });
  await world.advance(5);
  const [one = ''] = await world.launch('');
  await world.advance(10.55);
  await world.stop(one);
  await world.advance(1.4);
  isArmed = true;
  await world.advance(0.2);
  expect(isArmed).toBe(false);
  await world.start(one);
  await world.tag(one, 'cache');
  await world.advance(90);
  expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.11']);
  release();

  await world.advance(2);
  expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.11']);
});
