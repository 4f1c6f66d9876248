import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LineCounter, parseDocument } from 'yaml';
import { type Configuration, ConfigurationError, parseConfiguration } from '../config/schema.ts';
import { InvalidInput } from '../model/errors.ts';

type Reader = (path: string) => Promise<unknown>;

/** By suffix. A module is loaded as it is: on a Node that runs no TypeScript the caller has made it able to. */
const READERS: Readonly<Record<string, Reader>> = {
  '.ts': readModule,
  '.mts': readModule,
  '.js': readModule,
  '.mjs': readModule,
  '.json': readJson,
  '.yaml': readYaml,
  '.yml': readYaml,
};

/**
 * Reads and checks the configuration in a file, by its suffix: a module's default export, JSON, or YAML.
 *
 * @throws InvalidInput when there is no such file or it cannot be read; ConfigurationError when its content is wrong.
 */
export async function loadConfiguration(path: string): Promise<Configuration> {
  const reader = READERS[extname(path).toLowerCase()];
  if (reader === undefined) {
    throw new InvalidInput(
      `${path} is no configuration file: its name must end in ${Object.keys(READERS).join(', ')}.`,
    );
  }
  const input = await reader(path);
  try {
    return parseConfiguration(input);
  } catch (error) {
    if (error instanceof ConfigurationError) throw new ConfigurationError(error.problems, path);
    throw error;
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw cannotRead(path, error);
  }
}

function cannotRead(path: string, error: unknown): InvalidInput {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
    return new InvalidInput(
      `There is no configuration file ${path}: create it, or name another with -c config=PATH or --config PATH.`,
      error,
    );
  }
  return new InvalidInput(`${path} cannot be read: ${messageOf(error)}`, error);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function readJson(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidInput(`${path} is not valid JSON: ${messageOf(error)}`, error);
  }
}

async function readYaml(path: string): Promise<unknown> {
  const lineCounter = new LineCounter();
  const document = parseDocument(await readText(path), { lineCounter, prettyErrors: false });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    const { line, col } = lineCounter.linePos(problem.pos[0]);
    throw new InvalidInput(`${path} is not valid YAML: line ${line}, column ${col}: ${problem.message}`, problem);
  }
  return document.toJS();
}

async function readModule(path: string): Promise<unknown> {
  // A missing import of the module gives the same error code as a missing module, so the file is looked for first.
  await readText(path);
  const module = await importModule(path);
  const exported = defaultExport(module);
  if (exported === undefined) {
    throw new InvalidInput(`${path} has no default export: write export default defineRoles({ … }).`);
  }
  return exported;
}

async function importModule(path: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(resolve(path)).href);
  } catch (error) {
    throw new InvalidInput(`${path} cannot be loaded: ${messageOf(error)}${hintFor(error)}`, error);
  }
}

/** What `import … from 'rolecall'` comes to in a checkout, where the package is not built. */
function hintFor(error: unknown): string {
  const isUnbuilt = /Cannot find module .*dist\/js\/lib\/config\/define\.js/.test(messageOf(error));
  return isUnbuilt
    ? ". In a checkout import from './lib/config/define.ts', or build the package by npm run prepack."
    : '';
}

/** In a package without `"type": "module"` the exports come wrapped once more, as CommonJS does it. */
function defaultExport(module: unknown): unknown {
  const exported = property(module, 'default');
  return property(exported, '__esModule') === true ? property(exported, 'default') : exported;
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
