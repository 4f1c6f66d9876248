import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { resource, resources, synthesize } from './synthesized.ts';

let template: Template;
beforeAll(async () => {
  template = await synthesize();
});

const EVENT_RULES = ['AlarmChanges', 'HealthEvents', 'InstanceEvents', 'LifecycleActions', 'TagChanges'];

describe('the rules', () => {
  it.each([
    [
      'InstanceEvents',
      {
        source: ['aws.ec2'],
        'detail-type': [
          'EC2 Instance State-change Notification',
          'EC2 Spot Instance Interruption Warning',
          'EC2 Instance Rebalance Recommendation',
        ],
      },
    ],
    [
      'TagChanges',
      {
        source: ['aws.tag'],
        'detail-type': ['Tag Change on Resource'],
        detail: { service: ['ec2'], 'changed-tag-keys': [{ prefix: 'rolecall:' }] },
      },
    ],
    [
      'LifecycleActions',
      {
        source: ['aws.autoscaling'],
        'detail-type': ['EC2 Instance-launch Lifecycle Action', 'EC2 Instance-terminate Lifecycle Action'],
      },
    ],
    ['HealthEvents', { source: ['aws.health'], 'detail-type': ['AWS Health Event'], detail: { service: ['EC2'] } }],
    ['AlarmChanges', { source: ['aws.cloudwatch'], 'detail-type': ['CloudWatch Alarm State Change'] }],
  ])('%s match', (name, pattern) => {
    expect(resource(template, 'AWS::Events::Rule', `RolecallRules${name}`).Properties['EventPattern']).toEqual(pattern);
  });

  it.each(EVENT_RULES)('%s deliver events as they are, and put aside what cannot be delivered', (name) => {
    expect(resource(template, 'AWS::Events::Rule', `RolecallRules${name}`).Properties['Targets']).toEqual([
      {
        Id: 'Target0',
        Arn: { 'Fn::GetAtt': [expect.stringMatching(/^RolecallQueuesEvents[0-9A-F]{8}$/), 'Arn'] },
        DeadLetterConfig: {
          Arn: { 'Fn::GetAtt': [expect.stringMatching(/^RolecallQueuesEventsDeadLetters[0-9A-F]{8}$/), 'Arn'] },
        },
        RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 185 },
      },
    ]);
  });

  it('sweep each minute', () => {
    expect(resource(template, 'AWS::Events::Rule', 'RolecallRulesEachMinute').Properties).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      Targets: [{ Arn: { 'Fn::GetAtt': [expect.stringMatching(/^RolecallFunctionsSweep[0-9A-F]{8}$/), 'Arn'] } }],
    });
    expect(
      [...resources(template, 'AWS::Lambda::Permission').values()].map(({ Properties }) => Properties),
    ).toMatchObject([
      {
        Principal: 'events.amazonaws.com',
        SourceArn: { 'Fn::GetAtt': [expect.stringMatching(/^RolecallRulesEachMinute[0-9A-F]{8}$/), 'Arn'] },
      },
    ]);
  });

  it('are these six', () => {
    expect(resources(template, 'AWS::Events::Rule').size).toBe(6);
  });
});

describe('the queue of events', () => {
  it.each(['Events', 'EventsDeadLetters'])('(%s) takes messages from EventBridge for these rules only', (queue) => {
    const policy = resource(template, 'AWS::SQS::QueuePolicy', `RolecallQueues${queue}Policy`);
    const { Statement } = policy.Properties['PolicyDocument'] as {
      readonly Statement: readonly Record<string, unknown>[];
    };
    const ruleIds = [...resources(template, 'AWS::Events::Rule').keys()].filter((id) => !id.includes('EachMinute'));
    expect(ruleIds).toHaveLength(5);
    expect(Statement.filter((statement) => statement['Effect'] === 'Allow')).toEqual([
      {
        Sid: 'RulesOnly',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: { 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^RolecallQueues${queue}[0-9A-F]{8}$`)), 'Arn'] },
        Condition: {
          ArnEquals: { 'aws:SourceArn': expect.toSatisfy((arns: unknown) => sameIds(arns, ruleIds)) },
        },
      },
    ]);
  });
});

function sameIds(arns: unknown, ids: readonly string[]): boolean {
  return JSON.stringify(arns) === JSON.stringify(ids.map((id) => ({ 'Fn::GetAtt': [id, 'Arn'] })));
}
