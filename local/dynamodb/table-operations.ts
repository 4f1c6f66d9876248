import type { Database } from './database.ts';
import { invalid, tableNotFound } from './error.ts';
import {
  assertParameters,
  choice,
  optionalCount,
  type Request,
  requiredList,
  requiredRecord,
  requiredText,
} from './request.ts';
import type { KeyElement, KeySchema, Table } from './table.ts';

const NAME = /^[A-Za-z0-9_.-]{3,255}$/;
const MAX_LISTED = 100;

export function createTable(database: Database, request: Request): Record<string, unknown> {
  assertParameters(request, 'CreateTable', [
    'TableName',
    'AttributeDefinitions',
    'KeySchema',
    'BillingMode',
    'ProvisionedThroughput',
    'Tags',
  ]);
  const name = requiredText(request, 'TableName');
  if (!NAME.test(name)) {
    throw invalid(
      `1 validation error detected: Value '${name}' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+`,
    );
  }
  const billing = choice(request, 'BillingMode', ['PROVISIONED', 'PAY_PER_REQUEST']);
  if ((billing === 'PROVISIONED') !== (request['ProvisionedThroughput'] !== undefined)) {
    throw invalid(
      'One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must be specified when, and only when, BillingMode is PROVISIONED',
    );
  }
  return { TableDescription: describe(database, database.createTable(name, keySchemaOf(request))) };
}

function keySchemaOf(request: Request): KeySchema {
  const types = new Map(
    requiredList(request, 'AttributeDefinitions', 2).map((each) => {
      const definition = requiredRecord(each, 'AttributeDefinitions');
      return [requiredText(definition, 'AttributeName'), choice(definition, 'AttributeType', ['S', 'N', 'B'])] as const;
    }),
  );
  const elements = requiredList(request, 'KeySchema', 2).map((each) => requiredRecord(each, 'KeySchema'));
  const elementOf = (kind: string): KeyElement | undefined => {
    const element = elements.find((each) => each['KeyType'] === kind);
    if (element === undefined) return undefined;
    const name = requiredText(element, 'AttributeName');
    const type = types.get(name);
    if (type === undefined) {
      throw invalid(
        `One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [${name}]`,
      );
    }
    return { name, type };
  };
  const partition = elementOf('HASH');
  const sort = elementOf('RANGE');
  if (partition === undefined) throw invalid('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  if (types.size !== elements.length || elements.length !== (sort === undefined ? 1 : 2)) {
    throw invalid(
      'One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
    );
  }
  return sort === undefined ? { partition } : { partition, sort };
}

export function describeTable(database: Database, request: Request): Record<string, unknown> {
  assertParameters(request, 'DescribeTable', ['TableName']);
  return { Table: describe(database, named(database, request)) };
}

export function deleteTable(database: Database, request: Request): Record<string, unknown> {
  assertParameters(request, 'DeleteTable', ['TableName']);
  const table = named(database, request);
  database.tables.delete(table.name);
  return { TableDescription: { ...describe(database, table), TableStatus: 'DELETING' } };
}

function named(database: Database, request: Request): Table {
  const name = requiredText(request, 'TableName');
  const table = database.tables.get(name);
  if (table === undefined) throw tableNotFound(`Table: ${name} not found`);
  return table;
}

export function listTables(database: Database, request: Request): Record<string, unknown> {
  assertParameters(request, 'ListTables', ['ExclusiveStartTableName', 'Limit']);
  const after = request['ExclusiveStartTableName'];
  const limit = optionalCount(request, 'Limit') ?? MAX_LISTED;
  const names = [...database.tables.keys()].sort().filter((name) => typeof after !== 'string' || name > after);
  const shown = names.slice(0, Math.min(limit, MAX_LISTED));
  return {
    TableNames: shown,
    ...(shown.length < names.length ? { LastEvaluatedTableName: shown.at(-1) } : {}),
  };
}

function describe(database: Database, table: Table): Record<string, unknown> {
  const { partition, sort } = table.schema;
  const elements = sort === undefined ? [partition] : [partition, sort];
  return {
    TableName: table.name,
    TableArn: database.arnOf(table.name),
    TableStatus: 'ACTIVE',
    CreationDateTime: table.createdAtMs / 1000,
    AttributeDefinitions: elements.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
    KeySchema: elements.map(({ name }, index) => ({ AttributeName: name, KeyType: index === 0 ? 'HASH' : 'RANGE' })),
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    ItemCount: table.itemCount,
  };
}
