import { isRecord, type JsonObject } from '../json.ts';
import { DynamoDbError, invalid } from './error.ts';
import { type ExpressionKind, ExpressionReader } from './expression-reader.ts';
import type { Placeholders } from './placeholders.ts';

/** The members of one operation's input. */
export type Request = JsonObject;

/** DynamoDB would carry out what we would only ignore: a parameter that is not there is refused, never dropped. */
export function assertParameters(request: Request, operation: string, known: readonly string[]): void {
  const unknown = Object.keys(request).filter((name) => request[name] !== undefined && !known.includes(name));
  if (unknown.length > 0) {
    throw new DynamoDbError(
      'UnsupportedOperation',
      `The local account's ${operation} has no parameter ${unknown.join(', ')}; it has ${known.join(', ')}`,
    );
  }
}

export function requiredText(request: Request, name: string): string {
  const value = request[name];
  if (typeof value !== 'string') {
    throw invalid(
      `1 validation error detected: Value null at '${lowerFirst(name)}' failed to satisfy constraint: Member must not be null`,
    );
  }
  return value;
}

export function requiredList(request: Request, name: string, maxLength: number): readonly unknown[] {
  const value = request[name];
  if (!Array.isArray(value) || value.length === 0) {
    throw invalid(
      `1 validation error detected: Value at '${lowerFirst(name)}' failed to satisfy constraint: Member must have length greater than or equal to 1`,
    );
  }
  if (value.length > maxLength) {
    throw invalid(
      `1 validation error detected: Value at '${lowerFirst(name)}' failed to satisfy constraint: Member must have length less than or equal to ${maxLength}`,
    );
  }
  return value;
}

export function requiredRecord(value: unknown, name: string): Request {
  if (!isRecord(value)) {
    throw invalid(
      `1 validation error detected: Value null at '${lowerFirst(name)}' failed to satisfy constraint: Member must not be null`,
    );
  }
  return value;
}

/** One of the words that the parameter admits; the first when it is left out. */
export function choice<const Word extends string>(
  request: Request,
  name: string,
  words: readonly [Word, ...Word[]],
): Word {
  const value = request[name];
  if (value === undefined) return words[0];
  const chosen = words.find((word) => word === value);
  if (chosen === undefined) {
    throw invalid(
      `1 validation error detected: Value '${JSON.stringify(value)}' at '${lowerFirst(name)}' failed to satisfy constraint: Member must satisfy enum value set: [${words.join(', ')}]`,
    );
  }
  return chosen;
}

/** A whole number of at least 1, or nothing. */
export function optionalCount(request: Request, name: string): number | undefined {
  const value = request[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) {
    throw invalid(
      `1 validation error detected: Value '${JSON.stringify(value)}' at '${lowerFirst(name)}' failed to satisfy constraint: Member must have value greater than or equal to 1`,
    );
  }
  return value;
}

/** Reads one of the request's expressions with `parse`, when it is there. */
export function expression<Parsed>(
  request: Request,
  kind: ExpressionKind,
  placeholders: Placeholders,
  parse: (reader: ExpressionReader) => Parsed,
): Parsed | undefined {
  if (request[kind] === undefined) return undefined;
  return parse(new ExpressionReader(kind, request[kind], placeholders));
}

function lowerFirst(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}
