import {
  AttachInstancesCommand,
  CreateAutoScalingGroupCommand,
  PutLifecycleHookCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import type { World } from '../../local/simulation/world.ts';

type Account = Pick<World, 'user'>;

export const GROUP = 'web-group';

export interface Hook {
  readonly name: string;
  readonly heartbeatSeconds: number;
  readonly transition?: 'LAUNCHING' | 'TERMINATING';
}

/** The one Auto Scaling group of a scenario, without instances. */
export async function createGroup({ user }: Account, ...hooks: readonly Hook[]): Promise<void> {
  const AutoScalingGroupName = GROUP;
  await user.autoScaling.send(new CreateAutoScalingGroupCommand({ AutoScalingGroupName, MinSize: 0, MaxSize: 20 }));
  for (const { name, heartbeatSeconds, transition = 'TERMINATING' } of hooks) {
    await user.autoScaling.send(
      new PutLifecycleHookCommand({
        AutoScalingGroupName,
        LifecycleHookName: name,
        LifecycleTransition: `autoscaling:EC2_INSTANCE_${transition}`,
        HeartbeatTimeout: heartbeatSeconds,
      }),
    );
  }
}

export async function attach({ user }: Account, ...InstanceIds: string[]): Promise<void> {
  await user.autoScaling.send(new AttachInstancesCommand({ AutoScalingGroupName: GROUP, InstanceIds }));
}

/** Takes an instance out, over the group's termination hooks. */
export async function scaleIn({ user }: Account, InstanceId: string): Promise<void> {
  await user.autoScaling.send(
    new TerminateInstanceInAutoScalingGroupCommand({ InstanceId, ShouldDecrementDesiredCapacity: true }),
  );
}
