import * as v from 'valibot';
import { readEvent } from './envelope.ts';
import type { RebalanceRecommendation } from './observation.ts';
import { instanceId } from './shape.ts';

export const REBALANCE_RECOMMENDATION = 'EC2 Instance Rebalance Recommendation';

const ENTRIES = { detail: v.object({ 'instance-id': instanceId }) };

/**
 * "EC2 instance rebalance recommendations", Amazon EC2 User Guide: before the interruption warning, or together with it.
 *
 * ```json
 * {"version":"0","id":"12345678-1234-1234-1234-123456789012","detail-type":"EC2 Instance Rebalance Recommendation",
 *  "source":"aws.ec2","account":"123456789012","time":"2026-11-21T08:00:00Z","region":"us-east-2",
 *  "resources":["arn:aws:ec2:us-east-2:123456789012:instance/i-1234567890abcdef0"],
 *  "detail":{"instance-id":"i-1234567890abcdef0"}}
 * ```
 */
export function parseRebalanceRecommendation(body: unknown): RebalanceRecommendation {
  const { origin, event } = readEvent(REBALANCE_RECOMMENDATION, ENTRIES, body);
  return { kind: 'rebalance', instanceId: event.detail['instance-id'], ...origin };
}
