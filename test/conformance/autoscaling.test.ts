import {
  CompleteLifecycleActionCommand,
  CreateAutoScalingGroupCommand,
  DescribeLifecycleHooksCommand,
  PutLifecycleHookCommand,
  type PutLifecycleHookCommandInput,
  RecordLifecycleActionHeartbeatCommand,
} from '@aws-sdk/client-auto-scaling';
import { describe, expect, it } from 'vitest';
import { conformanceClients, exceptFor, freshName } from './endpoint.ts';

const { autoScaling } = conformanceClients();
const LifecycleHookName = 'drain';

async function group(): Promise<string> {
  const AutoScalingGroupName = freshName('group');
  await autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName,
      MinSize: 0,
      MaxSize: 1,
      DesiredCapacity: 0,
      AvailabilityZones: ['us-east-1a'],
      MixedInstancesPolicy: {
        LaunchTemplate: { LaunchTemplateSpecification: { LaunchTemplateName: 'none', Version: '1' } },
      },
    }),
  );
  return AutoScalingGroupName;
}

async function putHook(AutoScalingGroupName: string, more: Partial<PutLifecycleHookCommandInput> = {}): Promise<void> {
  const LifecycleTransition = 'autoscaling:EC2_INSTANCE_TERMINATING';
  const command = { AutoScalingGroupName, LifecycleHookName, LifecycleTransition, ...more };
  await autoScaling.send(new PutLifecycleHookCommand(command));
}

// "PutLifecycleHook", "DescribeLifecycleHooks" (Amazon EC2 Auto Scaling API Reference)
describe('Auto Scaling hooks', () => {
  it(
    'wait for an hour and then abandon, when nothing is said',
    exceptFor('moto', 'makes no group without its launch template', async () => {
      const AutoScalingGroupName = await group();
      await putHook(AutoScalingGroupName);
      const { LifecycleHooks } = await autoScaling.send(new DescribeLifecycleHooksCommand({ AutoScalingGroupName }));
      expect(LifecycleHooks).toEqual([
        {
          AutoScalingGroupName,
          LifecycleHookName,
          LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
          HeartbeatTimeout: 3600,
          GlobalTimeout: 172_800,
          DefaultResult: 'ABANDON',
        },
      ]);
    }),
  );

  it(
    'wait at most 100 times as long as their heartbeat',
    exceptFor('moto', 'makes no group without its launch template', async () => {
      const AutoScalingGroupName = await group();
      await putHook(AutoScalingGroupName, { HeartbeatTimeout: 30, DefaultResult: 'CONTINUE' });
      const { LifecycleHooks } = await autoScaling.send(new DescribeLifecycleHooksCommand({ AutoScalingGroupName }));
      expect(LifecycleHooks?.[0]).toMatchObject({
        HeartbeatTimeout: 30,
        GlobalTimeout: 3000,
        DefaultResult: 'CONTINUE',
      });
    }),
  );

  it.each([29, 7201])('have no heartbeat of %i seconds', async (HeartbeatTimeout) =>
    exceptFor('moto', 'makes no group without its launch template', async () => {
      await expect(putHook(await group(), { HeartbeatTimeout })).rejects.toMatchObject({ name: 'ValidationError' });
    })(),
  );

  it(
    'are of a group that is there',
    exceptFor('moto', 'takes any group', async () => {
      await expect(putHook(freshName('none'))).rejects.toMatchObject({ name: 'ValidationError' });
    }),
  );
});

// "CompleteLifecycleAction", "RecordLifecycleActionHeartbeat" (Amazon EC2 Auto Scaling API Reference)
describe('Auto Scaling lifecycle actions', () => {
  const nobody = { LifecycleHookName, InstanceId: 'i-0fedcba9876543210' };

  it(
    'cannot be completed where no instance waits',
    exceptFor('moto', 'makes no group without its launch template', async () => {
      const AutoScalingGroupName = await group();
      await putHook(AutoScalingGroupName);
      const command = { ...nobody, AutoScalingGroupName, LifecycleActionResult: 'CONTINUE' };
      const attempt = autoScaling.send(new CompleteLifecycleActionCommand(command));
      await expect(attempt).rejects.toMatchObject({ name: 'ValidationError' });
    }),
  );

  it(
    'cannot be kept waiting where no instance waits',
    exceptFor('moto', 'makes no group without its launch template', async () => {
      const AutoScalingGroupName = await group();
      await putHook(AutoScalingGroupName);
      const attempt = autoScaling.send(new RecordLifecycleActionHeartbeatCommand({ ...nobody, AutoScalingGroupName }));
      await expect(attempt).rejects.toMatchObject({ name: 'ValidationError' });
    }),
  );
});
