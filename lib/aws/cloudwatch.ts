import { type CloudWatchClient, type MetricAlarm, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { ServiceFailure } from '../model/errors.ts';
import type { AlarmRead } from '../reconcile/ports.ts';
import { failureOf } from './error-codes.ts';

/** The largest page of DescribeAlarms (Amazon CloudWatch API Reference). */
const PAGE_SIZE = 100;
const MAX_PAGES = 100;

/** The metric alarms with this prefix that are in ALARM, all pages or a `ServiceFailure`; an empty prefix has them all. */
export async function readAlarms(client: CloudWatchClient, prefix: string): Promise<readonly AlarmRead[]> {
  const found: AlarmRead[] = [];
  let pages = 0;
  const asked = prefix === '' ? {} : { AlarmNamePrefix: prefix };
  try {
    for await (const page of paginateDescribeAlarms(
      { client, pageSize: PAGE_SIZE },
      { ...asked, StateValue: 'ALARM', AlarmTypes: ['MetricAlarm'] },
    )) {
      found.push(...(page.MetricAlarms ?? []).flatMap(alarmOf));
      pages += 1;
      if (pages === MAX_PAGES && page.NextToken) {
        throw new ServiceFailure('invalid', `DescribeAlarms goes on after ${MAX_PAGES} pages`);
      }
    }
  } catch (error) {
    throw failureOf(error);
  }
  return found;
}

/** A metric alarm has its dimensions itself, or within the metrics that it computes from. */
function alarmOf(alarm: MetricAlarm): AlarmRead[] {
  const { AlarmName: name, StateValue, StateTransitionedTimestamp, StateUpdatedTimestamp } = alarm;
  if (!name || (StateValue !== undefined && StateValue !== 'ALARM')) return [];
  const dimensions = [
    ...(alarm.Dimensions ?? []),
    ...(alarm.Metrics ?? []).flatMap(({ MetricStat }) => MetricStat?.Metric?.Dimensions ?? []),
  ];
  const ids = dimensions.flatMap(({ Name, Value }) => (Name === 'InstanceId' && Value ? [Value] : []));
  const atMs = (StateTransitionedTimestamp ?? StateUpdatedTimestamp)?.getTime() ?? 0;
  return [{ name, instanceIds: [...new Set(ids)], atMs }];
}
