import {
  type AttributeType,
  type AttributeValue,
  compareValues,
  equalValues,
  type Item,
  typeOf,
} from './attribute-value.ts';
import { type DocumentPath, formatPath, valueAt } from './document-path.ts';
import type { ExpressionReader } from './expression-reader.ts';

/** What a condition says of an item. A missing attribute makes every comparison false. */
export type Condition = (item: Item) => boolean;

interface Operand {
  readonly read: (item: Item) => AttributeValue | undefined;
  readonly path?: DocumentPath;
  readonly literal?: AttributeValue;
}

type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';
const COMPARATORS: readonly string[] = ['=', '<>', '<', '<=', '>', '>='];
const FUNCTIONS: readonly string[] = [
  'attribute_exists',
  'attribute_not_exists',
  'attribute_type',
  'begins_with',
  'contains',
];
const TYPES: readonly string[] = ['S', 'N', 'B', 'SS', 'NS', 'BS', 'M', 'L', 'NULL', 'BOOL'] satisfies AttributeType[];
const ORDERED: readonly string[] = ['S', 'N', 'B'];
const MAX_IN_VALUES = 100;

/**
 * Reads a condition: `OR` binds loosest, then `AND`, `NOT`, then comparisons and functions
 * ("Condition and filter expressions, operators, and functions in DynamoDB").
 */
export function parseCondition(reader: ExpressionReader): Condition {
  const condition = parseOr(reader);
  reader.end();
  return condition;
}

function parseOr(reader: ExpressionReader): Condition {
  const alternatives = [parseAnd(reader)];
  while (reader.accept('OR')) alternatives.push(parseAnd(reader));
  return (item) => alternatives.some((holds) => holds(item));
}

function parseAnd(reader: ExpressionReader): Condition {
  const all = [parseNot(reader)];
  while (reader.accept('AND')) all.push(parseNot(reader));
  return (item) => all.every((holds) => holds(item));
}

function parseNot(reader: ExpressionReader): Condition {
  if (reader.accept('NOT')) {
    const negated = parseNot(reader);
    return (item) => !negated(item);
  }
  return reader.accept('(') ? parseGroup(reader) : parsePredicate(reader);
}

function parseGroup(reader: ExpressionReader): Condition {
  const nested = reader.peek() === '(' && closesTogether(reader);
  const condition = parseOr(reader);
  reader.expect(')');
  if (nested) throw reader.invalid('The expression has redundant parentheses;');
  return condition;
}

/** Whether the group that opens here closes right before the one around it does. */
function closesTogether(reader: ExpressionReader): boolean {
  let depth = 0;
  for (let ahead = 0; reader.peek(ahead) !== undefined; ahead += 1) {
    if (reader.peek(ahead) === '(') depth += 1;
    if (reader.peek(ahead) === ')') depth -= 1;
    if (depth === 0) return reader.peek(ahead + 1) === ')';
  }
  return false;
}

function parsePredicate(reader: ExpressionReader): Condition {
  const word = reader.peek() ?? '';
  if (reader.peek(1) === '(' && word !== 'size') return parseFunction(reader);
  const left = parseOperand(reader);
  if (reader.accept('BETWEEN')) return parseBetween(reader, left);
  if (reader.accept('IN')) return parseIn(reader, left);
  const comparator = reader.peek();
  if (!isComparator(comparator)) throw reader.syntaxError();
  reader.take();
  const right = parseOperand(reader);
  assertDistinct(reader, comparator, left, right);
  if (comparator !== '=' && comparator !== '<>') assertOrdered(reader, comparator, left, right);
  return (item) => compares(comparator, left.read(item), right.read(item));
}

function isComparator(token: string | undefined): token is Comparator {
  return token !== undefined && COMPARATORS.includes(token);
}

