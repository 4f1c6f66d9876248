import { afterEach, describe, expect, it } from 'vitest';
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
  await world.closeCleanly();
});

describe('a zone that Route 53 refuses for long', () => {
  it('is not asked more often for each event that came meanwhile, and gets all of them in the end', async () => {
    world = await World.open(CONFIGURATION);
    await world.advance(5);
    const cease = world.account.faults.add({
      service: 'route53',
      effect: 'error-before',
      code: 'AccessDenied',
      status: 403,
    });
    for (let launched = 0; launched < 20; launched += 1) {
      await world.launch('cache');
      await world.advance(7.3);
    }
    await world.advance(300);
    world.account.forgetCalls();
    await world.advance(600);
    expect(world.account.callCount('route53')).toBeLessThanOrEqual(80);
    cease();
    await world.advance(65);
    expect((await world.zone(INT)).join().split(' 10.')).toHaveLength(21);
  });
});
