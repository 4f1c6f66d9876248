import type { AddressPolicy } from '../lib/endpoint/address.ts';
import { InvalidInput } from '../lib/model/errors.ts';

/** What a Lambda is told by its environment; where AWS is, the SDK finds out by itself. */
export interface Settings {
  readonly table: string;
  readonly workQueueUrl: string;
  readonly laterQueueUrl: string;
  /** The dimension `service` of the metrics; absent: none are written. */
  readonly metricsService?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws InvalidInput when a variable is missing, naming it. */
export function settingsFrom(environment: Environment): Settings {
  const missing = ['REGISTRY_TABLE', 'WORK_QUEUE_URL', 'LATER_QUEUE_URL'].filter((name) => !environment[name]);
  if (missing.length > 0) {
    throw new InvalidInput(
      `missing environment: ${missing.join(', ')}. The stack sets these on every function; deploy it again.`,
    );
  }
  const metricsService = environment['METRICS_SERVICE'];
  return {
    ...(metricsService === undefined || metricsService === '' ? {} : { metricsService }),
    table: environment['REGISTRY_TABLE'] ?? '',
    workQueueUrl: environment['WORK_QUEUE_URL'] ?? '',
    laterQueueUrl: environment['LATER_QUEUE_URL'] ?? '',
  };
}

/** The local account sets this, never the template: its instances have the addresses of documentation. */
export function addressPolicyFrom(environment: Environment): AddressPolicy {
  return environment['ROLECALL_ADDRESS_POLICY'] === 'documentation' ? 'documentation' : 'public';
}
