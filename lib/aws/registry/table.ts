import {
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  QueryCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { Clock, Random } from '../../model/clock.ts';
import { ServiceFailure } from '../../model/errors.ts';
import { failureOf } from '../error-codes.ts';
import type { Item, Key } from './items.ts';
import { type Action, MAX_ACTIONS, transact, type Transacted } from './transaction.ts';

/** "BatchGetItem … up to 100 items" (Amazon DynamoDB API Reference). */
const BATCH_GET_KEYS = 100;
const BATCH_GET_ROUNDS = 8;

export type Update = Omit<UpdateItemCommandInput, 'TableName' | 'Key'>;

/** The table, always read consistently; every failure is a `ServiceFailure`. */
export class Table {
  readonly clock: Clock;
  readonly random: Random;
  readonly #client: DynamoDBClient;
  readonly #name: string;

  constructor(client: DynamoDBClient, name: string, clock: Clock, random: Random) {
    this.#client = client;
    this.#name = name;
    this.clock = clock;
    this.random = random;
  }

  async read(itemKey: Key): Promise<Item | undefined> {
    const command = new GetItemCommand({ TableName: this.#name, Key: { ...itemKey }, ConsistentRead: true });
    return (await answered(this.#client.send(command))).Item;
  }

  async readAll(keys: readonly Key[]): Promise<Item[]> {
    const found: Item[] = [];
    for (let first = 0; first < keys.length; first += BATCH_GET_KEYS) {
      let wanted: Item[] = keys.slice(first, first + BATCH_GET_KEYS).map((each) => ({ ...each }));
      for (let round = 0; wanted.length > 0; round += 1) {
        if (round === BATCH_GET_ROUNDS) {
          throw new ServiceFailure('throttled', 'DynamoDB left keys of a BatchGetItem unprocessed');
        }
        const RequestItems = { [this.#name]: { Keys: wanted, ConsistentRead: true } };
        const answer: BatchGetItemCommandOutput = await answered(
          this.#client.send(new BatchGetItemCommand({ RequestItems })),
        );
        found.push(...(answer.Responses?.[this.#name] ?? []));
        wanted = answer.UnprocessedKeys?.[this.#name]?.Keys ?? [];
      }
    }
    return found;
  }

  async query(
    pk: string,
    range?: { readonly condition: string; readonly values: Record<string, { S: string }> },
    newest: number = Number.POSITIVE_INFINITY,
  ): Promise<Item[]> {
    const found: Item[] = [];
    const isLimited = newest !== Number.POSITIVE_INFINITY;
    const pages = paginateQuery(
      { client: this.#client },
      {
        TableName: this.#name,
        ConsistentRead: true,
        KeyConditionExpression: range === undefined ? '#pk = :pk' : `#pk = :pk AND ${range.condition}`,
        ExpressionAttributeNames: { '#pk': 'pk', ...(range === undefined ? {} : { '#sk': 'sk' }) },
        ExpressionAttributeValues: { ':pk': { S: pk }, ...range?.values },
        ...(isLimited ? { ScanIndexForward: false } : {}),
      },
    );
    try {
      for await (const page of pages) {
        found.push(...(page.Items ?? []));
        if (found.length >= newest) break;
      }
    } catch (error) {
      throw failureOf(error);
    }
    return isLimited ? found.slice(0, newest).reverse() : found;
  }

  /** The first items of a partition, so many at most, and whether these are all. */
  async first(pk: string, limit: number): Promise<{ readonly found: readonly Item[]; readonly isAll: boolean }> {
    const command = new QueryCommand({
      TableName: this.#name,
      ConsistentRead: true,
      KeyConditionExpression: '#pk = :pk',
      ExpressionAttributeNames: { '#pk': 'pk' },
      ExpressionAttributeValues: { ':pk': { S: pk } },
      Limit: limit,
    });
    const { Items: found = [], LastEvaluatedKey } = await answered(this.#client.send(command));
    return { found, isAll: LastEvaluatedKey === undefined };
  }

  async write(item: Item): Promise<void> {
    await answered(this.#client.send(new PutItemCommand({ TableName: this.#name, Item: item })));
  }

  /** The item as it is then. Throws `ServiceFailure` of kind `conflict` where the condition does not hold. */
  async change(itemKey: Key, update: Update): Promise<Item> {
    const input = { TableName: this.#name, Key: { ...itemKey }, ReturnValues: 'ALL_NEW' as const, ...update };
    const { Attributes = {} } = await answered(this.#client.send(new UpdateItemCommand(input)));
    return Attributes;
  }

  put(item: Item, condition?: Condition): Action {
    return { write: { Put: { TableName: this.#name, Item: item, ...condition } } };
  }

  delete(itemKey: Key, condition?: Condition): Action {
    return { write: { Delete: { TableName: this.#name, Key: { ...itemKey }, ...condition } } };
  }

  update(itemKey: Key, update: Update & { readonly UpdateExpression: string }): Action {
    return { write: { Update: { TableName: this.#name, Key: { ...itemKey }, ...update } } };
  }

  check(itemKey: Key, condition: Condition): Action {
    return { write: { ConditionCheck: { TableName: this.#name, Key: { ...itemKey }, ...condition } } };
  }

  /** All or none; see `transact`. */
  async transact(actions: readonly Action[]): Promise<Transacted> {
    return await transact(this.#client, this.clock, actions);
  }

  /** All or none: the indexes of those (not optional ones) whose conditions did not hold. */
  async together(actions: readonly Action[]): Promise<readonly number[]> {
    return (await this.transact(actions)).unmet.map(({ index }) => index);
  }

  /** For writes that need not be all or none, one part after the other, until a condition does not hold. */
  async inParts(actions: readonly Action[]): Promise<Transacted> {
    const leftOut: Action[] = [];
    for (let first = 0; first < actions.length; first += MAX_ACTIONS) {
      const done = await this.transact(actions.slice(first, first + MAX_ACTIONS));
      leftOut.push(...done.leftOut);
      if (done.unmet.length > 0) return { unmet: done.unmet, leftOut };
    }
    return { unmet: [], leftOut };
  }
}

export interface Condition {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Item;
  /** The item is in the answer where the condition does not hold. */
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD';
}

/** The item is new, or still has the version that was read. */
export function atVersion(version: number): Condition {
  if (version === 0) return { ConditionExpression: 'attribute_not_exists(pk)' };
  return {
    ConditionExpression: '#version = :version',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':version': { N: String(version) } },
  };
}

async function answered<Output>(call: Promise<Output>): Promise<Output> {
  try {
    return await call;
  } catch (error) {
    throw failureOf(error);
  }
}
