import {
  type AttributeValue,
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

export interface Transacted {
  /** Actions (not optional ones) whose conditions did not hold: where there is one, nothing was written. */
  readonly unmet: readonly Unmet[];
  /** Optional ones that were left out. */
  readonly leftOut: readonly Action[];
}

export interface Unmet {
  readonly index: number;
  /** As it is, where the action asked to see it (`ReturnValuesOnConditionCheckFailure`). */
  readonly item?: Record<string, AttributeValue>;
}

/** Writes all actions at once. Throws `ServiceFailure`. */
export async function transact(client: DynamoDBClient, clock: Clock, actions: readonly Action[]): Promise<Transacted> {
  const leftOut: Action[] = [];
  let standing = actions.map((action, index) => ({ action, index }));
  for (let attempt = 0; attempt < MAX_TRIES && standing.length > 0; attempt += 1) {
    const reasons = await send(
      client,
      standing.map(({ action }) => action.write),
    );
    if (reasons === undefined) return { unmet: [], leftOut };
    const unmet = standing.flatMap((each, place) => {
      const reason = reasons[place];
      if (reason?.Code !== 'ConditionalCheckFailed') return [];
      return [{ each, ...(reason.Item === undefined ? {} : { item: reason.Item }) }];
    });
    const binding = unmet.filter(({ each }) => each.action.optional === undefined);
    if (binding.length > 0)
      return { unmet: binding.map(({ each, ...rest }) => ({ index: each.index, ...rest })), leftOut };
    const left = new Set(unmet.map(({ each }) => each));
    leftOut.push(...[...left].map(({ action }) => action));
    standing = standing.filter((each) => !left.has(each));
    if (unmet.length === 0) await clock.sleep(10 * 2 ** attempt);
  }
  if (standing.length === 0) return { unmet: [], leftOut };
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
