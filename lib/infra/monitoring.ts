import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmName } from './alarms.ts';

export const METRICS_NAMESPACE = 'Rolecall';

/** Who is told of what. Nothing here changes what becomes of a record. */
export interface MonitoringProps {
  /**
   * Whether the Lambdas write CloudWatch metrics; each role has two of its own.
   *
   * @default true
   */
  readonly metrics?: boolean;

  /**
   * Which alarms there are: `true` for all, `false` for none, or each by its name. Without metrics only `DeadLetters`
   * is possible.
   *
   * @default - all but `PoolTooSmall`: a member that stands by is what makes a failover quick
   */
  readonly alarms?: boolean | Partial<Readonly<Record<AlarmName, boolean>>>;

  /**
   * What each alarm does, such as telling an SNS topic.
   *
   * @default - nothing: an alarm shows in the console only
   */
  readonly alarmActions?: readonly IAlarmAction[];

  /**
   * Where the runbooks are, for the descriptions of the alarms.
   *
   * @default - in the package: `node_modules/rolecall/docs/runbooks`
   */
  readonly runbooks?: string;
}

export const DEFAULT_RUNBOOKS = 'node_modules/rolecall/docs/runbooks';

/** Off unless asked for: a pool that is meant to have standbys is always too small. */
const OFF_BY_DEFAULT: readonly AlarmName[] = ['PoolTooSmall'];

export function isEnabled({ alarms = {} }: MonitoringProps, name: AlarmName): boolean {
  return typeof alarms === 'boolean' ? alarms : (alarms[name] ?? !OFF_BY_DEFAULT.includes(name));
}
