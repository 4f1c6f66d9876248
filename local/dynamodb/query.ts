import { compareValues, type Item, parseItem, sizeOfItem } from './attribute-value.ts';
import { type Condition, parseCondition } from './condition.ts';
import type { Database } from './database.ts';
import { invalid } from './error.ts';
import type { ExpressionReader } from './expression-reader.ts';
import { parseKeyCondition } from './key-condition.ts';
import { Placeholders } from './placeholders.ts';
import { parseProjection, type Projection } from './projection.ts';
import { assertParameters, choice, expression, optionalCount, type Request, requiredText } from './request.ts';
import { assertNoCapacity } from './single-item.ts';
import type { Table } from './table.ts';

/** "A single Query operation can retrieve a maximum of 1 MB of data", before any filter (Query, DynamoDB API Reference). */
const MAX_PAGE_BYTES = 1024 * 1024;

const PARAMETERS = [
  'TableName',
  'FilterExpression',
  'ProjectionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ExclusiveStartKey',
  'Limit',
  'ConsistentRead',
  'Select',
  'ReturnConsumedCapacity',
];

export function query(database: Database, request: Request): Record<string, unknown> {
  assertParameters(request, 'Query', [...PARAMETERS, 'KeyConditionExpression', 'ScanIndexForward']);
  assertNoCapacity(request);
  const table = database.table(requiredText(request, 'TableName'));
  requiredText(request, 'KeyConditionExpression');
  const placeholders = new Placeholders(request, true);
  const condition = expression(request, 'KeyConditionExpression', placeholders, (reader) =>
    parseKeyCondition(reader, table.schema),
  );
  const shape = readShape(request, placeholders, (reader) => assertSparesKey(reader, table));
  if (condition === undefined) throw invalid('Query key condition not supported');
  const { sort } = table.schema;
  const matching = table.partition(condition.partition).filter((item) => {
    const value = sort === undefined ? undefined : item[sort.name];
    return value === undefined || condition.holds(value);
  });
  const isForward = request['ScanIndexForward'] !== false;
  return page(request, table, rest(request, table, isForward ? matching : [...matching].reverse(), isForward), shape);
}

export function scan(database: Database, request: Request): Record<string, unknown> {
  assertParameters(request, 'Scan', PARAMETERS);
  assertNoCapacity(request);
  const table = database.table(requiredText(request, 'TableName'));
  const hasExpression = request['FilterExpression'] !== undefined || request['ProjectionExpression'] !== undefined;
  const shape = readShape(request, new Placeholders(request, hasExpression), () => undefined);
  return page(request, table, table.all(startKey(request, table)), shape);
}

interface Shape {
  readonly filter: Condition | undefined;
  readonly projection: Projection | undefined;
}

function readShape(
  request: Request,
  placeholders: Placeholders,
  assertFilter: (reader: ExpressionReader) => void,
): Shape {
  const filter = expression(request, 'FilterExpression', placeholders, (reader) => {
    const condition = parseCondition(reader);
    assertFilter(reader);
    return condition;
  });
  const projection = expression(request, 'ProjectionExpression', placeholders, parseProjection);
  placeholders.assertAllUsed();
  return { filter, projection };
}

/** DynamoDB refuses key attributes in a query's filter: they belong in its key condition. */
function assertSparesKey(reader: ExpressionReader, table: Table): void {
  const key = [...reader.attributes].find((name) => table.isKeyAttribute(name));
  if (key !== undefined) {
    throw invalid(`Filter Expression can only contain non-primary key attributes: Primary key attribute: ${key}`);
  }
}

function startKey(request: Request, table: Table): Item | undefined {
  if (request['ExclusiveStartKey'] === undefined) return undefined;
  const key = parseItem(request['ExclusiveStartKey']);
  table.assertKey(key);
  return key;
}

/** What follows the exclusive start key, whether or not its item is still there. */
function rest(request: Request, table: Table, items: readonly Item[], isForward: boolean): readonly Item[] {
  const start = startKey(request, table);
  const sort = table.schema.sort?.name;
  if (start === undefined) return items;
  if (sort === undefined) return [];
  const startSort = start[sort];
  return items.filter((item) => {
    const value = item[sort];
    const order = value === undefined || startSort === undefined ? 0 : (compareValues(value, startSort) ?? 0);
    return isForward ? order > 0 : order < 0;
  });
}

function page(request: Request, table: Table, items: readonly Item[], shape: Shape): Record<string, unknown> {
  const limit = optionalCount(request, 'Limit') ?? Number.POSITIVE_INFINITY;
  const read: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    bytes += sizeOfItem(item);
    if (read.length >= limit || bytes > MAX_PAGE_BYTES) break;
    read.push(item);
  }
  const last = read.at(-1);
  // A page that is full by its limit names its last key even where nothing follows.
  const isCut = last !== undefined && (read.length < items.length || read.length >= limit);
  const chosen = shape.filter === undefined ? read : read.filter(shape.filter);
  const isCount = choice(request, 'Select', ['ALL_ATTRIBUTES', 'COUNT', 'SPECIFIC_ATTRIBUTES']) === 'COUNT';
  return {
    ...(isCount ? {} : { Items: shape.projection === undefined ? chosen : chosen.map(shape.projection) }),
    Count: chosen.length,
    ScannedCount: read.length,
    ...(isCut ? { LastEvaluatedKey: table.keyOf(last) } : {}),
  };
}
