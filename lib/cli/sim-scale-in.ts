import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import type { Command } from 'commander';
import { declare } from './command.ts';
import { select } from './fleet.ts';
import { localAccount, localClientSettings, localEc2 } from './local-target.ts';
import { SCALED_IN } from './sim-schema.ts';
import { printResult, type Surroundings } from './surroundings.ts';

const GROUP = 'sim';
const HOOK = 'drain';
/** Long enough for a TTL of some minutes; Rolecall extends it where that is not enough. */
const HEARTBEAT_SECONDS = 300;

export function addScaleIn(sim: Command, surroundings: Surroundings): void {
  declare(sim.command('scale-in'), {
    hasTarget: false,
    examples: ['sim scale-in web', 'sim scale-in i-0123456789abcdef0'],
    result: SCALED_IN,
  })
    .description(
      'let an Auto Scaling group take an instance away: it waits at a termination hook until it has drained, and is terminated then',
    )
    .argument('<role|instance>')
    .option('--all', 'every member of the role', false)
    .action(async (what: string, { all }: { all: boolean }, command: Command) => {
      const account = await localAccount(surroundings);
      const instances = await select(await localEc2(account), what, ['running'], all);
      const { AutoScalingClient: Client } = await import('./sdk/auto-scaling.ts');
      await scaleIn(
        new Client(localClientSettings(account)),
        instances.map(({ instanceId }) => instanceId),
      );
      const data = { instances: [...instances], group: GROUP, hook: HOOK };
      const { json = false } = command.optsWithGlobals<{ json?: boolean }>();
      printResult(surroundings, { json, command: 'sim scale-in', data }, () =>
        instances.map(
          ({ instanceId, roles }) =>
            `${instanceId} waits at the hook ${HOOK} of the group ${GROUP}, until it has drained: ${roles.join(', ')}`,
        ),
      );
    });
}

/** The group and its hook are made when they are first needed: a group of the local account launches nothing itself. */
async function scaleIn(autoScaling: AutoScalingClient, InstanceIds: string[]): Promise<void> {
  const sdk = await import('./sdk/auto-scaling.ts');
  const AutoScalingGroupName = GROUP;
  try {
    await autoScaling.send(new sdk.CreateAutoScalingGroupCommand({ AutoScalingGroupName, MinSize: 0, MaxSize: 1000 }));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AlreadyExistsFault') throw error;
  }
  await autoScaling.send(
    new sdk.PutLifecycleHookCommand({
      AutoScalingGroupName,
      LifecycleHookName: HOOK,
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
      HeartbeatTimeout: HEARTBEAT_SECONDS,
    }),
  );
  await autoScaling.send(new sdk.AttachInstancesCommand({ AutoScalingGroupName, InstanceIds }));
  for (const InstanceId of InstanceIds) {
    await autoScaling.send(
      new sdk.TerminateInstanceInAutoScalingGroupCommand({ InstanceId, ShouldDecrementDesiredCapacity: true }),
    );
  }
}
