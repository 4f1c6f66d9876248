import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { Route53Client } from '@aws-sdk/client-route-53';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { createHooks } from '../lib/aws/autoscaling.ts';
import { createCompute } from '../lib/aws/ec2.ts';
import { createDns } from '../lib/aws/route53.ts';
import type { Observation } from '../lib/events/parse.ts';
import { InvalidInput, ServiceFailure } from '../lib/model/errors.ts';
import type { PassPorts, WakeUp } from '../lib/reconcile/ports.ts';
import { reconcile } from '../lib/reconcile/reconcile.ts';
import type { Settings } from './environment.ts';
import { failures, readMessages } from './messages.ts';
import { type CoreClients, corePorts } from './ports.ts';
import type { Runtime } from './runtime.ts';

type Clients = CoreClients & {
  readonly autoScaling: AutoScalingClient;
  readonly ec2: EC2Client;
  readonly route53: Route53Client;
};

/** What one round may take at its end: no new one is begun with less time left. */
const RESERVE_MS = 8_000;
const TIMEOUT_MS = 20_000;

/** λ reconcile: wake-ups in, Route 53 and Elastic IPs set right. Only a group that met a fault of ours is returned. */
export function createHandler(settings: Settings, clients: Clients, runtime: Runtime) {
  const ports: PassPorts = {
    ...corePorts(settings, clients, runtime),
    compute: createCompute(clients.ec2),
    dns: createDns(clients.route53),
    hooks: createHooks(clients.autoScaling),
  };
  return async (event: SQSEvent, context?: Partial<Context>): Promise<SQSBatchResponse> => {
    const remainingMs = context?.getRemainingTimeInMillis?.() ?? TIMEOUT_MS;
    const deadlineMs = runtime.clock.now() + Math.max(0, remainingMs - RESERVE_MS);
    const { understood, unclear } = readMessages(event.Records, runtime.log, wakeUpOf);
    const wakeUps = understood.map(({ read }) => read);
    const failedGroups = new Set(await reconcile(wakeUps, ports, deadlineMs));
    const failed = understood.filter(({ read }) => failedGroups.has(read.group)).map(({ id }) => id);
    const stuck = await putAside(
      event.Records.filter(({ messageId }) => unclear.includes(messageId)),
      ports,
    );
    return failures([...stuck, ...failed]);
  };
}

/**
 * A message that comes back holds up all of its group ("FIFO queue and message group ID", Amazon SQS Developer Guide): what
 * nobody can read waits for its dead letters in the other queue. Returns what could not be put there.
 */
async function putAside(records: readonly SQSRecord[], ports: PassPorts): Promise<string[]> {
  const stuck: string[] = [];
  for (const { messageId, body } of records) {
    try {
      await ports.queue.putAside(body);
    } catch (error) {
      if (!(error instanceof ServiceFailure)) throw error;
      stuck.push(messageId);
    }
  }
  return stuck;
}

function wakeUpOf(observation: Observation): WakeUp {
  if (observation.kind === 'wake') return observation;
  throw new InvalidInput(`a wake-up was expected here, not ${observation.kind}`);
}
