import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { KEY_TABLE } from '../lib/config/key-table.ts';
import { configurationSchema } from '../lib/config/shape.ts';

/** Writes roles.schema.json and the tables of docs/reference/configuration.md from the schema and the table of keys. */

export const SCHEMA_FILE = new URL('../roles.schema.json', import.meta.url);
export const REFERENCE_FILE = new URL('../docs/reference/configuration.md', import.meta.url);

interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** What the walk reads of a valibot schema or action. */
interface Node {
  readonly kind: string;
  readonly type: string;
  readonly pipe?: readonly Node[] | undefined;
  readonly entries?: Readonly<Record<string, Node>>;
  readonly wrapped?: Node;
  readonly key?: Node;
  readonly value?: Node;
  readonly item?: Node;
  readonly options?: readonly (Node | string)[];
  readonly requirement?: unknown;
}

/** The placeholder that stands for a key of the user’s, by the path of its object. */
const USER_KEYS: Readonly<Record<string, string>> = {
  zones: 'zones.<key>',
  roles: 'roles.<role>',
  'roles.<role>.srv': 'roles.<role>.srv.<service>',
  hosts: 'hosts.<id>',
};

/** The JSON Schema of the configuration's shape (draft 7, which editors know best). */
export function jsonSchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Rolecall configuration',
    ...schemaOf(configurationSchema, ''),
  };
}

/** Every path of the schema, as the table of keys must have it. */
export function schemaPaths(): string[] {
  const paths: string[] = [];
  schemaOf(configurationSchema, '', paths);
  return [...new Set(paths)];
}

function schemaOf(node: Node, path: string, paths: string[] = []): JsonSchema {
  if (path !== '') paths.push(path);
  const meaning = KEY_TABLE[path]?.meaning.replaceAll('`', '');
  return { ...(meaning === undefined ? {} : { description: meaning }), ...shapeOf(node, path, paths) };
}

function shapeOf(node: Node, path: string, paths: string[]): JsonSchema {
  if (node.pipe !== undefined) {
    return node.pipe.reduce<JsonSchema>(
      (schema, part) => ({ ...schema, ...shapeOf(withoutPipe(part, node), path, paths) }),
      {},
    );
  }
  switch (node.type) {
    case 'loose_object':
      return objectSchema(node.entries ?? {}, path, paths);
    case 'record':
      return recordSchema(node, path, paths);
    case 'exact_optional':
      return node.wrapped === undefined ? {} : shapeOf(node.wrapped, path, paths);
    case 'array':
      return { type: 'array', items: node.item === undefined ? {} : schemaOf(node.item, `${path}[]`, paths) };
    case 'union':
      return { anyOf: nodesIn(node.options).map((option) => shapeOf(option, path, paths)) };
    case 'picklist':
      return { enum: node.options };
    case 'string':
    case 'boolean':
    case 'number':
      return { type: node.type };
    case 'safe_integer':
      return { type: 'integer' };
    case 'min_value':
      return { minimum: node.requirement };
    case 'max_value':
      return { maximum: node.requirement };
    case 'regex':
      return { pattern: node.requirement instanceof RegExp ? node.requirement.source : undefined };
    case 'min_length':
      return { minItems: node.requirement };
    case 'min_entries':
      return { minProperties: node.requirement };
    case 'max_entries':
      return { maxProperties: node.requirement };
    default:
      return {};
  }
}

/** The first part of a pipe is the schema that carries the pipe itself. */
function withoutPipe(part: Node, owner: Node): Node {
  return part.pipe === owner.pipe ? { ...part, pipe: undefined } : part;
}

function nodesIn(options: readonly (Node | string)[] | undefined): Node[] {
  return (options ?? []).filter((option) => typeof option !== 'string');
}

function objectSchema(entries: Readonly<Record<string, Node>>, path: string, paths: string[]): JsonSchema {
  const properties = Object.entries(entries).map(([key, entry]) => [
    key,
    schemaOf(entry, path === '' ? key : `${path}.${key}`, paths),
  ]);
  const required = Object.entries(entries)
    .filter(([, entry]) => entry.type !== 'exact_optional')
    .map(([key]) => key);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

function recordSchema(node: Node, path: string, paths: string[]): JsonSchema {
  return {
    type: 'object',
    propertyNames: node.key === undefined ? {} : shapeOf(node.key, path, paths),
    additionalProperties:
      node.value === undefined ? {} : schemaOf(node.value, USER_KEYS[path] ?? `${path}.<key>`, paths),
  };
}

/** The tables of the reference, by the name of the block that holds each. */
export function referenceTables(): Readonly<Record<string, string>> {
  const keys = Object.entries(KEY_TABLE).map(([path, entry]) => [
    `\`${path}\``,
    entry.values,
    entry.whenOmitted,
    entry.meaning,
  ]);
  return { keys: table(['Key', 'Values', 'When omitted', 'Meaning'], keys) };
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The page with each block `<!-- begin NAME --> … <!-- end NAME -->` filled. */
export function filledIn(page: string): string {
  return Object.entries(referenceTables()).reduce((text, [name, content]) => {
    const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
    const [before, after] = [text.split(begin)[0], text.split(end)[1]];
    if (before === undefined || after === undefined)
      throw new Error(`The page has no block ${name}: add ${begin} and ${end}.`);
    return `${before}${begin}\n${content}\n${end}${after}`;
  }, page);
}

export function schemaText(): string {
  return `${JSON.stringify(jsonSchema(), null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(SCHEMA_FILE, schemaText());
  writeFileSync(REFERENCE_FILE, filledIn(readFileSync(REFERENCE_FILE, 'utf8')));
}
