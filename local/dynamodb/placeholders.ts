import { isRecord } from '../json.ts';
import { type AttributeValue, type Item, parseItem } from './attribute-value.ts';
import { invalid } from './error.ts';

/**
 * The `#name` and `:value` placeholders of one request. Each must be defined where it is used, and used where it is
 * defined ("Expression attribute names (aliases) in DynamoDB", "Using expression attribute values in DynamoDB").
 */
export class Placeholders {
  readonly #names: Readonly<Record<string, string>>;
  readonly #values: Item;
  readonly #used = new Set<string>();

  constructor(request: Readonly<Record<string, unknown>>, hasExpression: boolean) {
    this.#names = parseNames(request['ExpressionAttributeNames'], hasExpression);
    this.#values = parseValues(request['ExpressionAttributeValues'], hasExpression);
  }

  name(placeholder: string, expression: string): string {
    const name = Object.hasOwn(this.#names, placeholder) ? this.#names[placeholder] : undefined;
    if (name === undefined) {
      throw invalid(
        `Invalid ${expression}: An expression attribute name used in the document path is not defined; attribute name: ${placeholder}`,
      );
    }
    this.#used.add(placeholder);
    return name;
  }

  value(placeholder: string, expression: string): AttributeValue {
    const value = Object.hasOwn(this.#values, placeholder) ? this.#values[placeholder] : undefined;
    if (value === undefined) {
      throw invalid(
        `Invalid ${expression}: An expression attribute value used in expression is not defined; attribute value: ${placeholder}`,
      );
    }
    this.#used.add(placeholder);
    return value;
  }

  /** To be called when every expression of the request has been read. */
  assertAllUsed(): void {
    this.#assertUsed('ExpressionAttributeNames', Object.keys(this.#names));
    this.#assertUsed('ExpressionAttributeValues', Object.keys(this.#values));
  }

  #assertUsed(parameter: string, defined: readonly string[]): void {
    const unused = defined.filter((placeholder) => !this.#used.has(placeholder));
    if (unused.length > 0) {
      throw invalid(`Value provided in ${parameter} unused in expressions: keys: {${unused.join(', ')}}`);
    }
  }
}

function parseNames(given: unknown, hasExpression: boolean): Readonly<Record<string, string>> {
  const entries = entriesOf('ExpressionAttributeNames', given, hasExpression, /^#[A-Za-z0-9_]+$/);
  return Object.fromEntries(
    entries.map(([placeholder, name]) => {
      if (typeof name !== 'string' || name === '') {
        throw invalid(`ExpressionAttributeNames contains invalid value: ${String(name)} for key ${placeholder}`);
      }
      return [placeholder, name];
    }),
  );
}

function parseValues(given: unknown, hasExpression: boolean): Item {
  return parseItem(
    Object.fromEntries(entriesOf('ExpressionAttributeValues', given, hasExpression, /^:[A-Za-z0-9_]+$/)),
  );
}

function entriesOf(parameter: string, given: unknown, hasExpression: boolean, form: RegExp): [string, unknown][] {
  if (given === undefined) return [];
  if (!hasExpression) throw invalid(`${parameter} can only be specified when using expressions`);
  const entries = isRecord(given) ? Object.entries(given) : [];
  if (entries.length === 0) throw invalid(`${parameter} must not be empty`);
  const malformed = entries.find(([placeholder]) => !form.test(placeholder));
  if (malformed !== undefined) {
    throw invalid(`${parameter} contains invalid key: Syntax error; key: "${malformed[0]}"`);
  }
  return entries;
}
