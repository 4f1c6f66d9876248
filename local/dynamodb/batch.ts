import { type Item, parseItem, sizeOfItem } from './attribute-value.ts';
import type { Database } from './database.ts';
import { invalid } from './error.ts';
import { Placeholders } from './placeholders.ts';
import { parseProjection, type Projection } from './projection.ts';
import { assertParameters, expression, type Request, requiredList, requiredRecord } from './request.ts';
import { assertNoCapacity } from './single-item.ts';
import type { Table } from './table.ts';
import { prepareDelete, preparePut, store, type Write } from './write.ts';

/** BatchGetItem and BatchWriteItem, Amazon DynamoDB API Reference. */
const MAX_KEYS = 100;
const MAX_WRITES = 25;
const MAX_BYTES = 16 * 1024 * 1024;

interface Wanted {
  readonly name: string;
  readonly table: Table;
  readonly key: Item;
  readonly projection: Projection | undefined;
}

export function batchGetItem(database: Database, request: Request): Record<string, unknown> {
  assertParameters(request, 'BatchGetItem', ['RequestItems', 'ReturnConsumedCapacity']);
  assertNoCapacity(request);
  const requests = Object.entries(requiredRecord(request['RequestItems'], 'RequestItems'));
  if (requests.length === 0) throw invalid('The requestItems parameter is required for BatchGetItem');
  const wanted = requests.flatMap(([name, each]) => keysOf(database, name, requiredRecord(each, 'RequestItems')));
  if (wanted.length > MAX_KEYS) throw invalid('Too many items requested for the BatchGetItem call');
  assertDistinct(wanted);
  const responses: Record<string, Item[]> = Object.fromEntries(requests.map(([name]) => [name, []]));
  const left: Wanted[] = [];
  let bytes = 0;
  for (const each of wanted) {
    const item = each.table.get(each.key);
    bytes += item === undefined ? 0 : sizeOfItem(item);
    if (bytes > MAX_BYTES) left.push(each);
    else if (item !== undefined) responses[each.name]?.push(each.projection?.(item) ?? item);
  }
  return { Responses: responses, UnprocessedKeys: unprocessed(request, left) };
}

function keysOf(database: Database, name: string, request: Request): Wanted[] {
  assertParameters(request, 'BatchGetItem', [
    'Keys',
    'ConsistentRead',
    'ProjectionExpression',
    'ExpressionAttributeNames',
  ]);
  const table = database.table(name);
  const placeholders = new Placeholders(request, request['ProjectionExpression'] !== undefined);
  const projection = expression(request, 'ProjectionExpression', placeholders, parseProjection);
  placeholders.assertAllUsed();
  return requiredList(request, 'Keys', MAX_KEYS).map((each) => {
    const key = parseItem(each);
    table.assertKey(key);
    return { name, table, key, projection };
  });
}

function unprocessed(request: Request, left: readonly Wanted[]): Record<string, unknown> {
  const requests = requiredRecord(request['RequestItems'], 'RequestItems');
  const names = [...new Set(left.map(({ name }) => name))];
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        ...requiredRecord(requests[name], 'RequestItems'),
        Keys: left.filter((each) => each.name === name).map(({ key }) => key),
      },
    ]),
  );
}

/** Each put and delete for itself: no conditions, no order between them. */
export function batchWriteItem(database: Database, request: Request): Record<string, unknown> {
  assertParameters(request, 'BatchWriteItem', ['RequestItems', 'ReturnConsumedCapacity']);
  assertNoCapacity(request);
  const writes = Object.entries(requiredRecord(request['RequestItems'], 'RequestItems')).flatMap(([name, each]) =>
    requiredList({ RequestItems: each }, 'RequestItems', MAX_WRITES).map((write) =>
      prepare(database, name, requiredRecord(write, 'RequestItems')),
    ),
  );
  if (writes.length === 0) throw invalid('The requestItems parameter is required for BatchWriteItem');
  if (writes.length > MAX_WRITES) throw invalid('Too many items requested for the BatchWriteItem call');
  assertDistinct(writes);
  for (const write of writes) store(write, write.next(undefined));
  return { UnprocessedItems: {} };
}

function prepare(database: Database, tableName: string, action: Request): Write {
  const [entry, ...others] = Object.entries(action).filter(([, value]) => value !== undefined);
  if (entry === undefined || others.length > 0) {
    throw invalid('Supplied WriteRequest must contain exactly one of PutRequest and DeleteRequest');
  }
  const [kind, value] = entry;
  const request = requiredRecord(value, kind);
  if (kind === 'PutRequest') {
    assertParameters(request, 'BatchWriteItem', ['Item']);
    return preparePut(database, { TableName: tableName, Item: request['Item'] }, []);
  }
  if (kind !== 'DeleteRequest') {
    throw invalid(`Supplied WriteRequest must contain exactly one of PutRequest and DeleteRequest; not ${kind}`);
  }
  assertParameters(request, 'BatchWriteItem', ['Key']);
  return prepareDelete(database, { TableName: tableName, Key: request['Key'] }, []);
}

function assertDistinct(keyed: readonly { readonly table: Table; readonly key: Item }[]): void {
  const identities = new Set(keyed.map(({ table, key }) => `${table.name}\n${table.identityOf(key)}`));
  if (identities.size < keyed.length) throw invalid('Provided list of item keys contains duplicates');
}
