import { type Item, parseItem } from './attribute-value.ts';
import type { Database } from './database.ts';
import { DynamoDbError } from './error.ts';
import { Placeholders } from './placeholders.ts';
import { parseProjection, project } from './projection.ts';
import { assertParameters, choice, expression, type Request, requiredText } from './request.ts';
import { conditionHolds, currentItem, prepareDelete, preparePut, prepareUpdate, store, type Write } from './write.ts';

const SETTINGS = ['ReturnValues', 'ReturnConsumedCapacity'];

export function getItem(database: Database, request: Request): Record<string, unknown> {
  assertParameters(request, 'GetItem', [
    'TableName',
    'Key',
    'ConsistentRead',
    'ProjectionExpression',
    'ExpressionAttributeNames',
    'ReturnConsumedCapacity',
  ]);
  assertNoCapacity(request);
  const table = database.table(requiredText(request, 'TableName'));
  const key = parseItem(request['Key']);
  table.assertKey(key);
  const placeholders = new Placeholders(request, request['ProjectionExpression'] !== undefined);
  const projection = expression(request, 'ProjectionExpression', placeholders, parseProjection);
  placeholders.assertAllUsed();
  const item = table.get(key);
  return item === undefined ? {} : { Item: projection === undefined ? item : projection(item) };
}

export function putItem(database: Database, request: Request): Record<string, unknown> {
  const returnValues = choice(request, 'ReturnValues', ['NONE', 'ALL_OLD']);
  assertNoCapacity(request);
  const { before } = carryOut(preparePut(database, request, SETTINGS));
  return attributes(returnValues === 'ALL_OLD' ? before : undefined);
}

export function deleteItem(database: Database, request: Request): Record<string, unknown> {
  const returnValues = choice(request, 'ReturnValues', ['NONE', 'ALL_OLD']);
  assertNoCapacity(request);
  const { before } = carryOut(prepareDelete(database, request, SETTINGS));
  return attributes(returnValues === 'ALL_OLD' ? before : undefined);
}

export function updateItem(database: Database, request: Request): Record<string, unknown> {
  const returnValues = choice(request, 'ReturnValues', ['NONE', 'ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW']);
  assertNoCapacity(request);
  const write = prepareUpdate(database, request, SETTINGS);
  const { before, after } = carryOut(write);
  switch (returnValues) {
    case 'NONE':
      return {};
    case 'ALL_OLD':
      return attributes(before);
    case 'ALL_NEW':
      return attributes(after);
    case 'UPDATED_OLD':
      return attributes(project(before ?? {}, write.paths));
    case 'UPDATED_NEW':
      return attributes(project(after ?? {}, write.paths));
  }
}

function carryOut(write: Write): { before: Item | undefined; after: Item | undefined } {
  const before = currentItem(write);
  if (!conditionHolds(write)) {
    const extra = write.showsItemOnFailure && before !== undefined ? { Item: before } : {};
    throw new DynamoDbError('ConditionalCheckFailedException', 'The conditional request failed', extra);
  }
  const after = write.next(before);
  store(write, after);
  return { before, after };
}

function attributes(item: Item | undefined): Record<string, unknown> {
  return item === undefined || Object.keys(item).length === 0 ? {} : { Attributes: item };
}

/** There is no capacity to count here: the answer would be a made-up number. */
export function assertNoCapacity(request: Request): void {
  choice(request, 'ReturnConsumedCapacity', ['NONE']);
}
