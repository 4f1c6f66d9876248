/** What is measured, and in what; the reference page of metrics lists them with their meaning. */
export const METRICS = {
  Changes: 'Count',
  SecondsToAccepted: 'Seconds',
  Exposure: 'Seconds',
  Conflicts: 'Count',
  Withheld: 'Count',
  RefusedClaims: 'Count',
  Drift: 'Count',
  Moves: 'Count',
  Drains: 'Count',
  RemovedAsAbsent: 'Count',
  SweepAge: 'Seconds',
  SweepsCompleted: 'Count',
  SweepFailures: 'Count',
  StandingConflicts: 'Count',
  StandingRejections: 'Count',
  StandingRefusals: 'Count',
  PoolsEmpty: 'Count',
  PoolsTooSmall: 'Count',
  ZonesLost: 'Count',
  HealthChecksMissing: 'Count',
  MembersSick: 'Count',
  DrainsOverdue: 'Count',
} as const satisfies Record<string, 'Count' | 'Seconds'>;

export type MetricName = keyof typeof METRICS;

/** One value of one metric; its unit is in `METRICS`. */
export interface Measurement {
  readonly name: MetricName;
  readonly value: number;
  /** Of metrics that are told apart by role. */
  readonly role?: string;
}
