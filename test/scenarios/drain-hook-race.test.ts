import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import { afterEach, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { HeldCall } from './held-call.ts';
import { attach, createGroup, scaleIn } from './scaling-group.ts';

const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { int: { name: 'corp.internal', id: 'Z0INT', private: true } },
  roles: { web: 'int', cache: 'int' },
};

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

/** Two members of a role in an Auto Scaling group with a termination hook; answers the first. */
async function twoMembers(heartbeatSeconds: number): Promise<string> {
  await createGroup(world, { name: 'leave', heartbeatSeconds });
  const [one = '', two = ''] = await world.launch('web', { count: 2 });
  await attach(world, one, two);
  await world.advance(10);
  return one;
}

async function tag(instanceId: string, key: string, value: string): Promise<void> {
  await world.user.ec2.send(new CreateTagsCommand({ Resources: [instanceId], Tags: [{ Key: key, Value: value }] }));
}

const completions = () => world.account.callCount('autoscaling', 'CompleteLifecycleAction');

it('an instance that comes to a hook while its drain is being looked at is not let go by that look', async () => {
  const held = new HeldCall(
    'Reconcile',
    ({ operation, parameters }) => operation === 'Query' && JSON.stringify(parameters).includes('drain#'),
  );
  world = await World.open(CONFIGURATION, { hooks: held.hooks });
  const id = await twoMembers(300);
  held.arm();
  await tag(id, 'rolecall:drain', 'yes');
  await world.advance(1);
  expect(held.isHolding).toBe(true);
  await scaleIn(world, id);
  await world.advance(1);
  held.letGoOn();
  await world.advance(5);
  expect(completions()).toBe(0);
  await world.advance(70);
  expect(completions()).toBe(1);
});

it('an instance that is given another role while its drain is being looked at is not let go by that look', async () => {
  const held = new HeldCall(
    'Reconcile',
    ({ operation, parameters }) => operation === 'Query' && JSON.stringify(parameters).includes('role#web'),
  );
  world = await World.open(CONFIGURATION, { hooks: held.hooks });
  const id = await twoMembers(30);
  await scaleIn(world, id);
  await world.advance(15);
  // The look that keeps the hook from running out, when it has read what the instance claims.
  held.arm();
  await world.advance(10);
  expect(held.isHolding).toBe(true);
  await tag(id, 'rolecall:role', 'cache');
  await world.advance(2);
  held.letGoOn();
  await world.advance(10);
  expect(completions()).toBe(0);
  await world.advance(60);
  expect(completions()).toBe(1);
});
