import { jsonBodyOf } from '../json.ts';
import type { Timeline } from '../timeline.ts';
import type { Service, WireRequest, WireResponse } from '../wire.ts';
import { batchGetItem, batchWriteItem } from './batch.ts';
import { Database } from './database.ts';
import { DynamoDbError } from './error.ts';
import { query, scan } from './query.ts';
import type { Request } from './request.ts';
import { deleteItem, getItem, putItem, updateItem } from './single-item.ts';
import { createTable, deleteTable, describeTable, listTables } from './table-operations.ts';
import { transactWriteItems } from './transaction.ts';

type Operation = (database: Database, request: Request) => Record<string, unknown>;

const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  Object.entries({
    BatchGetItem: batchGetItem,
    BatchWriteItem: batchWriteItem,
    CreateTable: createTable,
    DeleteItem: deleteItem,
    DeleteTable: deleteTable,
    DescribeTable: describeTable,
    GetItem: getItem,
    ListTables: listTables,
    PutItem: putItem,
    Query: query,
    Scan: scan,
    TransactWriteItems: transactWriteItems,
    UpdateItem: updateItem,
  }),
);

const TARGET = /^DynamoDB_20120810\.(\w+)$/;
const NAMESPACE = 'com.amazonaws.dynamodb.v20120810';
/** These come from the frame around every operation of DynamoDB, and so does their namespace. */
const FRAME_ERRORS: readonly string[] = ['ValidationException', 'SerializationException', 'ThrottlingException'];

export interface DynamoDbSettings {
  readonly timeline: Timeline;
  readonly newId: () => string;
  readonly account: string;
  readonly region: string;
}

/** DynamoDB over its JSON 1.0 protocol. The model's tables may be read and written without the wire. */
export function createDynamoDb(settings: DynamoDbSettings): { service: Service; model: Database } {
  const model = new Database(settings);
  const service: Service = {
    name: 'dynamodb',
    operationOf: ({ headers }) => TARGET.exec(headers['x-amz-target'] ?? '')?.[1],
    handle: async (operation, request) => {
      try {
        const carryOut = OPERATIONS.get(operation);
        if (carryOut === undefined) throw unsupported(operation);
        return answer(200, carryOut(model, parseBody(request)), settings.newId());
      } catch (error) {
        if (!(error instanceof DynamoDbError)) throw error;
        return refusal(400, error.code, error.message, error.extra, settings.newId());
      }
    },
    failure: (status, code, message) => refusal(status, code, message, {}, settings.newId()),
  };
  return { service, model };
}

function unsupported(operation: string): DynamoDbError {
  return new DynamoDbError(
    'UnsupportedOperation',
    `The local account has no DynamoDB operation ${operation}; it has ${[...OPERATIONS.keys()].join(', ')}`,
  );
}

function parseBody(request: WireRequest): Request {
  const parsed = jsonBodyOf(request);
  if (parsed !== undefined) return parsed;
  throw new DynamoDbError('SerializationException', 'The body of the request is no JSON object');
}

function refusal(
  status: number,
  code: string,
  message: string,
  extra: Readonly<Record<string, unknown>>,
  requestId: string,
): WireResponse {
  const namespace = FRAME_ERRORS.includes(code) ? 'com.amazon.coral.validate' : NAMESPACE;
  return answer(status, { __type: `${namespace}#${code}`, message, ...extra }, requestId);
}

function answer(status: number, body: Readonly<Record<string, unknown>>, requestId: string): WireResponse {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': requestId },
    body: JSON.stringify(body),
  };
}
