import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { Route53Client } from '@aws-sdk/client-route-53';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { CorePorts, History, Log, Ports } from '../reconcile/ports.ts';
import type { Surroundings } from './surroundings.ts';
import { type ClientSettings, findTarget, type TargetAddress, type TargetFlags } from './target-address.ts';

/** The SDK's clients, each loaded and made when first asked for: loading one takes longer than most commands. */
export interface TargetClients {
  autoScaling(): Promise<AutoScalingClient>;
  cloudWatch(): Promise<CloudWatchClient>;
  dynamodb(): Promise<DynamoDBClient>;
  ec2(): Promise<EC2Client>;
  route53(): Promise<Route53Client>;
  sqs(): Promise<SQSClient>;
}

/** An open installation: its registry and queues, and AWS around it. */
export interface Target extends TargetAddress, CorePorts {
  readonly clients: TargetClients;
  readonly history: History;
  /** All that a pass needs; loads the clients of EC2 and Route 53. */
  ports(): Promise<Ports>;
}

/**
 * Finds the target and opens its registry and its work queue.
 *
 * @throws RolecallError when there is no such target; see `findTarget`.
 */
export async function openTarget(surroundings: Surroundings, flags: TargetFlags = {}): Promise<Target> {
  const address = await findTarget(surroundings, flags);
  const clients = clientsOf(address.settings);
  const [core, { createRegistry }, { createHistory }, { createWorkQueue }] = await Promise.all([
    Promise.all([clients.dynamodb(), clients.sqs()]),
    import('../aws/registry.ts'),
    import('../aws/registry/history.ts'),
    import('../aws/work-queue.ts'),
  ]);
  const [dynamodb, sqs] = core;
  const { clock, random } = surroundings;
  const { outputs } = address;
  const queues = { workQueueUrl: outputs.WorkQueue, laterQueueUrl: outputs.LaterQueue };
  const ports: CorePorts = {
    registry: createRegistry(dynamodb, { table: outputs.RegistryTable }, clock, random),
    queue: createWorkQueue(sqs, queues, random),
    log: logTo(surroundings),
    clock,
    random,
  };
  const history = createHistory(dynamodb, { table: outputs.RegistryTable }, clock, random);
  return { ...address, ...ports, history, clients, ports: async () => ({ ...ports, ...(await edgesOf(clients)) }) };
}

async function edgesOf(clients: TargetClients): Promise<Pick<Ports, 'compute' | 'dns'>> {
  const [ec2, route53, { createCompute }, { createDns }] = await Promise.all([
    clients.ec2(),
    clients.route53(),
    import('../aws/ec2.ts'),
    import('../aws/route53.ts'),
  ]);
  return { compute: createCompute(ec2), dns: createDns(route53) };
}

/** What is decided goes to the journal in the registry; only what goes wrong is said here. */
function logTo({ stderr }: Surroundings): Log {
  return {
    journal: () => {},
    measure: () => {},
    error: (message, fields) => stderr(`rolecall: ${message}: ${JSON.stringify(fields)}\n`),
  };
}

function clientsOf(settings: ClientSettings): TargetClients {
  return {
    autoScaling: once(async () => new (await import('./sdk/auto-scaling.ts')).AutoScalingClient(settings)),
    cloudWatch: once(async () => new (await import('./sdk/cloudwatch.ts')).CloudWatchClient(settings)),
    dynamodb: once(async () => new (await import('./sdk/dynamodb.ts')).DynamoDBClient(settings)),
    ec2: once(async () => new (await import('./sdk/ec2.ts')).EC2Client(settings)),
    route53: once(async () => new (await import('./sdk/route53.ts')).Route53Client(settings)),
    sqs: once(async () => new (await import('./sdk/sqs.ts')).SQSClient(settings)),
  };
}

function once<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | undefined;
  return () => (made ??= make());
}

/** Said on stderr before a command's first write: no one should change another account than the one they think of. */
export function announceWrite({ stderr }: Surroundings, target: TargetAddress): void {
  stderr(`Writing to ${target.name}.\n`);
}
