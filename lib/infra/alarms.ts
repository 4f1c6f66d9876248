import { Aws, Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { MetricName } from '../model/measurement.ts';
import { METRICS_NAMESPACE } from './monitoring.ts';
import type { Queues } from './queues.ts';

/** What needs a person: the alarms, by name. Each has a runbook of the same name in kebab case. */
export const ALARMS = {
  DeadLetters: 'Rolecall could not work on a message, however often it tried.',
  SweepStale: 'No full pass has been completed for five minutes: what no event tells goes unnoticed.',
  SweepIncomplete: 'A part of the full pass has failed for five minutes: EC2, Route 53 or DynamoDB refuses a read.',
  Conflict: 'A record that Rolecall should write belongs to someone else.',
  Rejected: 'Route 53 refuses a record set for a reason that could not be seen.',
  PoolEmpty: 'A role has a pool without any Elastic IP.',
  PoolTooSmall: 'A role has more members in service than its pool has Elastic IPs: the others stand by.',
  ZoneLost: 'Route 53 refuses a whole zone: it is gone, or the permission is.',
  NoHealthCheck: 'Members are published without the Route 53 health check that their role asks for.',
  DrainOverdue: 'A drain has not ended an hour after it could have.',
  RemovedAsAbsent:
    'Records were removed because EC2 stopped listing their instances, without any word that these were terminated.',
} as const;

export type AlarmName = keyof typeof ALARMS;

export interface AlarmsProps {
  readonly queues: Queues;
  /** False: without this alarm. */
  readonly enabled: (name: AlarmName) => boolean;
  /** Whether the Lambdas write metrics: without them, only the dead letters are watched. */
  readonly hasMetrics: boolean;
  readonly actions: readonly cloudwatch.IAlarmAction[];
  /** Where the runbooks are, without a slash at the end. */
  readonly runbooks: string;
}

type Rule = Pick<cloudwatch.AlarmProps, 'threshold' | 'evaluationPeriods' | 'treatMissingData'> & {
  readonly alarm: AlarmName;
  readonly metric: MetricName;
  readonly isBelow?: true;
};

const STANDING = { threshold: 1, evaluationPeriods: 2, treatMissingData: cloudwatch.TreatMissingData.IGNORE } as const;
const FIVE_MINUTES = { threshold: 1, evaluationPeriods: 5 } as const;

/** By the sweep's metrics of each minute. What stands is not ended by a sweep that could not look. */
const RULES: readonly Rule[] = [
  {
    alarm: 'SweepStale',
    metric: 'SweepsCompleted',
    isBelow: true,
    ...FIVE_MINUTES,
    treatMissingData: cloudwatch.TreatMissingData.BREACHING,
  },
  {
    alarm: 'SweepIncomplete',
    metric: 'SweepFailures',
    ...FIVE_MINUTES,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  },
  { alarm: 'Conflict', metric: 'StandingConflicts', ...STANDING },
  { alarm: 'Rejected', metric: 'StandingRejections', ...STANDING },
  { alarm: 'PoolEmpty', metric: 'PoolsEmpty', ...STANDING },
  { alarm: 'PoolTooSmall', metric: 'PoolsTooSmall', ...STANDING },
  { alarm: 'ZoneLost', metric: 'ZonesLost', ...STANDING },
  { alarm: 'NoHealthCheck', metric: 'HealthChecksMissing', ...STANDING },
  { alarm: 'DrainOverdue', metric: 'DrainsOverdue', ...STANDING },
  {
    alarm: 'RemovedAsAbsent',
    metric: 'RemovedAsAbsent',
    threshold: 1,
    evaluationPeriods: 1,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  },
];

/** An alarm for each thing that will not come right without a person, with the runbook in its description. */
export class Alarms extends Construct {
  readonly #props: AlarmsProps;
  readonly #alarms: cloudwatch.Alarm[] = [];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.#props = props;
    if (props.enabled('DeadLetters')) this.watchDeadLetters();
    if (!props.hasMetrics) return;
    for (const rule of RULES) if (props.enabled(rule.alarm)) this.watch(rule);
  }

  /** Tells an SNS topic of every alarm. */
  tell(topicArn: string): void {
    const action: cloudwatch.IAlarmAction = { bind: () => ({ alarmActionArn: topicArn }) };
    for (const alarm of this.#alarms) alarm.addAlarmAction(action);
  }

  private watchDeadLetters(): void {
    const { eventsDeadLetters, workDeadLetters, laterDeadLetters } = this.#props.queues;
    for (const queue of [eventsDeadLetters, workDeadLetters, laterDeadLetters]) {
      this.add(queue.node.id, 'DeadLetters', {
        metric: queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'Maximum' }),
        threshold: 1,
        evaluationPeriods: 1,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      });
    }
  }

  private watch({ alarm, metric, isBelow, ...rule }: Rule): void {
    this.add(alarm, alarm, {
      ...rule,
      metric: new cloudwatch.Metric({
        namespace: METRICS_NAMESPACE,
        metricName: metric,
        dimensionsMap: { service: Aws.STACK_NAME },
        period: Duration.minutes(1),
        statistic: metric === 'SweepsCompleted' || metric === 'RemovedAsAbsent' ? 'Sum' : 'Maximum',
      }),
      comparisonOperator:
        isBelow === true
          ? cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
          : cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    });
  }

  private add(id: string, name: AlarmName, props: Omit<cloudwatch.AlarmProps, 'alarmDescription'>): void {
    const alarmDescription = `${ALARMS[name]} What to do: ${this.#props.runbooks}/${runbookOf(name)}`;
    const alarm = new cloudwatch.Alarm(this, id, { ...props, alarmDescription });
    alarm.addAlarmAction(...this.#props.actions);
    this.#alarms.push(alarm);
  }
}

/** `PoolTooSmall` has `pool-too-small.md`. */
export function runbookOf(name: AlarmName): string {
  return `${name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()}.md`;
}
