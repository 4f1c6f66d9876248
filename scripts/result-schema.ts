/** JSON Schema (draft 7) of what commands print with `--json`, from the valibot schemas that they declare. */

interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** What the walk reads of a valibot schema. */
interface Node {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Node>>;
  readonly wrapped?: Node;
  readonly value?: Node;
  readonly item?: Node;
  readonly options?: readonly unknown[];
  readonly literal?: unknown;
}

/** The envelope around a command's data. */
export function resultSchema(command: string, data: object): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: `rolecall ${command} --json`,
    type: 'object',
    properties: {
      schemaVersion: { const: 1 },
      command: { const: command },
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- valibot's own types are too deep to walk
      data: shapeOf(data as Node),
    },
    required: ['schemaVersion', 'command', 'data'],
    additionalProperties: false,
  };
}

function shapeOf(node: Node): JsonSchema {
  switch (node.type) {
    case 'strict_object':
      return objectSchema(node.entries ?? {});
    case 'record':
      return { type: 'object', additionalProperties: shapeOf(inner(node.value, node)) };
    case 'array':
      return { type: 'array', items: shapeOf(inner(node.item, node)) };
    case 'exact_optional':
      return shapeOf(inner(node.wrapped, node));
    case 'nullable':
      return { anyOf: [shapeOf(inner(node.wrapped, node)), { type: 'null' }] };
    case 'union':
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the options of a union are schemas
      return { anyOf: (node.options ?? []).map((option) => shapeOf(option as Node)) };
    case 'picklist':
      return { enum: node.options };
    case 'literal':
      return { const: node.literal };
    case 'string':
    case 'number':
    case 'boolean':
      return { type: node.type };
    case 'unknown':
      return {};
    default:
      throw new Error(`A result's schema has a ${node.type}, which the published schemas do not know.`);
  }
}

function inner(node: Node | undefined, owner: Node): Node {
  if (node === undefined) throw new Error(`A ${owner.type} of a result's schema holds nothing.`);
  return node;
}

function objectSchema(entries: Readonly<Record<string, Node>>): JsonSchema {
  const required = Object.entries(entries)
    .filter(([, entry]) => entry.type !== 'exact_optional')
    .map(([key]) => key);
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, shapeOf(entry)])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}
