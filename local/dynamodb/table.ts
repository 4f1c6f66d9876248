import { type AttributeValue, compareValues, type Item, sizeOfItem, sizeOfValue, typeOf } from './attribute-value.ts';
import { invalid } from './error.ts';

export interface KeyElement {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

export interface KeySchema {
  readonly partition: KeyElement;
  readonly sort?: KeyElement;
}

/** "The maximum item size in DynamoDB is 400 KB"; key lengths (Quotas in Amazon DynamoDB). */
const MAX_ITEM_BYTES = 400 * 1024;
const MAX_PARTITION_KEY_BYTES = 2048;
const MAX_SORT_KEY_BYTES = 1024;

/** The items of one table. Each partition is kept in the order of its sort keys; items are never changed in place. */
export class Table {
  readonly name: string;
  readonly schema: KeySchema;
  readonly createdAtMs: number;
  readonly #partitions = new Map<string, Item[]>();

  constructor(name: string, schema: KeySchema, createdAtMs: number) {
    this.name = name;
    this.schema = schema;
    this.createdAtMs = createdAtMs;
  }

  get(key: Item): Item | undefined {
    const { items, place, found } = this.#locate(key);
    return found ? items[place] : undefined;
  }

  put(item: Item): void {
    const { items, place, found } = this.#locate(item);
    items.splice(place, found ? 1 : 0, item);
    this.#partitions.set(this.#partitionOf(item), items);
  }

  delete(key: Item): void {
    const { items, place, found } = this.#locate(key);
    if (found) items.splice(place, 1);
    if (items.length === 0) this.#partitions.delete(this.#partitionOf(key));
  }

  /** The items of one partition, in the order of their sort keys. */
  partition(value: AttributeValue): readonly Item[] {
    return this.#partitions.get(encoded(value)) ?? [];
  }

  /** Every item behind the key, partition by partition, in an order that does not hang on when each was written. */
  all(after?: Item): readonly Item[] {
    const first = after === undefined ? '' : this.#partitionOf(after);
    return [...this.#partitions]
      .filter(([partition]) => partition >= first)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .flatMap(([partition, items]) =>
        after === undefined || partition !== first ? items : items.filter((item) => this.#order(item, after) > 0),
      );
  }

  get itemCount(): number {
    return [...this.#partitions.values()].reduce((count, items) => count + items.length, 0);
  }

  #partitionOf(item: Item): string {
    return encoded(keyValue(item, this.schema.partition));
  }

  #locate(key: Item): { items: Item[]; place: number; found: boolean } {
    const items = this.#partitions.get(this.#partitionOf(key)) ?? [];
    let [low, high] = [0, items.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#order(items[middle], key) < 0) low = middle + 1;
      else high = middle;
    }
    return { items, place: low, found: low < items.length && this.#order(items[low], key) === 0 };
  }

  #order(one: Item | undefined, other: Item): number {
    const { sort } = this.schema;
    if (sort === undefined || one === undefined) return 0;
    return compareValues(keyValue(one, sort), keyValue(other, sort)) ?? 0;
  }

  /** Tells two keys apart; the same for an item and for its key. */
  identityOf(key: Item): string {
    const { sort } = this.schema;
    return `${this.#partitionOf(key)}${sort === undefined ? '' : `\n${encoded(keyValue(key, sort))}`}`;
  }

  keyOf(item: Item): Item {
    return Object.fromEntries(this.#elements().map((element) => [element.name, keyValue(item, element)]));
  }

  #elements(): KeyElement[] {
    return [this.schema.partition, ...(this.schema.sort === undefined ? [] : [this.schema.sort])];
  }

  isKeyAttribute(name: string): boolean {
    return this.#elements().some((element) => element.name === name);
  }

  /** Throws unless the item may be stored: its key attributes, and its size. */
  assertStorable(item: Item, sizeMessage = 'Item size has exceeded the maximum allowed size'): void {
    for (const { name, type } of this.#elements()) {
      const value = Object.hasOwn(item, name) ? item[name] : undefined;
      if (value === undefined) {
        throw invalid(`One or more parameter values were invalid: Missing the key ${name} in the item`);
      }
      if (typeOf(value) !== type) {
        throw invalid(
          `One or more parameter values were invalid: Type mismatch for key ${name} expected: ${type} actual: ${typeOf(value)}`,
        );
      }
    }
    this.#assertKeyLengths(item);
    if (sizeOfItem(item) > MAX_ITEM_BYTES) throw invalid(sizeMessage);
  }

  /** Throws unless this is exactly a key of the table. */
  assertKey(key: Item): void {
    const elements = this.#elements();
    const fits =
      Object.keys(key).length === elements.length &&
      elements.every(({ name, type }) => {
        const value = Object.hasOwn(key, name) ? key[name] : undefined;
        return value !== undefined && typeOf(value) === type;
      });
    if (!fits) throw invalid('The provided key element does not match the schema');
    this.#assertKeyLengths(key);
  }

  #assertKeyLengths(item: Item): void {
    const [partition, sort] = this.#elements();
    if (partition !== undefined) assertLength(item, partition, MAX_PARTITION_KEY_BYTES, 'hashkey');
    if (sort !== undefined) assertLength(item, sort, MAX_SORT_KEY_BYTES, 'rangekey');
  }
}

function assertLength(item: Item, element: KeyElement, maxBytes: number, what: string): void {
  const value = keyValue(item, element);
  const bytes = 'N' in value ? 1 : sizeOfValue(value);
  if (bytes === 0) {
    const kind = element.type === 'S' ? 'string' : 'binary';
    throw invalid(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${kind} value. Key: ${element.name}`,
    );
  }
  if (bytes > maxBytes) {
    throw invalid(
      `One or more parameter values were invalid: Size of ${what} has exceeded the maximum size limit of ${maxBytes} bytes`,
    );
  }
}

function keyValue(item: Item, { name }: KeyElement): AttributeValue {
  const value = Object.hasOwn(item, name) ? item[name] : undefined;
  if (value === undefined) throw invalid('The provided key element does not match the schema');
  return value;
}

function encoded(value: AttributeValue): string {
  return JSON.stringify(value);
}
