import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';

const INT = 'Z0INT';
const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { int: { name: 'corp.internal', id: INT, private: true } },
  roles: { cache: 'int', web: 'int' },
};

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

describe('a zone whose changes Route 53 throttles', () => {
  it('is left alone by every wake-up that comes during its rest, and done when the rest is over', async () => {
    world = await World.open(CONFIGURATION);
    const instances = await world.launch('cache', { count: 8 });
    await world.launch('web');
    await world.advance(5);
    const cease = world.account.faults.add({
      service: 'route53',
      operation: 'ChangeResourceRecordSets',
      effect: 'throttle',
    });
    await world.terminate(instances[0] ?? '');
    await world.advance(8);
    world.account.forgetCalls();
    for (const instance of instances.slice(1, 7)) {
      await world.terminate(instance);
      await world.advance(1);
    }
    expect(world.account.callCount('route53', 'ChangeResourceRecordSets')).toBeLessThanOrEqual(1);
    cease();
    await world.advance(10);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.18', 'web.corp.internal A 60 10.0.40.11']);
  });

  it('is written to at once again when it has accepted a batch', async () => {
    world = await World.open(CONFIGURATION);
    const [one = '', two = ''] = await world.launch('cache', { count: 3 });
    await world.advance(5);
    world.account.faults.add({
      service: 'route53',
      operation: 'ChangeResourceRecordSets',
      effect: 'throttle',
      times: 3,
    });
    await world.terminate(one);
    await world.advance(12);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.12 10.0.0.13']);
    await world.terminate(two);
    await world.advance(1);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.13']);
  });
});
