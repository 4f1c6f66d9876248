import type { Table } from '../../local/dynamodb/table.ts';
import type { ClientCall } from '../../local/in-process.ts';
import { isRecord } from '../../local/json.ts';
import type { Invocation } from './environments.ts';
import type { Version } from './rollouts.ts';
import { bodyOf } from './other-version.ts';
import { Violated, type World } from './world.ts';

type Item = Parameters<Table['put']>[0];

/** What an item is, by its key. */
const KINDS: readonly { readonly what: string; readonly pk: string; readonly sk: RegExp }[] = [
  { what: 'record set', pk: 'group#', sk: /^3#[^#]*#set#/ },
  { what: 'note', pk: 'group#', sk: /^3#[^#]*#note#/ },
  { what: 'intent', pk: 'group#', sk: /^2#intent#/ },
  { what: 'mark', pk: 'group#', sk: /^1#mark#/ },
  { what: 'slot', pk: 'role#', sk: /^slot#/ },
  { what: 'member', pk: 'role#', sk: /^member#/ },
  { what: 'definition', pk: 'role#', sk: /^definition$/ },
  { what: 'fact', pk: 'facts', sk: /^/ },
  { what: 'drain', pk: 'drains', sk: /^/ },
];

/** The part of a world that it looks at. */
type Surroundings = Pick<World, 'table' | 'timeline' | 'count' | 'fail'>;

/** How close together two are at work side by side. */
const SIDE_BY_SIDE_MS = 1_000;

const KEPT = '7 nothing is lost';
/** What the successor adds to all that it stores. */
const ADDITION = 'edition';
/** A kind that only the successor has. */
const NEW_MARK = / 1#mark#shelf#/;

/** Counts where Lambdas of two versions met: what one of them wrote and the other wrote again, or took away. And holds that nothing of it is lost. */
export class Mingling {
  readonly #world: Surroundings;
  /** Who last wrote what is there, by key. */
  readonly #writers = new Map<string, Version>();
  /** Facts to which the other version has added something. */
  readonly #extended = new Set<string>();
  readonly #readers = new Map<string, { readonly version: Version; readonly atMs: number }>();

  constructor(world: Surroundings) {
    this.#world = world;
  }

  reads(group: string, { version }: Invocation): void {
    const atMs = this.#world.timeline.now();
    const last = this.#readers.get(group);
    this.#readers.set(group, { version, atMs });
    if (last !== undefined && last.version !== version && atMs - last.atMs <= SIDE_BY_SIDE_MS)
      this.#world.count('both versions at one group within a second');
  }

  answered({ operation, parameters }: ClientCall, { version }: Invocation): void {
    if (operation !== 'TransactWriteItems') return;
    const { TransactItems: writes } = parameters;
    for (const write of Array.isArray(writes) ? writes : []) this.#written(write, version);
  }

  /** A transaction that was refused has changed nothing: what is there tells. */
  #written(write: unknown, version: Version): void {
    const { Put, Update, Delete } = isRecord(write) ? write : {};
    const action = [Put, Update, Delete].find(isRecord);
    const of = isRecord(Put) ? Put['Item'] : action?.['Key'];
    if (!isItem(of)) return;
    const { pk, sk } = of;
    const kind = KINDS.find((each) => textOf(pk).startsWith(each.pk) && each.sk.test(textOf(sk)));
    if (kind === undefined || pk === undefined || sk === undefined) return;
    const there = this.#world.table?.get({ pk, sk });
    const isDone =
      Delete !== undefined
        ? there === undefined
        : Put === undefined
          ? true
          : there?.['body'] !== undefined && textOf(there['body']) === textOf(of['body']);
    if (!isDone) return;
    const key = `${textOf(pk)} ${textOf(sk)}`;
    this.#assertKept(key, kind.what, Delete === undefined ? there : undefined, version);
    const before = this.#writers.get(key);
    if (Delete === undefined) this.#writers.set(key, version);
    else this.#writers.delete(key);
    if (before === undefined || before === version) return;
    this.#world.count(
      `${kind.what} of one version ${Delete === undefined ? 'written again' : 'taken away'} by the other`,
    );
  }

  /** What the other version added to a fact stays in it, and its own marks are there for it. */
  #assertKept(key: string, what: string, item: Item | undefined, version: Version): void {
    if (what === 'fact') {
      const has = item !== undefined && ADDITION in bodyOf(item);
      if (has) this.#extended.add(key);
      else if (this.#extended.has(key)) this.#complain(`${key} has lost what the other version added`);
    }
    if (what === 'mark' && item === undefined && version === 'this' && NEW_MARK.test(key))
      this.#complain(`${key} is of the other version, and was cleared`);
  }

  #complain(message: string): void {
    this.#world.fail(new Violated(KEPT, message));
  }
}

function isItem(value: unknown): value is Item {
  return isRecord(value) && isRecord(value['pk']) && isRecord(value['sk']);
}

function textOf(value: Item[string] | undefined): string {
  return value !== undefined && 'S' in value ? value.S : '';
}
