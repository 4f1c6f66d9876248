import * as v from 'valibot';
import { INSTANCE_STATES } from '../model/instance.ts';
import { readEvent } from './envelope.ts';
import type { InstanceStateChange } from './observation.ts';
import { instanceId, oneOf } from './shape.ts';

export const INSTANCE_STATE_CHANGE = 'EC2 Instance State-change Notification';

const ENTRIES = { detail: v.object({ 'instance-id': instanceId, state: oneOf(INSTANCE_STATES) }) };

/**
 * "Detect and respond to EC2 instance state changes using EventBridge", Amazon EC2 User Guide. It tells the state and
 * nothing else: no address, no tag, no reason.
 *
 * ```json
 * {"version":"0","id":"7bf73129-1428-4cd3-a780-95db273d1602","detail-type":"EC2 Instance State-change Notification",
 *  "source":"aws.ec2","account":"123456789012","time":"2021-11-11T21:29:54Z","region":"us-east-1",
 *  "resources":["arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111"],
 *  "detail":{"instance-id":"i-abcd1111","state":"pending"}}
 * ```
 */
export function parseInstanceStateChange(body: unknown): InstanceStateChange {
  const { origin, event } = readEvent(INSTANCE_STATE_CHANGE, ENTRIES, body);
  return { kind: 'instance-state', instanceId: event.detail['instance-id'], state: event.detail.state, ...origin };
}
