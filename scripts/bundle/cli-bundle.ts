import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { schemaFold } from './schema-fold.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const OUTPUT = join(ROOT, 'dist/cli');
/** npm writes it at each change of what is installed: it stands for all that comes from there. */
const INSTALLED = 'node_modules/.package-lock.json';

/** Of each file that the bundle was made from, when it was changed last, in milliseconds, and its size. */
type BuiltFrom = Readonly<Record<string, readonly [mtimeMs: number, bytes: number]>>;

/**
 * Writes dist/cli: the command line as plain JavaScript, the SDK's clients included. What only some commands need lies
 * in files of its own, which they load. `built-from.json` says from which files it was made; bin/rolecall.js runs the
 * bundle of a checkout only while they are all as they were.
 */
export async function bundleCli(): Promise<void> {
  const stamp = join(OUTPUT, 'built-from.json');
  const { metafile, outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['bin/rolecall.ts'],
    outdir: OUTPUT,
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    mainFields: ['module', 'main'],
    // Runs a configuration's TypeScript, and is registered before anything else.
    external: ['tsx'],
    plugins: [schemaFold],
    // Packages that are CommonJS ask for Node's own modules by require.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    minify: true,
    legalComments: 'external',
    logLevel: 'warning',
  });
  const sources = Object.keys(metafile.inputs).filter((path) => !path.startsWith('node_modules/'));
  const builtFrom = await stateOf([...sources, 'bin/rolecall.js', INSTALLED]);
  await mkdir(OUTPUT, { recursive: true });
  await rm(stamp, { force: true });
  for (const { path, contents } of outputFiles) {
    // A command that runs at this moment may load the file, whose name goes with its content.
    const present = await readFile(path).catch(() => undefined);
    if (present?.equals(contents) !== true) await writeFile(path, contents);
  }
  const written = new Set(outputFiles.map(({ path }) => basename(path)));
  for (const file of await readdir(OUTPUT)) if (!written.has(file)) await rm(join(OUTPUT, file));
  await writeFile(stamp, JSON.stringify(builtFrom));
}

/** Whether every file that the bundle was made from is as it was then. */
export async function isCliBundleFresh(): Promise<boolean> {
  const text = await readFile(join(OUTPUT, 'built-from.json'), 'utf8').catch(() => '{}');
  const builtFrom: unknown = JSON.parse(text);
  if (typeof builtFrom !== 'object' || builtFrom === null || !(INSTALLED in builtFrom)) return false;
  const now = await stateOf(Object.keys(builtFrom)).catch(() => undefined);
  return JSON.stringify(now) === text;
}

async function stateOf(paths: readonly string[]): Promise<BuiltFrom> {
  const states = paths.map(async (path) => {
    const { mtimeMs, size } = await stat(join(ROOT, path));
    return [path, [mtimeMs, size]] as const;
  });
  return Object.fromEntries(await Promise.all(states));
}
