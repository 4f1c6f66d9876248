import {
  type AutoScalingClient,
  CompleteLifecycleActionCommand,
  DescribeLifecycleHooksCommand,
  RecordLifecycleActionHeartbeatCommand,
} from '@aws-sdk/client-auto-scaling';
import type { LifecycleAction } from '../model/drain-progress.ts';
import type { CallOutcome, Hooks } from '../reconcile/ports.ts';
import { callOutcomeOf, failureOf } from './error-codes.ts';

/** Auto Scaling's lifecycle hooks as the port has them. */
export function createHooks(client: AutoScalingClient): Hooks {
  return {
    complete: (action) =>
      outcomeOf(
        client.send(new CompleteLifecycleActionCommand({ ...nameOf(action), LifecycleActionResult: 'CONTINUE' })),
      ),
    heartbeat: (action) => outcomeOf(client.send(new RecordLifecycleActionHeartbeatCommand(nameOf(action)))),
    heartbeatSeconds: async ({ group, hook }) => {
      try {
        const { LifecycleHooks: hooks } = await client.send(
          new DescribeLifecycleHooksCommand({ AutoScalingGroupName: group, LifecycleHookNames: [hook] }),
        );
        return hooks?.find(({ LifecycleHookName: name }) => name === hook)?.HeartbeatTimeout;
      } catch (error) {
        // What no service said is thrown on; a hook that cannot be read is heeded as if its time were short.
        failureOf(error);
        return undefined;
      }
    },
  };
}

function nameOf({ group, hook, token, instanceId }: LifecycleAction) {
  return {
    AutoScalingGroupName: group,
    LifecycleHookName: hook,
    LifecycleActionToken: token,
    InstanceId: instanceId,
  };
}

/**
 * A `ValidationError` is Auto Scaling's word for an action, a hook or a group that is not there any more: "No active
 * Lifecycle Action found". There is nothing left to let go on.
 */
async function outcomeOf(call: Promise<unknown>): Promise<CallOutcome> {
  try {
    await call;
    return { kind: 'done' };
  } catch (error) {
    return callOutcomeOf(error);
  }
}
