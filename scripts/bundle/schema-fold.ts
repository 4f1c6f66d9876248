import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

const SCHEMA_FILE = /[\\/]@aws-sdk[\\/]client-[^\\/]+[\\/].*[\\/]schemas_\d+\.js$/;
/** A client reads its own version there, for the user agent, and takes the whole file along. */
const CLIENT_PACKAGE = /[\\/]@aws-sdk[\\/]client-[^\\/]+[\\/]package\.json$/;
const VERSION = /^ {2}"version": "(?<version>[^"]+)"/m;
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

/** The schema of an error with a message and no other member, and its entry among the errors of the service. */
const PLAIN_ERROR =
  /(export var (\w+)\$ = \[-3, n0, _\w+,\n {4}\{[^\n]*\},\n {4}\[_[mM]\],\n {4}\[0\]\n\];\n)n0_registry\.registerError\(\2\$, \2\);\n/g;

/**
 * Takes errors that carry nothing but a message out of the table that the client looks them up in. What is not found
 * there becomes the service's base exception with the same name, message and metadata: only `instanceof` is lost, and
 * nothing here asks for it. Errors with members of their own stay.
 */
export function dropPlainErrors(source: string): string {
  return source.replace(PLAIN_ERROR, '$1');
}

/** Lets esbuild drop what a bundle never uses: schemas of operations, classes of errors, and a client's package.json. */
export const schemaFold: Plugin = {
  name: 'schema-fold',
  setup(build) {
    build.onLoad({ filter: SCHEMA_FILE }, async ({ path }) => ({
      contents: dropPlainErrors(foldComputedKeys(await readFile(path, 'utf8'))),
      loader: 'js',
    }));
    build.onLoad({ filter: CLIENT_PACKAGE }, async ({ path }) => {
      const { version } = (await readFile(path, 'utf8')).match(VERSION)?.groups ?? {};
      return version === undefined ? undefined : { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};
