import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { createRegistry } from '../lib/aws/registry.ts';
import { createWorkQueue } from '../lib/aws/work-queue.ts';
import type { CorePorts } from '../lib/reconcile/ports.ts';
import type { Settings } from './environment.ts';
import type { Runtime } from './runtime.ts';

export interface CoreClients {
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
}

export function corePorts(settings: Settings, clients: CoreClients, runtime: Runtime): CorePorts {
  const { clock, random, log } = runtime;
  return {
    registry: createRegistry(clients.dynamodb, { table: settings.table }, clock, random),
    queue: createWorkQueue(clients.sqs, settings, random),
    log,
    clock,
    random,
  };
}
