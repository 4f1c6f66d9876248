import { isDeepStrictEqual } from 'node:util';
import { type Item, sizeOfItem } from './attribute-value.ts';
import type { Database } from './database.ts';
import { DynamoDbError, invalid } from './error.ts';
import { assertParameters, type Request, requiredList, requiredRecord } from './request.ts';
import { assertNoCapacity } from './single-item.ts';
import {
  conditionHolds,
  currentItem,
  prepareConditionCheck,
  prepareDelete,
  preparePut,
  prepareUpdate,
  store,
  type Write,
} from './write.ts';

/** TransactWriteItems, Amazon DynamoDB API Reference. */
const MAX_ACTIONS = 100;
const MAX_BYTES = 4 * 1024 * 1024;

interface Reason {
  readonly Code: 'None' | 'ConditionalCheckFailed' | 'ValidationError';
  readonly Message?: string;
  readonly Item?: Item;
}

/** All of the actions, or none: every condition is judged on the items as they were before. */
export function transactWriteItems(database: Database, request: Request): Record<string, unknown> {
  assertParameters(request, 'TransactWriteItems', ['TransactItems', 'ClientRequestToken', 'ReturnConsumedCapacity']);
  assertNoCapacity(request);
  const given = requiredList(request, 'TransactItems', MAX_ACTIONS);
  const token = tokenOf(request);
  if (token !== undefined && isRepeated(database, token, given)) return {};
  const writes = given.map((action) => prepare(database, requiredRecord(action, 'TransactItems')));
  assertApart(writes);
  const results = writes.map(judge);
  if (results.some(({ reason }) => reason.Code !== 'None')) throw cancelled(results.map(({ reason }) => reason));
  assertSize(results.map(({ after }) => after));
  for (const { write, after } of results) store(write, after);
  if (token !== undefined) database.rememberToken(token, given);
  return {};
}

function tokenOf(request: Request): string | undefined {
  const token = request['ClientRequestToken'];
  if (token === undefined) return undefined;
  if (typeof token !== 'string' || token.length < 1 || token.length > 36) {
    throw invalid(
      `1 validation error detected: Value '${JSON.stringify(token)}' at 'clientRequestToken' failed to satisfy constraint: Member must have length less than or equal to 36`,
    );
  }
  return token;
}

/** Parameters are the same in whatever order a client writes their members. */
function isRepeated(database: Database, token: string, given: readonly unknown[]): boolean {
  const earlier = database.actionsOf(token);
  if (earlier !== undefined && !isDeepStrictEqual(earlier, given)) {
    throw new DynamoDbError(
      'IdempotentParameterMismatchException',
      'A request with this token was made with other parameters within the last 10 minutes',
    );
  }
  return earlier !== undefined;
}

function prepare(database: Database, action: Request): Write {
  const [entry, ...others] = Object.entries(action).filter(([, value]) => value !== undefined);
  if (entry === undefined || others.length > 0) {
    throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
  }
  const [kind, value] = entry;
  const request = requiredRecord(value, kind);
  switch (kind) {
    case 'Put':
      return preparePut(database, request, []);
    case 'Update':
      if (request['UpdateExpression'] === undefined)
        throw invalid('An Update of TransactItems needs an UpdateExpression');
      return prepareUpdate(database, request, []);
    case 'Delete':
      return prepareDelete(database, request, []);
    case 'ConditionCheck':
      return prepareConditionCheck(database, request);
    default:
      throw invalid(`TransactItems can only contain one of Check, Put, Update or Delete; not ${kind}`);
  }
}

function assertApart(writes: readonly Write[]): void {
  const identities = new Set(writes.map(({ table, key }) => `${table.name}\n${table.identityOf(key)}`));
  if (identities.size < writes.length) {
    throw invalid('Transaction request cannot include multiple operations on one item');
  }
}

function judge(write: Write): { write: Write; reason: Reason; after: Item | undefined } {
  const before = currentItem(write);
  if (!conditionHolds(write)) {
    const item = write.showsItemOnFailure && before !== undefined ? { Item: before } : {};
    const reason = { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', ...item } as const;
    return { write, reason, after: undefined };
  }
  try {
    return { write, reason: { Code: 'None' }, after: write.next(before) };
  } catch (error) {
    if (!(error instanceof DynamoDbError)) throw error;
    return { write, reason: { Code: 'ValidationError', Message: error.message }, after: undefined };
  }
}

function cancelled(reasons: readonly Reason[]): DynamoDbError {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  return new DynamoDbError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { CancellationReasons: reasons },
  );
}

function assertSize(items: readonly (Item | undefined)[]): void {
  const bytes = items.reduce((total, item) => total + (item === undefined ? 0 : sizeOfItem(item)), 0);
  if (bytes > MAX_BYTES) {
    throw invalid(
      `The aggregate size of the items in the transaction is ${bytes} bytes; it cannot exceed ${MAX_BYTES}`,
    );
  }
}
