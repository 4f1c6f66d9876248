import * as v from 'valibot';
import { readEvent } from './envelope.ts';
import type { LifecycleAction } from './observation.ts';
import { instanceId, name, oneOf } from './shape.ts';

export const LAUNCH_ACTION = 'EC2 Instance-launch Lifecycle Action';
export const TERMINATE_ACTION = 'EC2 Instance-terminate Lifecycle Action';

function entriesOf(transition: 'autoscaling:EC2_INSTANCE_LAUNCHING' | 'autoscaling:EC2_INSTANCE_TERMINATING') {
  return {
    detail: v.object({
      LifecycleActionToken: name,
      AutoScalingGroupName: name,
      LifecycleHookName: name,
      EC2InstanceId: instanceId,
      LifecycleTransition: oneOf([transition]),
      Origin: v.optional(name),
      Destination: v.optional(name),
    }),
  };
}

const LAUNCH = entriesOf('autoscaling:EC2_INSTANCE_LAUNCHING');
const TERMINATE = entriesOf('autoscaling:EC2_INSTANCE_TERMINATING');

/**
 * "Amazon EC2 Auto Scaling event reference". Sent only by groups that have lifecycle hooks.
 *
 * ```json
 * {"version":"0","id":"12345678-1234-1234-1234-123456789012","detail-type":"EC2 Instance-terminate Lifecycle Action",
 *  "source":"aws.autoscaling","account":"123456789012","time":"2026-11-21T08:00:00Z","region":"us-west-2",
 *  "resources":["arn:aws:autoscaling:us-west-2:123456789012:autoScalingGroup:<uuid>:autoScalingGroupName/my-asg"],
 *  "detail":{"LifecycleActionToken":"87654321-4321-4321-4321-210987654321","AutoScalingGroupName":"my-asg",
 *   "LifecycleHookName":"my-lifecycle-hook","EC2InstanceId":"i-1234567890abcdef0",
 *   "LifecycleTransition":"autoscaling:EC2_INSTANCE_TERMINATING","NotificationMetadata":"additional-info",
 *   "Origin":"AutoScalingGroup","Destination":"EC2"}}
 * ```
 */
export function parseTerminateAction(body: unknown): LifecycleAction {
  return lifecycleAction('terminating', readEvent(TERMINATE_ACTION, TERMINATE, body));
}

/** As `parseTerminateAction`: `EC2_INSTANCE_LAUNCHING`, from `EC2` or `WarmPool` to `AutoScalingGroup` or `WarmPool`. */
export function parseLaunchAction(body: unknown): LifecycleAction {
  return lifecycleAction('launching', readEvent(LAUNCH_ACTION, LAUNCH, body));
}

function lifecycleAction(
  transition: LifecycleAction['transition'],
  { origin, event: { detail } }: ReturnType<typeof readEvent<ReturnType<typeof entriesOf>>>,
): LifecycleAction {
  return {
    kind: 'lifecycle',
    transition,
    instanceId: detail.EC2InstanceId,
    token: detail.LifecycleActionToken,
    group: detail.AutoScalingGroupName,
    hook: detail.LifecycleHookName,
    ...(detail.Origin === undefined ? {} : { origin: detail.Origin }),
    ...(detail.Destination === undefined ? {} : { destination: detail.Destination }),
    ...origin,
  };
}
