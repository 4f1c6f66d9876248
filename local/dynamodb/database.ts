import type { Timeline } from '../timeline.ts';
import { DynamoDbError, tableNotFound } from './error.ts';
import { type KeySchema, Table } from './table.ts';

/** "If the request token is used again within 10 minutes …" (TransactWriteItems, DynamoDB API Reference). */
const TOKEN_LIFE_MS = 10 * 60_000;

interface UsedToken {
  readonly actions: readonly unknown[];
  readonly atMs: number;
}

/** The tables of one account and region. */
export class Database {
  readonly timeline: Timeline;
  readonly account: string;
  readonly region: string;
  readonly newId: () => string;
  readonly tables = new Map<string, Table>();
  readonly #tokens = new Map<string, UsedToken>();

  constructor(settings: { timeline: Timeline; account: string; region: string; newId: () => string }) {
    this.timeline = settings.timeline;
    this.account = settings.account;
    this.region = settings.region;
    this.newId = settings.newId;
  }

  createTable(name: string, schema: KeySchema): Table {
    if (this.tables.has(name)) throw new DynamoDbError('ResourceInUseException', `Table already exists: ${name}`);
    const table = new Table(name, schema, this.timeline.now());
    this.tables.set(name, table);
    return table;
  }

  table(name: string): Table {
    const table = this.tables.get(name) ?? this.tables.get(this.#nameInArn(name));
    if (table === undefined) throw tableNotFound();
    return table;
  }

  arnOf(table: string): string {
    return `arn:aws:dynamodb:${this.region}:${this.account}:table/${table}`;
  }

  /** A table's ARN is as good as its name in every request. */
  #nameInArn(name: string): string {
    return name.startsWith(this.arnOf('')) ? name.slice(this.arnOf('').length) : name;
  }

  /** The actions that this token came with in the last ten minutes. */
  actionsOf(token: string): readonly unknown[] | undefined {
    for (const [each, { atMs }] of this.#tokens) {
      if (this.timeline.now() - atMs < TOKEN_LIFE_MS) break;
      this.#tokens.delete(each);
    }
    return this.#tokens.get(token)?.actions;
  }

  rememberToken(token: string, actions: readonly unknown[]): void {
    this.#tokens.set(token, { actions, atMs: this.timeline.now() });
  }
}
