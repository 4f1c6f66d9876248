import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

const SCHEMA_FILE = /[\\/]@aws-sdk[\\/]client-[^\\/]+[\\/].*[\\/]schemas_\d+\.js$/;
const CONSTANT = /^const (_\w+) = ("(?:[^"\\]|\\.)*");$/gm;
const COMPUTED_KEY = /\[(_\w+)\]:/g;

/**
 * Writes the computed keys of a client's schema tables as plain ones: `{ [_xN]: _m }` becomes `{ "xmlName": _m }`.
 *
 * A computed key may run code, so esbuild keeps every table that has one, and with it the shape of every operation
 * of the service. The constants behind these keys are strings at the top of the same file; a key that is none of
 * them stays as it is.
 */
export function foldComputedKeys(source: string): string {
  const constants = new Map<string, string>();
  for (const [, name, literal] of source.matchAll(CONSTANT)) {
    if (name !== undefined && literal !== undefined) constants.set(name, literal);
  }
  return source.replace(COMPUTED_KEY, (whole, name: string) => {
    const literal = constants.get(name);
    // In an object literal `"__proto__": x` sets the prototype, where `["__proto__"]: x` makes a property.
    return literal === undefined || literal === '"__proto__"' ? whole : `${literal}:`;
  });
}

/** Lets esbuild drop the schemas of operations that a bundle never sends. */
export const schemaFold: Plugin = {
  name: 'schema-fold',
  setup(build) {
    build.onLoad({ filter: SCHEMA_FILE }, async ({ path }) => ({
      contents: foldComputedKeys(await readFile(path, 'utf8')),
      loader: 'js',
    }));
  },
};
