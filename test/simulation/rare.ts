/** What a long run must have met, each at least once: else it has proved less than it seems. */
export const RARE: readonly string[] = [
  'Observe killed',
  'Reconcile killed',
  'Sweep killed',
  'Observe frozen',
  'Reconcile frozen',
  'Sweep frozen',
  'call slow',
  'dynamodb throttle',
  'dynamodb error-after',
  'dynamodb timeout-after',
  'ec2 error-before',
  'ec2 timeout-after',
  'route53 throttle',
  'route53 error-after',
  'route53 timeout-before',
  'route53 timeout-after',
  'sqs error-before',
  'sqs timeout-after',
  'outage of dynamodb',
  'outage of ec2',
  'outage of route53',
  'outage of sqs',
  'event dropped',
  'event duplicated',
  'event late',
  'event repeated late',
  'deed forge',
  'deed hide',
  'deed lag',
  'deed pileUp',
  'deed poison',
  'deed spoilSerial',
  'deed storm',
  'address moved',
  'said change drift',
  'said change terminated',
  'said change untagged',
  'said conflict foreign-record',
  'said drift drift',
  'said moved terminated',
  'said refused not-allowed',
  'said withheld address-held',
  'said withheld no-address',
  'said withheld pool-empty',
];

/** Once so many seeds have run. */
export const RARE_AFTER_SEEDS = 1_000;

export function notMet(counts: ReadonlyMap<string, number>): readonly string[] {
  return RARE.filter((what) => !counts.has(what));
}
