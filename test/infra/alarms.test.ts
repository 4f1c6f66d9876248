import { access } from 'node:fs/promises';
import { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { ALARMS, type AlarmName, runbookOf } from '../../lib/infra/alarms.ts';
import type { MonitoringProps } from '../../lib/infra/monitoring.ts';
import { RolecallStack } from '../../lib/infra/rolecall-stack.ts';
import { EXISTING_ZONES, newApp, resource, resources, stackIn, synthesize } from './synthesized.ts';

/** By default, and with every alarm. */
let template: Template;
let full: Template;
beforeAll(async () => {
  template = await synthesize();
  const monitoring = { alarms: true };
  full = Template.fromStack(new RolecallStack(newApp(), 'Rolecall', { configuration: EXISTING_ZONES, monitoring }));
});

async function alarmsWith(monitoring: MonitoringProps): Promise<string[]> {
  await stackIn(newApp(), EXISTING_ZONES);
  const stack = new RolecallStack(newApp(), 'Rolecall', { configuration: EXISTING_ZONES, monitoring });
  return [...resources(Template.fromStack(stack), 'AWS::CloudWatch::Alarm').keys()]
    .map((id) => id.replace(/^RolecallAlarms|[0-9A-F]{8}$/g, ''))
    .sort();
}

describe('the alarms', () => {
  it.each([
    ['SweepStale', 'SweepsCompleted', 'Sum', 5, 'LessThanThreshold', 'breaching'],
    ['SweepIncomplete', 'SweepFailures', 'Maximum', 5, 'GreaterThanOrEqualToThreshold', 'notBreaching'],
    ['Conflict', 'StandingConflicts', 'Maximum', 2, 'GreaterThanOrEqualToThreshold', 'ignore'],
    ['Rejected', 'StandingRejections', 'Maximum', 2, 'GreaterThanOrEqualToThreshold', 'ignore'],
    ['PoolEmpty', 'PoolsEmpty', 'Maximum', 2, 'GreaterThanOrEqualToThreshold', 'ignore'],
    ['PoolTooSmall', 'PoolsTooSmall', 'Maximum', 2, 'GreaterThanOrEqualToThreshold', 'ignore'],
    ['ZoneLost', 'ZonesLost', 'Maximum', 2, 'GreaterThanOrEqualToThreshold', 'ignore'],
    ['NoHealthCheck', 'HealthChecksMissing', 'Maximum', 2, 'GreaterThanOrEqualToThreshold', 'ignore'],
    ['DrainOverdue', 'DrainsOverdue', 'Maximum', 2, 'GreaterThanOrEqualToThreshold', 'ignore'],
    ['RemovedAsAbsent', 'RemovedAsAbsent', 'Sum', 1, 'GreaterThanOrEqualToThreshold', 'notBreaching'],
  ])('%s watches %s', (name, metric, statistic, periods, comparison, missing) => {
    expect(resource(full, 'AWS::CloudWatch::Alarm', `RolecallAlarms${name}`).Properties).toMatchObject({
      Namespace: 'Rolecall',
      MetricName: metric,
      Dimensions: [{ Name: 'service', Value: { Ref: 'AWS::StackName' } }],
      Statistic: statistic,
      Period: 60,
      EvaluationPeriods: periods,
      Threshold: 1,
      ComparisonOperator: comparison,
      TreatMissingData: missing,
    });
  });

  it.each(Object.keys(ALARMS) as AlarmName[])('%s has a runbook, named in its description', async (name) => {
    await access(new URL(`../../docs/runbooks/${runbookOf(name)}`, import.meta.url));
    const named = [...resources(full, 'AWS::CloudWatch::Alarm').values()].filter(({ Properties }) =>
      String(Properties['AlarmDescription']).endsWith(`/docs/runbooks/${runbookOf(name)}`),
    );
    expect(named).toHaveLength(name === 'DeadLetters' ? 3 : 1);
  });

  it('tell nobody unless they are given somebody', async () => {
    for (const { Properties } of resources(template, 'AWS::CloudWatch::Alarm').values())
      expect(Properties).not.toHaveProperty('AlarmActions');
    const stack = await stackIn(newApp(), EXISTING_ZONES);
    stack.rolecall.alarms.tell('arn:aws:sns:us-east-1:123456789012:ops');
    const told = [...resources(Template.fromStack(stack), 'AWS::CloudWatch::Alarm').values()];
    expect(told).toHaveLength(12);
    for (const { Properties } of told)
      expect(Properties['AlarmActions']).toEqual(['arn:aws:sns:us-east-1:123456789012:ops']);
  });

  it('can be switched off, all or each', async () => {
    expect(await alarmsWith({ alarms: false })).toEqual([]);
    const all = await alarmsWith({});
    expect(await alarmsWith({ alarms: { Conflict: false } })).toEqual(all.filter((name) => name !== 'Conflict'));
  });

  it('are all but that of a pool with standbys, unless that is asked for', async () => {
    const all = await alarmsWith({ alarms: true });
    expect(all).toContain('PoolTooSmall');
    expect(await alarmsWith({})).toEqual(all.filter((name) => name !== 'PoolTooSmall'));
    expect(await alarmsWith({ alarms: { PoolTooSmall: true } })).toEqual(all);
  });

  it('are the dead letters’ alone where there are no metrics, and then no Lambda writes any', async () => {
    expect(await alarmsWith({ metrics: false })).toEqual(['EventsDeadLetters', 'LaterDeadLetters', 'WorkDeadLetters']);
    const stack = new RolecallStack(newApp(), 'Rolecall', {
      configuration: EXISTING_ZONES,
      monitoring: { metrics: false },
    });
    for (const { Properties } of resources(Template.fromStack(stack), 'AWS::Lambda::Function').values())
      expect(Properties['Environment']).not.toHaveProperty('Variables.METRICS_SERVICE');
  });
});
