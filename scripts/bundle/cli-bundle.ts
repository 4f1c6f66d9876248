import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import { schemaFold } from './schema-fold.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const OUTPUT = join(ROOT, 'dist/cli');
/** npm writes it at each change of what is installed: it stands for all that comes from there. */
const INSTALLED = 'node_modules/.package-lock.json';

/** Of each file that the bundle was made from, when it was changed last, in milliseconds, and its size. */
type BuiltFrom = Readonly<Record<string, readonly [mtimeMs: number, bytes: number]>>;

const SETTINGS = {
  absWorkingDir: ROOT,
  entryPoints: ['bin/rolecall.ts'],
  outdir: OUTPUT,
  write: false,
  metafile: true,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  mainFields: ['module', 'main'],
  // Runs a configuration's TypeScript.
  external: ['tsx'],
  minify: true,
  legalComments: 'external',
  logLevel: 'warning',
} as const satisfies BuildOptions;

/**
 * Writes dist/cli: the command line as plain JavaScript, the SDK's clients included.
 *
 * ```
 * rolecall.cjs     what gives the first output: one file, and CommonJS, which spares Node its loader of ES modules until then
 * *-<hash>.js      what it loads then: the commands, and what only some of them need
 * built-from.json  what it was made from: bin/rolecall.cjs runs the bundle of a checkout only while all of that is as it was
 * ```
 *
 * The two builds share no module: what is in both, such as a class, is there twice, so the first asks nothing of its
 * class that comes from the others (lib/cli/program.ts leaves errors to lib/cli/failure.ts).
 */
export async function bundleCli(): Promise<void> {
  const stamp = join(OUTPUT, 'built-from.json');
  const { metafile, outputFiles: modules } = await build({
    ...SETTINGS,
    splitting: true,
    format: 'esm',
    plugins: [schemaFold],
    // Packages that are CommonJS ask for Node's own modules by require.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  const { outputFiles: first } = await build({
    ...SETTINGS,
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    plugins: [loadedLater(metafile)],
  });
  const outputFiles = [...first, ...modules.filter(({ path }) => basename(path) !== 'rolecall.js')];
  const sources = Object.keys(metafile.inputs).filter((path) => !path.startsWith('node_modules/'));
  const builtFrom = await stateOf([...sources, 'bin/rolecall.cjs', INSTALLED]);
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

/** Each `import()` of ours leads to the file that the build of the modules made for it. */
function loadedLater({ outputs }: Metafile): Plugin {
  const files = new Map(
    Object.entries(outputs).flatMap(([path, { entryPoint }]) =>
      entryPoint === undefined ? [] : [[join(ROOT, entryPoint), `./${basename(path)}`] as const],
    ),
  );
  return {
    name: 'loaded-later',
    setup(first) {
      first.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
        if (kind !== 'dynamic-import') return undefined;
        const file = files.get(resolve(resolveDir, path));
        return file === undefined
          ? { errors: [{ text: `no file was made for ${path}` }] }
          : { path: file, external: true };
      });
    },
  };
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
