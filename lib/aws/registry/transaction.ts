import {
  type CancellationReason,
  type DynamoDBClient,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../model/clock.ts';
import { ServiceFailure } from '../../model/errors.ts';
import { failureOf } from '../error-codes.ts';

/** "TransactWriteItems … up to 100 distinct items" (Amazon DynamoDB API Reference). */
export const MAX_ACTIONS = 100;
const MAX_TRIES = 6;

export interface Action {
  readonly write: TransactWriteItem;
  /** Left out, and the rest tried again, when its condition does not hold. Without it, the whole transaction is off. */
  readonly optional?: true;
}

/**
 * Writes all actions at once. Returns the indexes of the actions (not optional ones) whose conditions did not hold:
 * then nothing was written. Throws `ServiceFailure`.
 */
export async function transact(
  client: DynamoDBClient,
  clock: Clock,
  actions: readonly Action[],
): Promise<readonly number[]> {
  let standing = actions.map((action, index) => ({ action, index }));
  for (let attempt = 0; attempt < MAX_TRIES && standing.length > 0; attempt += 1) {
    const reasons = await send(
      client,
      standing.map(({ action }) => action.write),
    );
    if (reasons === undefined) return [];
    const unmet = standing.filter((_each, place) => reasons[place]?.Code === 'ConditionalCheckFailed');
    const binding = unmet.filter(({ action }) => action.optional === undefined);
    if (binding.length > 0) return binding.map(({ index }) => index);
    const left = new Set(unmet);
    standing = standing.filter((each) => !left.has(each));
    if (unmet.length === 0) await clock.sleep(10 * 2 ** attempt);
  }
  if (standing.length === 0) return [];
  throw new ServiceFailure(
    'throttled',
    'DynamoDB cancelled a transaction several times: its items are being written by others',
  );
}

async function send(client: DynamoDBClient, writes: TransactWriteItem[]): Promise<CancellationReason[] | undefined> {
  try {
    await client.send(new TransactWriteItemsCommand({ TransactItems: writes }));
    return undefined;
  } catch (error) {
    if (error instanceof TransactionCanceledException) return error.CancellationReasons ?? [];
    throw failureOf(error);
  }
}
