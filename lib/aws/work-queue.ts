import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Random } from '../model/clock.ts';
import { ServiceFailure } from '../model/errors.ts';
import type { WakeUp, WorkQueue } from '../reconcile/ports.ts';
import { failureOf, kindOfCode } from './error-codes.ts';

/** "You can use SendMessageBatch to send up to 10 messages" (Amazon SQS API Reference). */
const ENTRIES_PER_BATCH = 10;
/** "Valid values: 0 to 900" (SendMessage, Amazon SQS API Reference). */
const MAX_DELAY_SECONDS = 900;

export interface WorkQueueSettings {
  readonly workQueueUrl: string;
  readonly laterQueueUrl: string;
}

/** The two queues that Rolecall's Lambdas send to. Every method may throw `ServiceFailure`. */
export function createWorkQueue(client: SQSClient, settings: WorkQueueSettings, random: Random): WorkQueue {
  const sendLater = async (MessageBody: string, DelaySeconds?: number): Promise<void> => {
    try {
      await client.send(new SendMessageCommand({ QueueUrl: settings.laterQueueUrl, MessageBody, DelaySeconds }));
    } catch (error) {
      throw failureOf(error);
    }
  };
  return {
    wake: async (wakeUps) => {
      const entries = onePerGroup(wakeUps).map((wakeUp) => entryOf(wakeUp, random));
      const failures: ServiceFailure[] = [];
      for (let first = 0; first < entries.length; first += ENTRIES_PER_BATCH) {
        const part = entries.slice(first, first + ENTRIES_PER_BATCH);
        failures.push(...(await sendTwice(client, settings.workQueueUrl, part)));
      }
      if (failures[0] !== undefined) throw failures[0];
    },
    later: async (message, delaySeconds) => {
      const DelaySeconds = Math.min(MAX_DELAY_SECONDS, Math.max(0, Math.ceil(delaySeconds)));
      await sendLater(JSON.stringify(message), DelaySeconds);
    },
    putAside: async (body) => await sendLater(body),
  };
}

/** Of several wake-ups of a group the one with the fewest attempts: no urgent work inherits another's back-off. */
function onePerGroup(wakeUps: readonly WakeUp[]): WakeUp[] {
  const byGroup = new Map<string, WakeUp>();
  for (const wakeUp of wakeUps) {
    const other = byGroup.get(wakeUp.group);
    if (other === undefined || wakeUp.attempt < other.attempt) byGroup.set(wakeUp.group, wakeUp);
  }
  return [...byGroup.values()];
}

/** A fresh deduplication id: the same wake-up twice within five minutes is new work each time. */
function entryOf({ kind, group, attempt }: WakeUp, random: Random): SendMessageBatchRequestEntry {
  return {
    Id: random.id(),
    MessageBody: JSON.stringify({ kind, group, attempt }),
    MessageGroupId: group,
    MessageDeduplicationId: random.id(),
  };
}

/** Entries of a batch fail one by one; those are sent once more, under their ids. A part's failure stops no other part. */
async function sendTwice(
  client: SQSClient,
  url: string,
  part: readonly SendMessageBatchRequestEntry[],
): Promise<ServiceFailure[]> {
  try {
    const failed = await send(client, url, part);
    if (failed.length === 0) return [];
    const again = await send(
      client,
      url,
      failed.map(({ entry }) => entry),
    );
    return again.map(({ failure }) => failure);
  } catch (error) {
    return [failureOf(error)];
  }
}

interface Unsent {
  readonly entry: SendMessageBatchRequestEntry;
  readonly failure: ServiceFailure;
}

async function send(
  client: SQSClient,
  url: string,
  entries: readonly SendMessageBatchRequestEntry[],
): Promise<Unsent[]> {
  const answer = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: [...entries] }));
  const sent = new Set(answer.Successful?.map(({ Id }) => Id));
  return entries
    .filter(({ Id }) => !sent.has(Id))
    .map((entry) => {
      const said = answer.Failed?.find(({ Id }) => Id === entry.Id);
      const kind = kindOfCode(said?.Code ?? '') ?? (said?.SenderFault === true ? 'invalid' : 'unavailable');
      const group = entry.MessageGroupId;
      return {
        entry,
        failure: new ServiceFailure(kind, `SQS did not take the wake-up of ${group}: ${said?.Code} ${said?.Message}`),
      };
    });
}
