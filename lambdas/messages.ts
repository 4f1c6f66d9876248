import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { type Observation, parseEvent } from '../lib/events/parse.ts';
import { InvalidInput } from '../lib/model/errors.ts';
import type { Log } from '../lib/reconcile/ports.ts';

const SHOWN_CHARACTERS = 500;

export interface Messages<Read> {
  readonly understood: readonly { readonly id: string; readonly record: SQSRecord; readonly read: Read }[];
  /** Ids of the messages that no retry will make clear; returned, they end in the dead-letter queue. */
  readonly unclear: readonly string[];
}

/** Reads each message for itself: one that cannot be understood takes no other with it. */
export function readMessages<Read>(
  records: readonly SQSRecord[],
  log: Log,
  accept: (observation: Observation) => Read,
): Messages<Read> {
  const understood: { id: string; record: SQSRecord; read: Read }[] = [];
  const unclear: string[] = [];
  for (const record of records) {
    try {
      understood.push({ id: record.messageId, record, read: accept(parseEvent(JSON.parse(record.body))) });
    } catch (error) {
      if (!(error instanceof InvalidInput) && !(error instanceof SyntaxError)) throw error;
      unclear.push(record.messageId);
      log.error('a message cannot be understood; it goes to the dead-letter queue', {
        messageId: record.messageId,
        reason: error.message,
        body: record.body.slice(0, SHOWN_CHARACTERS),
      });
    }
  }
  return { understood, unclear };
}

export function failures(ids: readonly string[]): SQSBatchResponse {
  return { batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) };
}
