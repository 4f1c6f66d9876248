import * as v from 'valibot';
import { readEvent } from './envelope.ts';
import type { AlarmChange } from './observation.ts';
import { isInstanceId, name, oneOf } from './shape.ts';

export const ALARM_CHANGE = 'CloudWatch Alarm State Change';

const METRIC = v.object({
  metricStat: v.optional(
    v.object({ metric: v.object({ dimensions: v.optional(v.record(v.string(), v.string('a text')), {}) }) }),
  ),
});

const ENTRIES = {
  detail: v.object({
    alarmName: name,
    state: v.object({ value: oneOf(['OK', 'ALARM', 'INSUFFICIENT_DATA']) }),
    configuration: v.optional(v.object({ metrics: v.optional(v.array(METRIC, 'a list of metrics'), []) }), {}),
  }),
};

/**
 * "Alarm events and EventBridge", Amazon CloudWatch User Guide. An entry that computes from others has no `metricStat`,
 * a composite alarm has no `metrics`.
 *
 * ```json
 * {"version":"0","id":"c4c1c1c9-6542-e61b-6ef0-8c4d36933a92","detail-type":"CloudWatch Alarm State Change",
 *  "source":"aws.cloudwatch","account":"123456789012","time":"2019-10-02T17:04:40Z","region":"us-east-1",
 *  "resources":["arn:aws:cloudwatch:us-east-1:123456789012:alarm:ServerCpuTooHigh"],
 *  "detail":{"alarmName":"ServerCpuTooHigh","configuration":{"metrics":[{"id":"30b6c6b2-a864-43a2-4877-c09a1afc3b87",
 *   "metricStat":{"metric":{"dimensions":{"InstanceId":"i-12345678901234567"},"name":"CPUUtilization",
 *   "namespace":"AWS/EC2"},"period":300,"stat":"Average"},"returnData":true}]},
 *   "previousState":{"value":"OK"},"state":{"value":"ALARM"}}}
 * ```
 */
export function parseAlarmChange(body: unknown): AlarmChange {
  const { origin, event } = readEvent(ALARM_CHANGE, ENTRIES, body);
  const { alarmName, configuration, state } = event.detail;
  const ids = configuration.metrics.flatMap(({ metricStat }) => metricStat?.metric.dimensions['InstanceId'] ?? []);
  return {
    kind: 'alarm',
    alarmName,
    instanceIds: [...new Set(ids)].filter(isInstanceId),
    state: state.value,
    ...origin,
  };
}
