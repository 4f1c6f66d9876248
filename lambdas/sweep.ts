import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { Route53Client } from '@aws-sdk/client-route-53';
import { readAlarms } from '../lib/aws/cloudwatch.ts';
import { createCompute } from '../lib/aws/ec2.ts';
import { listHealthChecks } from '../lib/aws/health-check-list.ts';
import { readStatuses } from '../lib/aws/instance-status.ts';
import { createDns } from '../lib/aws/route53.ts';
import type { SweepPorts } from '../lib/reconcile/ports.ts';
import { type SweepOutcome, sweep } from '../lib/reconcile/sweep.ts';
import type { Settings } from './environment.ts';
import { type CoreClients, corePorts } from './ports.ts';
import type { Runtime } from './runtime.ts';

type Clients = CoreClients & {
  readonly cloudwatch: CloudWatchClient;
  readonly ec2: EC2Client;
  readonly route53: Route53Client;
};

/** λ sweep: each minute, everything that no event told. */
export function createHandler(settings: Settings, clients: Clients, runtime: Runtime) {
  const ports: SweepPorts = {
    ...corePorts(settings, clients, runtime),
    compute: createCompute(clients.ec2),
    dns: createDns(clients.route53),
    health: {
      statuses: () => readStatuses(clients.ec2),
      inAlarm: (prefix) => readAlarms(clients.cloudwatch, prefix),
      checks: () => listHealthChecks(clients.route53),
    },
  };
  return async (_event: unknown): Promise<SweepOutcome> => await sweep(ports);
}
