import * as v from 'valibot';
import { readEvent } from './envelope.ts';
import type { SpotWarning } from './observation.ts';
import { instanceId, oneOf } from './shape.ts';

export const SPOT_WARNING = 'EC2 Spot Instance Interruption Warning';

const ENTRIES = {
  detail: v.object({ 'instance-id': instanceId, 'instance-action': oneOf(['stop', 'terminate', 'hibernate']) }),
};

/**
 * "Spot Instance interruption notices", Amazon EC2 User Guide: two minutes before a stop or a termination; a
 * hibernation begins at once. The ARN has an availability zone where others have a region, so it is not read.
 *
 * ```json
 * {"version":"0","id":"12345678-1234-1234-1234-123456789012","detail-type":"EC2 Spot Instance Interruption Warning",
 *  "source":"aws.ec2","account":"123456789012","time":"2026-11-21T08:00:00Z","region":"us-east-2",
 *  "resources":["arn:aws:ec2:us-east-2a:instance/i-1234567890abcdef0"],
 *  "detail":{"instance-id":"i-1234567890abcdef0","instance-action":"terminate"}}
 * ```
 */
export function parseSpotWarning(body: unknown): SpotWarning {
  const { origin, event } = readEvent(SPOT_WARNING, ENTRIES, body);
  return {
    kind: 'spot-warning',
    instanceId: event.detail['instance-id'],
    action: event.detail['instance-action'],
    ...origin,
  };
}
