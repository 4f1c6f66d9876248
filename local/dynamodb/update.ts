import { type AttributeValue, type Item, typeOf } from './attribute-value.ts';
import { addDecimals, formatDecimal, parseDecimal, subtractDecimals } from './decimal.ts';
import { type DocumentPath, formatPath, overlaps, valueAt, withoutValueAt, withValueAt } from './document-path.ts';
import { invalid } from './error.ts';
import type { ExpressionReader } from './expression-reader.ts';

/** Reads from the item as it was before the update, and gives the item after it. */
type Step = (before: Item, after: Item) => Item;
type Operand = (before: Item) => AttributeValue;

export interface Update {
  /** The paths that the expression touches. */
  readonly paths: readonly DocumentPath[];
  apply(before: Item): Item;
}

const SECTIONS: readonly string[] = ['SET', 'REMOVE', 'ADD', 'DELETE'];

/** Reads an update expression ("Using update expressions in DynamoDB"): each section at most once, no path twice. */
export function parseUpdate(reader: ExpressionReader): Update {
  const steps: { readonly path: DocumentPath; readonly step: Step }[] = [];
  const seen = new Set<string>();
  do {
    const section = reader.take().toUpperCase();
    if (!SECTIONS.includes(section)) throw reader.invalid(`Syntax error; token: "${section}"`);
    if (seen.has(section)) {
      throw reader.invalid(`The "${section}" section can only be used once in an update expression;`);
    }
    seen.add(section);
    do steps.push(parseStep(reader, section));
    while (reader.accept(','));
  } while (reader.peek() !== undefined);
  const paths = steps.map(({ path }) => path);
  assertApart(reader, paths);
  return { paths, apply: (before) => steps.reduce((after, { step }) => step(before, after), before) };
}

function parseStep(reader: ExpressionReader, section: string): { path: DocumentPath; step: Step } {
  const path = reader.path();
  switch (section) {
    case 'SET': {
      reader.expect('=');
      const operand = parseSum(reader);
      return { path, step: (before, after) => withValueAt(after, path, operand(before)) };
    }
    case 'REMOVE':
      return { path, step: (_before, after) => withoutValueAt(after, path) };
    case 'ADD':
      return { path, step: addition(path, literalOf(reader, 'ADD', ['N', 'SS', 'NS', 'BS'])) };
    default:
      return { path, step: deletion(path, literalOf(reader, 'DELETE', ['SS', 'NS', 'BS'])) };
  }
}

function literalOf(reader: ExpressionReader, operator: string, types: readonly string[]): AttributeValue {
  if (!reader.atValue()) throw reader.syntaxError();
  const value = reader.value();
  if (!types.includes(typeOf(value))) {
    throw reader.invalid(
      `Incorrect operand type for operator or function; operator: ${operator}, operand type: ${typeOf(value)}, typeset: ALLOWED_FOR_${operator}_OPERAND`,
    );
  }
  return value;
}

function parseSum(reader: ExpressionReader): Operand {
  const left = parseOperand(reader);
  const sign = reader.peek();
  if (sign !== '+' && sign !== '-') return left;
  reader.take();
  const right = parseOperand(reader);
  return (before) => arithmetic(sign, left(before), right(before));
}

function arithmetic(sign: '+' | '-', left: AttributeValue, right: AttributeValue): AttributeValue {
  if (!('N' in left && 'N' in right)) throw wrongType();
  const [one, other] = [parseDecimal(left.N), parseDecimal(right.N)];
  return { N: formatDecimal(sign === '+' ? addDecimals(one, other) : subtractDecimals(one, other)) };
}

function parseOperand(reader: ExpressionReader): Operand {
  if (reader.atValue()) {
    const literal = reader.value();
    return () => literal;
  }
  if (reader.peek(1) === '(') return parseFunction(reader);
  const path = reader.path();
  return (before) => {
    const value = valueAt(before, path);
    if (value === undefined) {
      throw invalid('The provided expression refers to an attribute that does not exist in the item');
    }
    return value;
  };
}

function parseFunction(reader: ExpressionReader): Operand {
  const name = reader.take();
  reader.expect('(');
  if (name === 'if_not_exists') {
    const path = reader.path();
    reader.expect(',');
    const otherwise = parseOperand(reader);
    reader.expect(')');
    return (before) => valueAt(before, path) ?? otherwise(before);
  }
  if (name !== 'list_append') throw reader.invalid(`Invalid function name; function: ${name}`);
  const first = parseOperand(reader);
  reader.expect(',');
  const second = parseOperand(reader);
  reader.expect(')');
  return (before) => appended(first(before), second(before));
}

function appended(first: AttributeValue, second: AttributeValue): AttributeValue {
  if (!('L' in first && 'L' in second)) throw wrongType();
  return { L: [...first.L, ...second.L] };
}

/** `ADD`: a number to a number (0 when missing), elements to a set of the same type (empty when missing). */
function addition(path: DocumentPath, value: AttributeValue): Step {
  return (before, after) => {
    const held = valueAt(before, path);
    if (held === undefined) return withValueAt(after, path, value);
    if ('N' in value) return withValueAt(after, path, arithmetic('+', held, value));
    return withValueAt(
      after,
      path,
      setOf(held, value, (one, other) => [...new Set([...one, ...other])]),
    );
  };
}

/** `DELETE`: elements from a set of the same type; a set that would be empty goes. */
function deletion(path: DocumentPath, value: AttributeValue): Step {
  return (before, after) => {
    const held = valueAt(before, path);
    if (held === undefined) return after;
    const left = setOf(held, value, (one, other) => one.filter((each) => !other.includes(each)));
    return isEmptySet(left) ? withoutValueAt(after, path) : withValueAt(after, path, left);
  };
}

type SetOperation = (one: readonly string[], other: readonly string[]) => readonly string[];

function setOf(held: AttributeValue, value: AttributeValue, operation: SetOperation): AttributeValue {
  if ('SS' in held && 'SS' in value) return { SS: operation(held.SS, value.SS) };
  if ('NS' in held && 'NS' in value) return { NS: operation(held.NS, value.NS) };
  if ('BS' in held && 'BS' in value) return { BS: operation(held.BS, value.BS) };
  throw wrongType();
}

function isEmptySet(value: AttributeValue): boolean {
  const elements = 'SS' in value ? value.SS : 'NS' in value ? value.NS : 'BS' in value ? value.BS : undefined;
  return elements?.length === 0;
}

function wrongType(): Error {
  return invalid('An operand in the update expression has an incorrect data type');
}

function assertApart(reader: ExpressionReader, paths: readonly DocumentPath[]): void {
  for (const [index, path] of paths.entries()) {
    const other = paths.slice(index + 1).find((each) => overlaps(path, each));
    if (other !== undefined) {
      throw reader.invalid(
        `Two document paths overlap with each other; must remove or rewrite one of these paths; path one: ${formatPath(path)}, path two: ${formatPath(other)}`,
      );
    }
  }
}
