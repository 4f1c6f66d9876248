import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { resource, resources, synthesize } from './synthesized.ts';

let template: Template;
beforeAll(async () => {
  template = await synthesize();
});

function arnOf(name: string): unknown {
  return { 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^RolecallQueues${name}[0-9A-F]{8}$`)), 'Arn'] };
}

describe('the queues', () => {
  it('are three with dead letters each, encrypted and named by CloudFormation', () => {
    const queues = [...resources(template, 'AWS::SQS::Queue').values()];
    expect(queues).toHaveLength(6);
    for (const { Properties } of queues) {
      expect(Properties['SqsManagedSseEnabled']).toBe(true);
      expect(Properties).not.toHaveProperty('QueueName');
    }
  });

  it.each([
    ['Events', 60, 15],
    ['Later', 60, 15],
    ['Work', 30, 5],
  ])('%s hides a message for %i s and puts it aside after %i failures', (name, visibilitySeconds, maxReceiveCount) => {
    expect(resource(template, 'AWS::SQS::Queue', `RolecallQueues${name}`).Properties).toMatchObject({
      VisibilityTimeout: visibilitySeconds,
      RedrivePolicy: { deadLetterTargetArn: arnOf(`${name}DeadLetters`), maxReceiveCount },
    });
  });

  it('keep the order of wake-ups only, and never take two of them for one', () => {
    expect(resource(template, 'AWS::SQS::Queue', 'RolecallQueuesWork').Properties).toMatchObject({
      FifoQueue: true,
      ContentBasedDeduplication: false,
    });
    expect(resource(template, 'AWS::SQS::Queue', 'RolecallQueuesWorkDeadLetters').Properties['FifoQueue']).toBe(true);
    const fifo = [...resources(template, 'AWS::SQS::Queue').values()].filter(
      ({ Properties }) => Properties['FifoQueue'],
    );
    expect(fifo).toHaveLength(2);
  });

  it('refuse what does not come over TLS', () => {
    const policies = [...resources(template, 'AWS::SQS::QueuePolicy').values()];
    expect(policies).toHaveLength(6);
    for (const { Properties } of policies) {
      expect(Properties['PolicyDocument']).toMatchObject({
        Statement: expect.arrayContaining([
          expect.objectContaining({
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 'sqs:*',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]),
      });
    }
  });
});

describe('the mappings', () => {
  it.each([
    ['Events', 'Events', 'Observe', { MaximumConcurrency: 10 }],
    ['Later', 'Later', 'Observe', { MaximumConcurrency: 2 }],
    ['Work', 'Work', 'Reconcile', undefined],
  ])('%s hands over ten at most, at once, and takes single failures back', (id, queue, target, scaling) => {
    expect(resource(template, 'AWS::Lambda::EventSourceMapping', `RolecallMappings${id}`).Properties).toEqual({
      EventSourceArn: arnOf(queue),
      FunctionName: { Ref: expect.stringMatching(new RegExp(`^RolecallFunctions${target}[0-9A-F]{8}$`)) },
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ...(scaling === undefined ? {} : { ScalingConfig: scaling }),
    });
  });

  it('are these three', () => {
    expect([...resources(template, 'AWS::Lambda::EventSourceMapping').keys()]).toHaveLength(3);
  });
});

describe('the alarms', () => {
  it.each(['Events', 'Work', 'Later'])('%s says at once that a message was put aside', (name) => {
    const deadLetters = {
      'Fn::GetAtt': [expect.stringMatching(new RegExp(`^RolecallQueues${name}DeadLetters`)), 'QueueName'],
    };
    expect(resource(template, 'AWS::CloudWatch::Alarm', `RolecallAlarms${name}DeadLetters`).Properties).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: deadLetters }],
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
  });
});
