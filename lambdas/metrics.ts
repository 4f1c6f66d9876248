import { Metrics } from '@aws-lambda-powertools/metrics';
import { METRICS, type Measurement } from '../lib/model/measurement.ts';
import { measurementsOf } from '../lib/reconcile/measurements.ts';
import type { Log } from '../lib/reconcile/ports.ts';
import type { Runtime } from './runtime.ts';

export const NAMESPACE = 'Rolecall';
const ALL_ROLES = '';

type Invoke<Event, Context, Result> = (event: Event, context?: Context) => Promise<Result>;

/**
 * A handler whose measurements, and what its journal tells, are written at the end of each invocation, in CloudWatch's
 * embedded metric format: one line for each role ("Embedding metrics within logs", Amazon CloudWatch User Guide).
 *
 * @param service Tells installations apart in CloudWatch; undefined: nothing is written.
 */
export function metered<Event, Context, Result>(
  runtime: Runtime,
  service: string | undefined,
  create: (runtime: Runtime) => Invoke<Event, Context, Result>,
): Invoke<Event, Context, Result> {
  if (service === undefined) return create(runtime);
  const pending: Measurement[] = [];
  const handler = create({ ...runtime, log: collecting(runtime.log, pending) });
  return async (event, context) => {
    try {
      return await handler(event, context);
    } finally {
      publish(pending.splice(0), service);
    }
  };
}

function collecting(log: Log, pending: Measurement[]): Log {
  return {
    ...log,
    journal: (entry) => {
      pending.push(...measurementsOf(entry));
      log.journal(entry);
    },
    measure: (measurements) => {
      pending.push(...measurements);
      log.measure(measurements);
    },
  };
}

function publish(measurements: readonly Measurement[], service: string): void {
  const byRole = new Map<string, Metrics>();
  for (const { name, value, role = ALL_ROLES } of measurements) {
    const metrics = byRole.get(role) ?? metricsOf(service, role);
    byRole.set(role, metrics);
    metrics.addMetric(name, METRICS[name], value);
  }
  for (const metrics of byRole.values()) metrics.publishStoredMetrics();
}

function metricsOf(serviceName: string, role: string): Metrics {
  return new Metrics({
    namespace: NAMESPACE,
    serviceName,
    ...(role === ALL_ROLES ? {} : { defaultDimensions: { role } }),
  });
}
