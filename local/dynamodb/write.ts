import { type Item, parseItem } from './attribute-value.ts';
import { type Condition, parseCondition } from './condition.ts';
import type { Database } from './database.ts';
import type { DocumentPath } from './document-path.ts';
import { invalid } from './error.ts';
import { Placeholders } from './placeholders.ts';
import { assertParameters, choice, expression, type Request, requiredText } from './request.ts';
import type { Table } from './table.ts';
import { parseUpdate, type Update } from './update.ts';

/** A write whose request is understood; nothing has been read or changed yet. */
export interface Write {
  readonly table: Table;
  readonly key: Item;
  readonly condition: Condition;
  /** The item after the write; undefined: none. */
  readonly next: (before: Item | undefined) => Item | undefined;
  readonly paths: readonly DocumentPath[];
  readonly showsItemOnFailure: boolean;
}

const ALWAYS: Condition = () => true;
const CONDITIONAL = [
  'TableName',
  'ConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ReturnValuesOnConditionCheckFailure',
];

export function preparePut(database: Database, request: Request, further: readonly string[]): Write {
  assertParameters(request, 'Put', [...CONDITIONAL, 'Item', ...further]);
  const table = database.table(requiredText(request, 'TableName'));
  const item = parseItem(request['Item']);
  table.assertStorable(item);
  const conditional = prepareCondition(request);
  return { table, key: table.keyOf(item), ...conditional, next: () => item, paths: [] };
}

export function prepareDelete(database: Database, request: Request, further: readonly string[]): Write {
  assertParameters(request, 'Delete', [...CONDITIONAL, 'Key', ...further]);
  return { ...prepareKeyed(database, request), ...prepareCondition(request), next: () => undefined, paths: [] };
}

export function prepareConditionCheck(database: Database, request: Request): Write {
  assertParameters(request, 'ConditionCheck', [...CONDITIONAL, 'Key']);
  requiredText(request, 'ConditionExpression');
  return { ...prepareKeyed(database, request), ...prepareCondition(request), next: (before) => before, paths: [] };
}

export function prepareUpdate(database: Database, request: Request, further: readonly string[]): Write {
  assertParameters(request, 'Update', [...CONDITIONAL, 'Key', 'UpdateExpression', ...further]);
  const { table, key } = prepareKeyed(database, request);
  const placeholders = placeholdersOf(request);
  const update = expression(request, 'UpdateExpression', placeholders, parseUpdate);
  const condition = expression(request, 'ConditionExpression', placeholders, parseCondition) ?? ALWAYS;
  placeholders.assertAllUsed();
  assertKeyUntouched(table, update);
  const next = (before: Item | undefined) => {
    const after = update === undefined ? (before ?? key) : update.apply(before ?? key);
    table.assertStorable(after, 'Item size to update has exceeded the maximum allowed size');
    return after;
  };
  return { table, key, condition, next, paths: update?.paths ?? [], showsItemOnFailure: showsItem(request) };
}

function prepareKeyed(database: Database, request: Request): { table: Table; key: Item } {
  const table = database.table(requiredText(request, 'TableName'));
  const key = parseItem(request['Key']);
  table.assertKey(key);
  return { table, key };
}

function prepareCondition(request: Request): { condition: Condition; showsItemOnFailure: boolean } {
  const placeholders = placeholdersOf(request);
  const condition = expression(request, 'ConditionExpression', placeholders, parseCondition) ?? ALWAYS;
  placeholders.assertAllUsed();
  return { condition, showsItemOnFailure: showsItem(request) };
}

function placeholdersOf(request: Request): Placeholders {
  return new Placeholders(
    request,
    request['ConditionExpression'] !== undefined || request['UpdateExpression'] !== undefined,
  );
}

function showsItem(request: Request): boolean {
  return choice(request, 'ReturnValuesOnConditionCheckFailure', ['NONE', 'ALL_OLD']) === 'ALL_OLD';
}

function assertKeyUntouched(table: Table, update: Update | undefined): void {
  const touched = update?.paths.find(([name]) => table.isKeyAttribute(name));
  if (touched !== undefined) {
    throw invalid(
      `One or more parameter values were invalid: Cannot update attribute ${touched[0]}. This attribute is part of the key`,
    );
  }
}

/** The item as it is, if there is one. */
export function currentItem({ table, key }: Write): Item | undefined {
  return table.get(key);
}

/** Whether the write's condition holds: one of an item that is not there is judged on no attributes. */
export function conditionHolds(write: Write): boolean {
  return write.condition(currentItem(write) ?? {});
}

export function store({ table, key }: Write, after: Item | undefined): void {
  if (after === undefined) table.delete(key);
  else table.put(after);
}
