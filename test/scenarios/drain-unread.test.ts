import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { attach, createGroup, scaleIn } from './scaling-group.ts';
import { spotWarning } from './drain-signals.ts';

const INT = 'Z0INT';
const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { int: { name: 'corp.internal', id: INT, private: true } },
  roles: { web: 'int' },
};

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

/** One instance that ran before the deployment: no sweep has read it yet. */
async function open(): Promise<string> {
  let ids: readonly string[] = [];
  world = await World.open(CONFIGURATION, {
    before: async (early) => {
      await createGroup(early, { name: 'leave', heartbeatSeconds: 300 });
      ids = await early.launch('web');
      await early.advance(5);
      await attach(early, ...ids);
    },
  });
  expect(world.account.callCount('ec2', 'DescribeInstances')).toBe(0);
  return ids[0] ?? '';
}

function namesGiven(): string[] {
  return world.account.route53.batches.flatMap(({ changes }) =>
    changes.flatMap(({ action, set }) => (action === 'CREATE' && set.type === 'A' ? [set.name] : [])),
  );
}

describe('an instance that is asked to leave before it was ever read', () => {
  it('gets no name while it waits at a hook that cannot be completed yet', async () => {
    const one = await open();
    world.account.faults.add({ service: 'autoscaling', operation: 'CompleteLifecycleAction', effect: 'error-before' });
    await scaleIn(world, one);
    await world.advance(130);
    expect(world.account.ec2.fleet.find(one)?.state).toBe('running');
    world.account.faults.clear();
    await world.advance(60);
    expect(world.account.ec2.fleet.find(one)?.state).toBe('terminated');
    expect(world.account.callCount('ec2', 'DescribeInstances')).toBeGreaterThan(0);
    expect(namesGiven()).toEqual([]);
  });

  it('gets none after a spot warning, and is said to have drained', async () => {
    const one = await open();
    spotWarning(world, one);
    await world.advance(100);
    expect(world.account.callCount('ec2', 'DescribeInstances')).toBeGreaterThan(0);
    expect(namesGiven()).toEqual([]);
    expect(world.journal.filter(({ kind }) => kind === 'drained')).toMatchObject([{ instance: one, asked: ['spot'] }]);
  });

  it('and one that nobody asked gets its name', async () => {
    await open();
    await world.advance(100);
    expect(namesGiven()).toEqual(['web.corp.internal.']);
  });
});
