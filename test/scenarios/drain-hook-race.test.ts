import {
  AttachInstancesCommand,
  CreateAutoScalingGroupCommand,
  PutLifecycleHookCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import { afterEach, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { HeldCall } from './held-call.ts';

const AutoScalingGroupName = 'web-group';
const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { int: { name: 'corp.internal', id: 'Z0INT', private: true } },
  roles: { web: 'int' },
};

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

it('an instance that comes to a hook while its drain is being looked at is not let go by that look', async () => {
  const held = new HeldCall(
    'Reconcile',
    ({ operation, parameters }) => operation === 'Query' && JSON.stringify(parameters).includes('drain#'),
  );
  world = await World.open(CONFIGURATION, { hooks: held.hooks });
  const { autoScaling, ec2 } = world.user;
  await autoScaling.send(new CreateAutoScalingGroupCommand({ AutoScalingGroupName, MinSize: 0, MaxSize: 10 }));
  await autoScaling.send(
    new PutLifecycleHookCommand({
      AutoScalingGroupName,
      LifecycleHookName: 'leave',
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
      HeartbeatTimeout: 300,
    }),
  );
  const InstanceIds = await world.launch('web', { count: 2 });
  await autoScaling.send(new AttachInstancesCommand({ AutoScalingGroupName, InstanceIds }));
  await world.advance(10);
  const [InstanceId = ''] = InstanceIds;
  held.arm();
  await ec2.send(new CreateTagsCommand({ Resources: [InstanceId], Tags: [{ Key: 'rolecall:drain', Value: 'yes' }] }));
  await world.advance(1);
  expect(held.isHolding).toBe(true);
  await autoScaling.send(
    new TerminateInstanceInAutoScalingGroupCommand({ InstanceId, ShouldDecrementDesiredCapacity: true }),
  );
  await world.advance(1);
  held.letGoOn();
  await world.advance(5);
  expect(world.account.callCount('autoscaling', 'CompleteLifecycleAction')).toBe(0);
  await world.advance(70);
  expect(world.account.callCount('autoscaling', 'CompleteLifecycleAction')).toBe(1);
});