function compares(
  comparator: Comparator,
  left: AttributeValue | undefined,
  right: AttributeValue | undefined,
): boolean {
  if (left === undefined || right === undefined) return comparator === '<>' && left !== right;
  if (comparator === '=') return equalValues(left, right);
  if (comparator === '<>') return !equalValues(left, right);
  const order = compareValues(left, right);
  if (order === undefined) return false;
  switch (comparator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

function parseBetween(reader: ExpressionReader, value: Operand): Condition {
  const low = parseOperand(reader);
  reader.expect('AND');
  const high = parseOperand(reader);
  assertOrdered(reader, 'BETWEEN', low, high);
  assertBounds(reader, low, high);
  return (item) =>
    compares('>=', value.read(item), low.read(item)) && compares('<=', value.read(item), high.read(item));
}

function assertBounds(reader: ExpressionReader, low: Operand, high: Operand): void {
  if (low.literal === undefined || high.literal === undefined) return;
  if (typeOf(low.literal) !== typeOf(high.literal)) {
    throw reader.invalid('The BETWEEN operator requires same data type for lower and upper bounds;');
  }
  if ((compareValues(low.literal, high.literal) ?? 0) > 0) {
    throw reader.invalid('The BETWEEN operator requires upper bound to be greater than or equal to lower bound;');
  }
}

function parseIn(reader: ExpressionReader, value: Operand): Condition {
  reader.expect('(');
  const choices = [parseOperand(reader)];
  while (reader.accept(',')) choices.push(parseOperand(reader));
  reader.expect(')');
  if (choices.length > MAX_IN_VALUES) {
    throw reader.invalid('The IN operator is provided with too many operands;');
  }
  return (item) => choices.some((choice) => compares('=', value.read(item), choice.read(item)));
}

function parseOperand(reader: ExpressionReader): Operand {
  if (reader.atValue()) {
    const literal = reader.value();
    return { read: () => literal, literal };
  }
  if (reader.peek() === 'size' && reader.peek(1) === '(') {
    reader.take();
    reader.expect('(');
    const path = reader.path();
    reader.expect(')');
    return { read: (item) => sizeOf(valueAt(item, path)) };
  }
  const path = reader.path();
  return { read: (item) => valueAt(item, path), path };
}

function sizeOf(value: AttributeValue | undefined): AttributeValue | undefined {
  if (value === undefined) return undefined;
  if ('S' in value) return { N: String(Buffer.byteLength(value.S)) };
  if ('B' in value) return { N: String(Buffer.byteLength(value.B, 'base64')) };
  const members = elementsOf(value);
  return members === undefined ? undefined : { N: String(members) };
}

function elementsOf(value: AttributeValue): number | undefined {
  if ('SS' in value) return value.SS.length;
  if ('NS' in value) return value.NS.length;
  if ('BS' in value) return value.BS.length;
  if ('L' in value) return value.L.length;
  return 'M' in value ? Object.keys(value.M).length : undefined;
}

function parseFunction(reader: ExpressionReader): Condition {
  const name = reader.take();
  if (!FUNCTIONS.includes(name)) throw reader.invalid(`Invalid function name; function: ${name}`);
  reader.expect('(');
  const subject = parseOperand(reader);
  const second = reader.accept(',') ? parseOperand(reader) : undefined;
  reader.expect(')');
  const path = subject.path;
  if (path === undefined && name !== 'begins_with' && name !== 'contains') {
    throw reader.invalid(`Operator or function requires a document path; operator or function: ${name}`);
  }
  const unary = name === 'attribute_exists' || name === 'attribute_not_exists';
  if (unary !== (second === undefined)) {
    throw reader.invalid(
      `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${second === undefined ? 1 : 2}`,
    );
  }
  if (second === undefined) {
    return name === 'attribute_exists'
      ? (item) => subject.read(item) !== undefined
      : (item) => subject.read(item) === undefined;
  }
  return parseBinaryFunction(reader, name, subject, second);
}

function parseBinaryFunction(reader: ExpressionReader, name: string, subject: Operand, second: Operand): Condition {
  if (name === 'attribute_type') return hasType(reader, subject, second);
  if (name === 'contains') return (item) => containsValue(subject.read(item), second.read(item));
  const prefix = second.literal;
  if (prefix !== undefined && !('S' in prefix) && !('B' in prefix)) {
    throw incorrectOperand(reader, 'begins_with', prefix);
  }
  return (item) => beginsWith(subject.read(item), second.read(item));
}

function hasType(reader: ExpressionReader, subject: Operand, second: Operand): Condition {
  const wanted = second.literal !== undefined && 'S' in second.literal ? second.literal.S : undefined;
  if (wanted === undefined || !TYPES.includes(wanted)) {
    throw reader.invalid('Invalid attribute type name found; valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}');
  }
  return (item) => {
    const value = subject.read(item);
    return value !== undefined && typeOf(value) === wanted;
  };
}

export function beginsWith(value: AttributeValue | undefined, prefix: AttributeValue | undefined): boolean {
  if (value === undefined || prefix === undefined) return false;
  if ('S' in value && 'S' in prefix) return value.S.startsWith(prefix.S);
  if (!('B' in value && 'B' in prefix)) return false;
  const start = Buffer.from(prefix.B, 'base64');
  return Buffer.from(value.B, 'base64').subarray(0, start.length).equals(start);
}

function containsValue(value: AttributeValue | undefined, part: AttributeValue | undefined): boolean {
  if (value === undefined || part === undefined) return false;
  if ('S' in value && 'S' in part) return value.S.includes(part.S);
  if ('SS' in value && 'S' in part) return value.SS.includes(part.S);
  if ('NS' in value && 'N' in part) return value.NS.includes(part.N);
  if ('BS' in value && 'B' in part) return value.BS.includes(part.B);
  if ('B' in value && 'B' in part) return Buffer.from(value.B, 'base64').includes(Buffer.from(part.B, 'base64'));
  return 'L' in value && value.L.some((each) => equalValues(each, part));
}

function assertOrdered(reader: ExpressionReader, operator: string, ...operands: readonly Operand[]): void {
  const unordered = operands.find(({ literal }) => literal !== undefined && !ORDERED.includes(typeOf(literal)));
  if (unordered?.literal !== undefined) throw incorrectOperand(reader, operator, unordered.literal);
}

function incorrectOperand(reader: ExpressionReader, operator: string, operand: AttributeValue): Error {
  return reader.invalid(
    `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${typeOf(operand)}`,
  );
}

function assertDistinct(reader: ExpressionReader, operator: string, left: Operand, right: Operand): void {
  if (left.path === undefined || right.path === undefined) return;
  if (formatPath(left.path) !== formatPath(right.path)) return;
  throw reader.invalid(
    `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${formatPath(left.path)}`,
  );
}
