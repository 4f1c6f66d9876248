import {
  AttachInstancesCommand,
  CreateAutoScalingGroupCommand,
  PutLifecycleHookCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { World } from '../../local/simulation/world.ts';
import { type Budget, during, type Row } from './counting.ts';

const AutoScalingGroupName = 'web-group';
const ONE_WRITE: Budget = { text: '0 EC2, 1 write', holds: ({ ec2, writes }) => ec2 === 0 && writes <= 1 };
const NO_WRITE: Budget = { text: '0 EC2, no write', holds: ({ ec2, writes }) => ec2 + writes === 0 };

/** An instance that waits at a termination hook; then one that goes to the warm pool by the same hook. */
export async function hookCalls(): Promise<Row[]> {
  const world = await World.open({ zones: { pub: { name: 'example.com', id: 'Z0PUB' } }, roles: { web: 'pub' } });
  const { autoScaling } = world.user;
  await autoScaling.send(new CreateAutoScalingGroupCommand({ AutoScalingGroupName, MinSize: 0, MaxSize: 10 }));
  await autoScaling.send(
    new PutLifecycleHookCommand({
      AutoScalingGroupName,
      LifecycleHookName: 'drain',
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
      HeartbeatTimeout: 600,
    }),
  );
  const InstanceIds = await world.launch('web', { count: 3 });
  await autoScaling.send(new AttachInstancesCommand({ AutoScalingGroupName, InstanceIds }));
  await world.advance(10);
  const [InstanceId = '', another = ''] = InstanceIds;
  await autoScaling.send(
    new TerminateInstanceInAutoScalingGroupCommand({ InstanceId, ShouldDecrementDesiredCapacity: true }),
  );
  const withdrawn = await during(world, 0.9);
  const completed = await during(world, 150);
  world.account.scalingGroups.remove(another, 'WarmPool');
  const toWarmPool = await during(world, 0.9);
  await world.closeCleanly();
  if (!world.journal.some(({ kind }) => kind === 'drained')) throw new Error('the member has not drained');
  if (completed.autoScaling === 0 || toWarmPool.autoScaling === 0) throw new Error('a hook was not completed');
  return [
    { work: 'termination hook, 1 zone: out of its name', counts: withdrawn, budget: ONE_WRITE },
    { work: 'termination hook, 1 zone: until it is completed, and the end', counts: completed, budget: NO_WRITE },
    {
      work: 'hook on the way to the warm pool: completed at once, and the stop',
      counts: toWarmPool,
      budget: ONE_WRITE,
    },
  ];
}
