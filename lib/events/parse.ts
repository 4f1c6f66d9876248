import { ALARM_CHANGE, parseAlarmChange } from './alarm.ts';
import { headerOf } from './envelope.ts';
import { HEALTH_NOTICE, parseHealthNotice } from './health.ts';
import { INSTANCE_STATE_CHANGE, parseInstanceStateChange } from './instance-state.ts';
import { LAUNCH_ACTION, parseLaunchAction, parseTerminateAction, TERMINATE_ACTION } from './lifecycle.ts';
import type { Observation } from './observation.ts';
import { ownKind, parseOwnMessage } from './own-message.ts';
import { parseRebalanceRecommendation, REBALANCE_RECOMMENDATION } from './rebalance.ts';
import { parseSpotWarning, SPOT_WARNING } from './spot-warning.ts';
import { parseTagChange, TAG_CHANGE } from './tag-change.ts';

export type { Observation } from './observation.ts';

type Parser = (body: unknown) => Observation;

/** By source and detail-type: anyone may put an event of any detail-type on a bus, but only AWS one from `aws.…`. */
const PARSERS: ReadonlyMap<string, Parser> = new Map<string, Parser>([
  [`aws.ec2/${INSTANCE_STATE_CHANGE}`, parseInstanceStateChange],
  [`aws.ec2/${SPOT_WARNING}`, parseSpotWarning],
  [`aws.ec2/${REBALANCE_RECOMMENDATION}`, parseRebalanceRecommendation],
  [`aws.tag/${TAG_CHANGE}`, parseTagChange],
  [`aws.autoscaling/${LAUNCH_ACTION}`, parseLaunchAction],
  [`aws.autoscaling/${TERMINATE_ACTION}`, parseTerminateAction],
  [`aws.health/${HEALTH_NOTICE}`, parseHealthNotice],
  [`aws.cloudwatch/${ALARM_CHANGE}`, parseAlarmChange],
]);

/**
 * One message of the queues, parsed from its JSON: an event as EventBridge delivers it, or a message of our own.
 * @throws InvalidInput when it is neither, or an event that is known but malformed.
 */
export function parseEvent(body: unknown): Observation {
  const kind = ownKind(body);
  if (kind !== undefined) return parseOwnMessage(kind, body);
  const { detailType, source } = headerOf(body);
  const parse = PARSERS.get(`${source}/${detailType}`);
  return parse === undefined ? { kind: 'ignored', what: `${detailType} from ${source}` } : parse(body);
}
