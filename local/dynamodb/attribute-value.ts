import { compareDecimals, formatDecimal, parseDecimal } from './decimal.ts';
import { isRecord } from '../json.ts';
import { invalid } from './error.ts';

/** One attribute as the wire carries it: binary in base64, numbers as strings in DynamoDB's normal form. */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] }
  | { readonly M: Item }
  | { readonly L: readonly AttributeValue[] }
  | { readonly NULL: true }
  | { readonly BOOL: boolean };

export type Item = Readonly<Record<string, AttributeValue>>;
export type AttributeType = 'S' | 'N' | 'B' | 'SS' | 'NS' | 'BS' | 'M' | 'L' | 'NULL' | 'BOOL';

/** "DynamoDB supports nested attributes up to 32 levels deep" (Quotas in Amazon DynamoDB). */
const MAX_DEPTH = 32;

/** Reads an attribute value of a request; throws what DynamoDB answers for a malformed one. */
function parseAttributeValue(value: unknown, depth = 0): AttributeValue {
  if (depth > MAX_DEPTH) throw invalid('Nesting Levels have exceeded supported limits');
  const entries = isRecord(value) ? Object.entries(value) : [];
  const [entry] = entries;
  if (entry === undefined) {
    throw invalid('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
  if (entries.length > 1) {
    throw invalid(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  return parseTyped(entry[0], entry[1], depth);
}

function parseTyped(type: string, value: unknown, depth: number): AttributeValue {
  switch (type) {
    case 'S':
      return { S: text(value) };
    case 'N':
      return { N: formatDecimal(parseDecimal(text(value))) };
    case 'B':
      return { B: base64(value) };
    case 'SS':
      return { SS: parseSet('string', value, text) };
    case 'NS':
      return { NS: parseSet('number', value, (each) => formatDecimal(parseDecimal(text(each)))) };
    case 'BS':
      return { BS: parseSet('binary', value, base64) };
    case 'M':
      return { M: parseItem(value, depth + 1) };
    case 'L':
      return { L: list(value).map((each) => parseAttributeValue(each, depth + 1)) };
    case 'NULL':
      if (value !== true)
        throw invalid(
          'One or more parameter values were invalid: Null attribute value types must have the value of true',
        );
      return { NULL: true };
    case 'BOOL':
      if (typeof value !== 'boolean') throw serialization();
      return { BOOL: value };
    default:
      throw invalid('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
}

/** Reads a map of attributes: an item, a key, or the values of an expression. */
export function parseItem(value: unknown, depth = 0): Item {
  if (!isRecord(value)) throw serialization();
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, parseAttributeValue(each, depth)]));
}

function parseSet(kind: string, value: unknown, read: (each: unknown) => string): string[] {
  const values = list(value).map(read);
  if (values.length === 0) {
    throw invalid(`One or more parameter values were invalid: An ${kind} set  may not be empty`);
  }
  if (new Set(values).size !== values.length) {
    throw invalid(
      `One or more parameter values were invalid: Input collection [${values.join(', ')}] contains duplicates.`,
    );
  }
  return values;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw serialization();
  return value;
}

function base64(value: unknown): string {
  const given = text(value);
  if (Buffer.from(given, 'base64').toString('base64') !== given) throw serialization();
  return given;
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw serialization();
  return value;
}

function serialization(): Error {
  return invalid('Start of structure or map found where not expected, or a value of another type than its datatype');
}

/** The one datatype of a value and its content, as `typeof` for a switch. */
export function typeOf(value: AttributeValue): AttributeType {
  if ('S' in value) return 'S';
  if ('N' in value) return 'N';
  if ('B' in value) return 'B';
  if ('SS' in value) return 'SS';
  if ('NS' in value) return 'NS';
  if ('BS' in value) return 'BS';
  if ('M' in value) return 'M';
  if ('L' in value) return 'L';
  return 'NULL' in value ? 'NULL' : 'BOOL';
}

/** Order by UTF-8 bytes, which is the order of code points; that of UTF-16 units differs beyond the basic plane. */
export function compareText(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index += 1) {
    const left = one.charCodeAt(index);
    const right = other.charCodeAt(index);
    if (left !== right) return byteRank(left) - byteRank(right);
  }
  return one.length - other.length;
}

function byteRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** Orders two values of one scalar type; undefined where DynamoDB has no order for them. */
export function compareValues(one: AttributeValue, other: AttributeValue): number | undefined {
  if ('S' in one && 'S' in other) return compareText(one.S, other.S);
  if ('N' in one && 'N' in other) return compareDecimals(parseDecimal(one.N), parseDecimal(other.N));
  if ('B' in one && 'B' in other) return Buffer.compare(Buffer.from(one.B, 'base64'), Buffer.from(other.B, 'base64'));
  return undefined;
}

export function equalValues(one: AttributeValue, other: AttributeValue): boolean {
  if ('M' in one && 'M' in other) return equalItems(one.M, other.M);
  if ('L' in one && 'L' in other) {
    const right = other.L;
    return one.L.length === right.length && one.L.every((each, index) => equalAt(each, right[index]));
  }
  if ('SS' in one && 'SS' in other) return equalSets(one.SS, other.SS);
  if ('NS' in one && 'NS' in other) return equalSets(one.NS, other.NS);
  if ('BS' in one && 'BS' in other) return equalSets(one.BS, other.BS);
  if ('BOOL' in one && 'BOOL' in other) return one.BOOL === other.BOOL;
  if ('NULL' in one && 'NULL' in other) return true;
  return compareValues(one, other) === 0;
}

function equalAt(one: AttributeValue, other: AttributeValue | undefined): boolean {
  return other !== undefined && equalValues(one, other);
}

function equalItems(one: Item, other: Item): boolean {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    Object.entries(one).every(([name, value]) => equalAt(value, Object.hasOwn(other, name) ? other[name] : undefined))
  );
}

function equalSets(one: readonly string[], other: readonly string[]): boolean {
  const right = new Set(other);
  return one.length === right.size && one.every((each) => right.has(each));
}

/** The size that counts towards limits ("DynamoDB item sizes and formats", DynamoDB Developer Guide). */
export function sizeOfValue(value: AttributeValue): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('N' in value) return sizeOfNumber(value.N);
  if ('B' in value) return Buffer.byteLength(value.B, 'base64');
  if ('SS' in value) return sum(value.SS.map((each) => Buffer.byteLength(each)));
  if ('NS' in value) return sum(value.NS.map(sizeOfNumber));
  if ('BS' in value) return sum(value.BS.map((each) => Buffer.byteLength(each, 'base64')));
  if ('M' in value) return 3 + sizeOfItem(value.M) + Object.keys(value.M).length;
  if ('L' in value) return 3 + sum(value.L.map(sizeOfValue)) + value.L.length;
  return 1;
}

export function sizeOfItem(item: Item): number {
  return sum(Object.entries(item).map(([name, value]) => Buffer.byteLength(name) + sizeOfValue(value)));
}

function sizeOfNumber(number: string): number {
  const digits = number.replace(/[-.]/g, '').replace(/^0+|0+$/g, '').length;
  return Math.ceil(digits / 2) + 1 + (number.startsWith('-') ? 1 : 0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
