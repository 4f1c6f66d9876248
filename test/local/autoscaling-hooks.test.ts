import {
  CompleteLifecycleActionCommand,
  CreateAutoScalingGroupCommand,
  DescribeLifecycleHooksCommand,
  PutLifecycleHookCommand,
} from '@aws-sdk/client-auto-scaling';
import { describe, expect, it } from 'vitest';
import { Account } from '../../local/account.ts';
import { clientsFor } from '../../local/in-process.ts';

const GROUP = { AutoScalingGroupName: 'web' };
const HOOK = { ...GROUP, LifecycleHookName: 'drain' };
const TERMINATING = 'autoscaling:EC2_INSTANCE_TERMINATING';

async function client() {
  const { autoScaling } = clientsFor(new Account(), 'test');
  await autoScaling.send(new CreateAutoScalingGroupCommand({ ...GROUP, MinSize: 0, MaxSize: 1 }));
  return autoScaling;
}

// "PutLifecycleHook" (Amazon EC2 Auto Scaling API Reference)
describe('a lifecycle hook', () => {
  it('has an hour and abandons, unless it is told otherwise', async () => {
    const autoScaling = await client();
    await autoScaling.send(new PutLifecycleHookCommand({ ...HOOK, LifecycleTransition: TERMINATING }));
    const { LifecycleHooks } = await autoScaling.send(new DescribeLifecycleHooksCommand(GROUP));
    expect(LifecycleHooks).toEqual([
      {
        ...HOOK,
        LifecycleTransition: TERMINATING,
        HeartbeatTimeout: 3600,
        GlobalTimeout: 172_800,
        DefaultResult: 'ABANDON',
      },
    ]);
  });

  it.each([29, 7201])('refuses a heartbeat of %i seconds', async (HeartbeatTimeout) => {
    const autoScaling = await client();
    const command = new PutLifecycleHookCommand({ ...HOOK, LifecycleTransition: TERMINATING, HeartbeatTimeout });
    await expect(autoScaling.send(command)).rejects.toMatchObject({ name: 'ValidationError' });
  });

  it('refuses to complete an action that nobody waits at', async () => {
    const autoScaling = await client();
    const command = new CompleteLifecycleActionCommand({
      ...HOOK,
      LifecycleActionToken: '87654321-4321-4321-4321-210987654321',
      LifecycleActionResult: 'CONTINUE',
    });
    await expect(autoScaling.send(command)).rejects.toMatchObject({ name: 'ValidationError' });
  });
});
