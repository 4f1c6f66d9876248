import type { AttributeValue } from './attribute-value.ts';
import type { DocumentPath } from './document-path.ts';
import { invalid } from './error.ts';
import type { Placeholders } from './placeholders.ts';
import { isReservedWord } from './reserved-words.ts';

export type ExpressionKind =
  | 'ConditionExpression'
  | 'FilterExpression'
  | 'KeyConditionExpression'
  | 'ProjectionExpression'
  | 'UpdateExpression';

/** "Expression parameters: the maximum length of any expression string is 4 KB" (Quotas in Amazon DynamoDB). */
const MAX_EXPRESSION_BYTES = 4096;

const TOKEN = /\s*(?:([#:]?[A-Za-z0-9_]+)|(<>|<=|>=|[=<>()[\],.+-]))/y;

/** The tokens of one expression, read from left to right; every refusal names the expression, as DynamoDB does. */
export class ExpressionReader {
  readonly kind: ExpressionKind;
  /** The attributes of the item that the expression has named so far. */
  readonly attributes = new Set<string>();
  readonly #tokens: readonly string[];
  readonly #placeholders: Placeholders;
  #position = 0;

  constructor(kind: ExpressionKind, expression: unknown, placeholders: Placeholders) {
    this.kind = kind;
    this.#placeholders = placeholders;
    this.#tokens = tokensOf(kind, expression);
  }

  peek(ahead = 0): string | undefined {
    return this.#tokens[this.#position + ahead];
  }

  /** Whether the next token is this keyword, in any case. */
  atKeyword(keyword: string): boolean {
    return this.peek()?.toUpperCase() === keyword;
  }

  take(): string {
    const token = this.peek();
    if (token === undefined) throw this.syntaxError();
    this.#position += 1;
    return token;
  }

  /** Takes the next token if it is this one. */
  accept(token: string): boolean {
    if (this.peek()?.toUpperCase() !== token) return false;
    this.#position += 1;
    return true;
  }

  expect(token: string): void {
    if (!this.accept(token)) throw this.syntaxError();
  }

  end(): void {
    if (this.peek() !== undefined) throw this.syntaxError();
  }

  atValue(): boolean {
    return this.peek()?.startsWith(':') === true;
  }

  value(): AttributeValue {
    return this.#placeholders.value(this.take(), this.kind);
  }

  path(): DocumentPath {
    const steps: (string | number)[] = [];
    const first = this.#name();
    this.attributes.add(first);
    for (;;) {
      if (this.accept('.')) steps.push(this.#name());
      else if (this.accept('[')) steps.push(this.#index());
      else return [first, ...steps];
    }
  }

  #name(): string {
    const token = this.peek();
    if (token === undefined || !/^#?[A-Za-z0-9_]+$/.test(token) || /^[0-9_]/.test(token)) throw this.syntaxError();
    this.#position += 1;
    if (token.startsWith('#')) return this.#placeholders.name(token, this.kind);
    if (isReservedWord(token)) {
      throw this.invalid(`Attribute name is a reserved keyword; reserved keyword: ${token}`);
    }
    return token;
  }

  #index(): number {
    const token = this.peek();
    if (token === undefined || !/^\d{1,6}$/.test(token)) throw this.syntaxError();
    this.#position += 1;
    this.expect(']');
    return Number(token);
  }

  invalid(message: string): Error {
    return invalid(`Invalid ${this.kind}: ${message}`);
  }

  syntaxError(): Error {
    const token = this.peek() ?? '<EOF>';
    const near = this.#tokens.slice(Math.max(0, this.#position - 1), this.#position + 2).join(' ');
    return this.invalid(`Syntax error; token: "${token}", near: "${near}"`);
  }
}

function tokensOf(kind: ExpressionKind, expression: unknown): string[] {
  if (typeof expression !== 'string') throw invalid(`Invalid ${kind}: The expression must be a string;`);
  const trimmed = expression.trim();
  if (trimmed === '') throw invalid(`Invalid ${kind}: The expression can not be empty;`);
  const bytes = Buffer.byteLength(expression);
  if (bytes > MAX_EXPRESSION_BYTES) {
    throw invalid(`Invalid ${kind}: Expression size has exceeded the maximum allowed size; expression size: ${bytes}`);
  }
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const from = TOKEN.lastIndex;
    const [, word, sign] = TOKEN.exec(trimmed) ?? [];
    const token = word ?? sign;
    if (token === undefined) {
      const rest = trimmed.slice(from).trim();
      throw invalid(`Invalid ${kind}: Syntax error; token: "${rest.slice(0, 1)}", near: "${rest.slice(0, 12)}"`);
    }
    tokens.push(token);
  }
  return tokens;
}
