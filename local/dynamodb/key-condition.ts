import { type AttributeValue, compareValues, typeOf } from './attribute-value.ts';
import { beginsWith } from './condition.ts';
import { invalid } from './error.ts';
import type { ExpressionReader } from './expression-reader.ts';
import type { KeySchema } from './table.ts';

/** The partition to read, and which sort keys of it. */
export interface KeyCondition {
  readonly partition: AttributeValue;
  readonly holds: (sort: AttributeValue) => boolean;
}

interface Part {
  readonly attribute: string;
  readonly partition?: AttributeValue;
  readonly holds: (value: AttributeValue) => boolean;
}

/**
 * Reads `pk = :v [AND <sort condition>]`, in either order
 * ("Key condition expressions for the Query operation in DynamoDB").
 */
export function parseKeyCondition(reader: ExpressionReader, schema: KeySchema): KeyCondition {
  const parts = parseParts(reader, schema);
  reader.end();
  const known = [schema.partition.name, schema.sort?.name];
  if (parts.some(({ attribute }) => !known.includes(attribute))) {
    throw invalid(`Query condition missed key schema element: ${schema.sort?.name ?? schema.partition.name}`);
  }
  if (new Set(parts.map(({ attribute }) => attribute)).size !== parts.length) {
    throw invalid('KeyConditionExpressions must only contain one condition per key');
  }
  const partition = parts.find(({ attribute }) => attribute === schema.partition.name);
  if (partition === undefined) throw invalid(`Query condition missed key schema element: ${schema.partition.name}`);
  if (partition.partition === undefined) throw invalid('Query key condition not supported');
  const sort = parts.find(({ attribute }) => attribute === schema.sort?.name);
  return { partition: partition.partition, holds: sort?.holds ?? (() => true) };
}

function parseParts(reader: ExpressionReader, schema: KeySchema): Part[] {
  const first = parsePart(reader, schema);
  if (!reader.accept('AND')) return [first];
  const second = parsePart(reader, schema);
  if (reader.atKeyword('AND')) throw reader.invalid('The expression has too many conditions;');
  return [first, second];
}

function parsePart(reader: ExpressionReader, schema: KeySchema): Part {
  if (reader.accept('(')) {
    const part = parsePart(reader, schema);
    reader.expect(')');
    return part;
  }
  if (reader.peek() === 'begins_with' && reader.peek(1) === '(') return parseBeginsWith(reader, schema);
  const attribute = parseKeyName(reader);
  if (reader.accept('BETWEEN')) return parseBetween(reader, schema, attribute);
  const operator = reader.take();
  const value = parseKeyValue(reader, schema, attribute);
  if (operator === '=') {
    return { attribute, partition: value, holds: (each) => compareValues(each, value) === 0 };
  }
  return { attribute, holds: comparison(operator, value) };
}

function comparison(operator: string, value: AttributeValue): (each: AttributeValue) => boolean {
  switch (operator) {
    case '<':
      return (each) => (compareValues(each, value) ?? 0) < 0;
    case '<=':
      return (each) => (compareValues(each, value) ?? 1) <= 0;
    case '>':
      return (each) => (compareValues(each, value) ?? 0) > 0;
    case '>=':
      return (each) => (compareValues(each, value) ?? -1) >= 0;
    default:
      throw invalid(`Invalid operator used in KeyConditionExpression: ${operator}`);
  }
}

function parseBeginsWith(reader: ExpressionReader, schema: KeySchema): Part {
  reader.take();
  reader.expect('(');
  const attribute = parseKeyName(reader);
  reader.expect(',');
  const prefix = parseKeyValue(reader, schema, attribute);
  reader.expect(')');
  if ('N' in prefix) {
    throw reader.invalid(
      'Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
    );
  }
  return { attribute, holds: (value) => beginsWith(value, prefix) };
}

function parseBetween(reader: ExpressionReader, schema: KeySchema, attribute: string): Part {
  const low = parseKeyValue(reader, schema, attribute);
  reader.expect('AND');
  const high = parseKeyValue(reader, schema, attribute);
  if ((compareValues(low, high) ?? 0) > 0) {
    throw reader.invalid('The BETWEEN operator requires upper bound to be greater than or equal to lower bound;');
  }
  const [fromLow, toHigh] = [comparison('>=', low), comparison('<=', high)];
  return { attribute, holds: (value) => fromLow(value) && toHigh(value) };
}

function parseKeyName(reader: ExpressionReader): string {
  const [name, ...rest] = reader.path();
  if (rest.length > 0) throw reader.invalid('KeyConditionExpressions cannot have conditions on nested attributes');
  return name;
}

function parseKeyValue(reader: ExpressionReader, schema: KeySchema, attribute: string): AttributeValue {
  if (!reader.atValue()) throw reader.syntaxError();
  const value = reader.value();
  const element = [schema.partition, schema.sort].find((each) => each?.name === attribute);
  if (element !== undefined && typeOf(value) !== element.type) {
    throw invalid('One or more parameter values were invalid: Condition parameter type does not match schema type');
  }
  return value;
}
