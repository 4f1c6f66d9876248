import type { EC2Client } from '@aws-sdk/client-ec2';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { createCompute } from '../lib/aws/ec2.ts';
import { observe, type Received } from '../lib/reconcile/observe.ts';
import type { ComputePorts } from '../lib/reconcile/ports.ts';
import type { Settings } from './environment.ts';
import { failures, readMessages } from './messages.ts';
import { type CoreClients, corePorts } from './ports.ts';
import type { Runtime } from './runtime.ts';

type Clients = CoreClients & { readonly ec2: EC2Client };
interface Message extends Received {
  readonly id: string;
}

/** λ observe: events and delayed messages in; facts, marks and wake-ups out. Only what could not be stored is returned. */
export function createHandler(settings: Settings, clients: Clients, runtime: Runtime) {
  const ports: ComputePorts = { ...corePorts(settings, clients, runtime), compute: createCompute(clients.ec2) };
  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const { understood, unclear } = readMessages(event.Records, runtime.log, (observation) => observation);
    const messages = understood.map(
      ({ id, record, read }): Message => ({
        id,
        observation: read,
        sentAtMs: sentAt(record) ?? runtime.clock.now(),
      }),
    );
    return failures([...unclear, ...(await observeAll(messages, ports))]);
  };
}

function sentAt(record: SQSRecord): number | undefined {
  const sentAtMs = Number(record.attributes?.SentTimestamp);
  return Number.isFinite(sentAtMs) && sentAtMs > 0 ? sentAtMs : undefined;
}

/** One message that fails takes no other with it: after a failure each is tried alone. */
async function observeAll(messages: readonly Message[], ports: ComputePorts): Promise<string[]> {
  if (messages.length === 0) return [];
  try {
    await observe(messages, ports);
    return [];
  } catch (error) {
    ports.log.error('observations could not be stored', {
      messages: messages.map((message) => message.id),
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    if (messages.length === 1) return messages.map((message) => message.id);
    const failed: string[] = [];
    for (const message of messages) failed.push(...(await observeAll([message], ports)));
    return failed;
  }
}
