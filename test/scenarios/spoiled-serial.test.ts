import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { isRoute53Write } from './held-call.ts';

const INT = 'Z0INT';
const SERIAL = 'test._rolecall.corp.internal';
const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { int: { name: 'corp.internal', id: INT, private: true } },
  roles: { cache: 'int' },
};

let world: World;

afterEach(async () => {
  await world.close();
});

describe('the serial of a batch of which its Lambda died', () => {
  it('is not used again where hands spoil it, and another has made a record in the place of one that the batch took away', async () => {
    const state = { isArmed: false };
    world = await World.open(CONFIGURATION, {
      hooks: (kind) => ({
        after: async (call) => {
          if (kind !== 'Reconcile' || !state.isArmed || !isRoute53Write(call)) return;
          state.isArmed = false;
          await new Promise<void>(() => {});
        },
      }),
    });
    await world.advance(5);
    const [one = ''] = await world.launch('cache');
    await world.advance(5);
    state.isArmed = true;
    await world.terminate(one);
    await world.advance(2);
    expect(state.isArmed).toBe(false);
    expect(await world.zone(INT)).toEqual([]);
    const before = await world.serial(INT);
    await world.edit(INT, 'CREATE', 'cache.corp.internal', 'A', 60, '192.0.2.1');
    await world.edit(INT, 'UPSERT', SERIAL, 'TXT', 60, '"owner=test serial=99 batch=x"');
    await world.advance(70);
    expect(await world.serial(INT)).toBeGreaterThan(before);
  });
});
