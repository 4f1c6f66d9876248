import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { attach, createGroup, scaleIn } from './scaling-group.ts';

const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { int: { name: 'corp.internal', id: 'Z0INT', private: true } },
  roles: { web: 'int' },
};

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

/** An instance has come to a hook of 30 s, with a name whose TTL is 60 s. */
async function atHook(skewMs: (kind: string) => number): Promise<void> {
  world = await World.open(CONFIGURATION, { skewMs });
  await createGroup(world, { name: 'leave', heartbeatSeconds: 30 });
  const [one = '', two = ''] = await world.launch('web', { count: 2 });
  await attach(world, one, two);
  await world.advance(75);
  // Just after a sweep: the next would come too late.
  const sweeps = world.account.callCount('ec2', 'DescribeInstances');
  for (let waited = 0; world.account.callCount('ec2', 'DescribeInstances') === sweeps && waited < 70; waited += 1)
    await world.advance(1);
  await scaleIn(world, one);
}

describe('a hook that one function opens a drain for, and another looks at', () => {
  it.each([0, 300, 2_000])('is kept by heartbeats where the first’s clock is %d ms ahead', async (aheadMs) => {
    await atHook((kind) => (kind === 'Observe' ? aheadMs : 0));
    await world.advance(29);
    expect(world.account.callCount('autoscaling', 'RecordLifecycleActionHeartbeat')).toBe(1);
    await world.advance(50);
    expect(world.account.callCount('autoscaling', 'CompleteLifecycleAction')).toBe(1);
  });

  it('is not looked at all the time while nothing is to be seen', async () => {
    await atHook(() => 0);
    await world.advance(5);
    const looked = world.account.callCount('dynamodb', 'Query');
    await world.advance(20);
    expect(world.account.callCount('dynamodb', 'Query') - looked).toBeLessThan(40);
  });
});
