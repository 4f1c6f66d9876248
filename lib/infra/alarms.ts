import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Queues } from './queues.ts';

/**
 * A message among the dead letters is work that will not be done without a person. No action is attached: who is to
 * be told is a matter of the account.
 */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, queues: Queues) {
    super(scope, id);
    for (const queue of [queues.eventsDeadLetters, queues.workDeadLetters, queues.laterDeadLetters]) {
      new cloudwatch.Alarm(this, queue.node.id, {
        alarmDescription: 'Rolecall could not work on a message, however often it tried; see the log of its Lambda.',
        metric: queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'Maximum' }),
        threshold: 1,
        evaluationPeriods: 1,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      });
    }
  }
}
