import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** What Rolecall listens to on the default bus: EventBridge adds nothing and leaves nothing out. */
const PATTERNS: Readonly<Record<string, events.EventPattern>> = {
  InstanceEvents: {
    source: ['aws.ec2'],
    detailType: [
      'EC2 Instance State-change Notification',
      'EC2 Spot Instance Interruption Warning',
      'EC2 Instance Rebalance Recommendation',
    ],
  },
  TagChanges: {
    source: ['aws.tag'],
    detailType: ['Tag Change on Resource'],
    detail: { service: ['ec2'], 'changed-tag-keys': events.Match.prefix('rolecall:') },
  },
  LifecycleActions: {
    source: ['aws.autoscaling'],
    detailType: ['EC2 Instance-launch Lifecycle Action', 'EC2 Instance-terminate Lifecycle Action'],
  },
  HealthEvents: {
    source: ['aws.health'],
    detailType: ['AWS Health Event'],
    detail: { service: ['EC2'] },
  },
  AlarmChanges: {
    source: ['aws.cloudwatch'],
    detailType: ['CloudWatch Alarm State Change'],
  },
};

/** An event this old tells nothing that the sweep of each minute has not found. */
const MAX_EVENT_AGE = Duration.hours(1);

export interface EventRulesProps {
  readonly queue: sqs.Queue;
  readonly deadLetters: sqs.Queue;
  readonly sweep: lambda.IFunction;
}

/** The rules that bring events to the queue, and the schedule of the sweep. */
export class EventRules extends Construct {
  constructor(scope: Construct, id: string, props: EventRulesProps) {
    super(scope, id);
    const rules = Object.entries(PATTERNS).map(
      ([name, eventPattern]) =>
        new events.Rule(this, name, { eventPattern, targets: [queueTarget(props.queue, props.deadLetters)] }),
    );
    const ruleArns = rules.map((rule) => rule.ruleArn);
    admitRules(props.queue, ruleArns);
    admitRules(props.deadLetters, ruleArns);

    new events.Rule(this, 'EachMinute', {
      schedule: events.Schedule.rate(Duration.minutes(1)),
      // The next minute comes with its own sweep: a late one is worth nothing.
      targets: [new targets.LambdaFunction(props.sweep, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
  }
}

/** The queue as a target, with one policy for all rules instead of a statement for each. */
function queueTarget(queue: sqs.Queue, deadLetters: sqs.Queue): events.IRuleTarget {
  return {
    bind: () => ({
      arn: queue.queueArn,
      targetResource: queue,
      deadLetterConfig: { arn: deadLetters.queueArn },
      retryPolicy: { maximumEventAgeInSeconds: MAX_EVENT_AGE.toSeconds(), maximumRetryAttempts: 185 },
    }),
  };
}

/** "Using resource-based policies for Amazon EventBridge": the service may send, but on behalf of these rules only. */
function admitRules(queue: sqs.Queue, ruleArns: readonly string[]): void {
  queue.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'RulesOnly',
      principals: [new iam.ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': ruleArns } },
    }),
  );
}
