import type { EC2Client } from '@aws-sdk/client-ec2';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { createCompute } from '../lib/aws/ec2.ts';
import { parseEvent } from '../lib/events/parse.ts';
import { InvalidInput } from '../lib/model/errors.ts';
import { observe, type Received } from '../lib/reconcile/observe.ts';
import type { ComputePorts } from '../lib/reconcile/ports.ts';
import type { Settings } from './environment.ts';
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
    const failed: string[] = [];
    const messages = event.Records.flatMap((record) => {
      const message = read(record, runtime);
      if (message === undefined) failed.push(record.messageId);
      return message ?? [];
    });
    failed.push(...(await observeAll(messages, ports)));
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

function read(record: SQSRecord, { clock, log }: Runtime): Message | undefined {
  try {
    const sentAtMs = Number(record.attributes?.SentTimestamp);
    return {
      id: record.messageId,
      observation: parseEvent(JSON.parse(record.body)),
      sentAtMs: Number.isFinite(sentAtMs) && sentAtMs > 0 ? sentAtMs : clock.now(),
    };
  } catch (error) {
    if (!(error instanceof InvalidInput) && !(error instanceof SyntaxError)) throw error;
    log.error('a message cannot be understood; it goes to the dead-letter queue', {
      messageId: record.messageId,
      reason: error.message,
      body: record.body.slice(0, 500),
    });
    return undefined;
  }
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
