import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { conformanceClients, exceptFor, freshName } from './endpoint.ts';

const { cloudwatch } = conformanceClients();

async function put(AlarmName: string): Promise<void> {
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName,
      Namespace: 'AWS/EC2',
      MetricName: 'StatusCheckFailed',
      Dimensions: [{ Name: 'InstanceId', Value: 'i-0123456789abcdef0' }],
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 2,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    }),
  );
}

async function set(AlarmName: string, StateValue: 'OK' | 'ALARM'): Promise<void> {
  await cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'a test' }));
}

// "PutMetricAlarm", "DescribeAlarms", "SetAlarmState", "DeleteAlarms" (Amazon CloudWatch API Reference)
describe('CloudWatch alarms', () => {
  it('are listed by prefix, with their dimensions', async () => {
    const prefix = freshName('web');
    for (const name of [`${prefix}-1`, `${prefix}-2`, freshName('other')]) await put(name);
    const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix: prefix }));
    expect(MetricAlarms?.map(({ AlarmName, Dimensions }) => [AlarmName, Dimensions])).toEqual([
      [`${prefix}-1`, [{ Name: 'InstanceId', Value: 'i-0123456789abcdef0' }]],
      [`${prefix}-2`, [{ Name: 'InstanceId', Value: 'i-0123456789abcdef0' }]],
    ]);
  });

  it(
    'are listed by prefix and state together',
    exceptFor('moto', 'heeds the prefix alone where both are given', async () => {
      const prefix = freshName('web');
      for (const name of [`${prefix}-1`, `${prefix}-2`]) await put(name);
      await set(`${prefix}-2`, 'ALARM');
      const ask = { AlarmNamePrefix: prefix, StateValue: 'ALARM' } as const;
      const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand(ask));
      expect(MetricAlarms?.map(({ AlarmName }) => AlarmName)).toEqual([`${prefix}-2`]);
    }),
  );

  it(
    'begin without data',
    exceptFor('moto', 'begins them as OK', async () => {
      const name = freshName('fresh');
      await put(name);
      const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
      expect(MetricAlarms?.map(({ StateValue }) => StateValue)).toEqual(['INSUFFICIENT_DATA']);
    }),
  );

  it(
    'come in pages',
    exceptFor('moto', 'tells them all at once', async () => {
      const prefix = freshName('page');
      for (const number of [1, 2, 3]) await put(`${prefix}-${number}`);
      const ask = { AlarmNamePrefix: prefix, MaxRecords: 2 };
      const first = await cloudwatch.send(new DescribeAlarmsCommand(ask));
      expect(first.MetricAlarms).toHaveLength(2);
      const rest = await cloudwatch.send(new DescribeAlarmsCommand({ ...ask, NextToken: first.NextToken }));
      expect(rest.MetricAlarms?.map(({ AlarmName }) => AlarmName)).toEqual([`${prefix}-3`]);
      expect(rest.NextToken).toBeUndefined();
    }),
  );

  it('have no state to set, and cannot be deleted, when there are none', async () => {
    const name = freshName('none');
    await expect(set(name, 'OK')).rejects.toMatchObject({ name: expect.stringMatching(/^ResourceNotFound/) });
    await put(name);
    await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [name] }));
    const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
    expect(MetricAlarms).toEqual([]);
  });
});
