import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Metafile, type OutputFile } from 'esbuild';
import { RECORDED_BYTES } from './recorded-sizes.ts';
import { schemaFold } from './schema-fold.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** The size in bytes that each bundle may have: what is loaded at every cold start. */
export const BUDGET_BYTES: Readonly<Record<string, number>> = { observe: 450_000, reconcile: 450_000 };

export interface Bundle {
  readonly name: string;
  readonly bytes: number;
  readonly gzipBytes: number;
  /** What a cold start loads from elsewhere: nothing but modules of Node itself. */
  readonly imports: readonly string[];
}

export interface BundleOptions {
  /** A folder with one `<name>.ts` for each Lambda. @default lambdas/entries */
  readonly entries?: string;
  /** Where `<name>/index.mjs` and its map go. @default dist/lambdas */
  readonly output?: string;
}

/**
 * Bundles each Lambda into one ES module. The same sources give the same bytes, wherever the checkout lies, so that a
 * deployment without changes uploads nothing; files that already hold them are not written.
 */
export async function bundleLambdas(options: BundleOptions = {}): Promise<readonly Bundle[]> {
  const entries = options.entries ?? join(ROOT, 'lambdas/entries');
  const output = options.output ?? join(ROOT, 'dist/lambdas');
  const names = (await readdir(entries))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => basename(file, '.ts'))
    .sort();
  const result = await build({
    absWorkingDir: ROOT,
    entryPoints: Object.fromEntries(names.map((name) => [`${name}/index`, join(entries, `${name}.ts`)])),
    outdir: output,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    // Node 20 runs the bundles in the local account, Node 24 in Lambda.
    target: 'node20.19',
    mainFields: ['module', 'main'],
    alias: {
      '@aws-sdk/credential-provider-node': './scripts/bundle/environment-credentials.ts',
      '@aws-sdk/middleware-endpoint-discovery': './scripts/bundle/no-endpoint-discovery.ts',
      '@smithy/core/event-streams': './scripts/bundle/no-event-streams.ts',
    },
    plugins: [schemaFold],
    minify: true,
    legalComments: 'none',
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    logLevel: 'silent',
  });
  for (const file of result.outputFiles) await writeIfChanged(file, output);
  return names.map((name) => describe(name, result.outputFiles, result.metafile));
}

/** In one step, for another process may read the bundle, or write the same one, at this very moment. */
async function writeIfChanged(file: OutputFile, folder: string): Promise<void> {
  const present = await readFile(file.path).catch(() => undefined);
  if (present?.equals(file.contents)) return;
  await mkdir(dirname(file.path), { recursive: true });
  const temporary = join(folder, `.${randomUUID()}.tmp`);
  await writeFile(temporary, file.contents);
  await rename(temporary, file.path);
}

function describe(name: string, files: readonly OutputFile[], metafile: Metafile): Bundle {
  const isOurs = (path: string): boolean => path.endsWith(join(name, 'index.mjs'));
  const code = files.find((file) => isOurs(file.path));
  const output = Object.entries(metafile.outputs).find(([path]) => isOurs(path))?.[1];
  if (code === undefined || output === undefined) throw new Error(`esbuild gave no index.mjs for the Lambda ${name}.`);
  return {
    name,
    bytes: code.contents.byteLength,
    gzipBytes: gzipSync(code.contents, { level: 9 }).byteLength,
    imports: [...new Set(output.imports.map((one) => one.path))].sort(),
  };
}

/** A sentence for each bundle that is over its budget. */
export function overBudget(bundles: readonly Bundle[]): readonly string[] {
  return bundles.flatMap(({ name, bytes }) => {
    const budget = BUDGET_BYTES[name];
    if (budget === undefined || bytes <= budget) return [];
    return [
      `The Lambda ${name} is ${bytes} bytes, over its budget of ${budget}: see what it imports with esbuild's --analyze.`,
    ];
  });
}

/** A sentence for each bundle that has grown by more than a tenth since its size was recorded. */
export function overRecorded(
  bundles: readonly Bundle[],
  recorded: Readonly<Record<string, number>> = RECORDED_BYTES,
): readonly string[] {
  return bundles.flatMap(({ name, bytes }) => {
    const before = recorded[name];
    if (before === undefined)
      return [
        `The Lambda ${name} is ${bytes} bytes, and no size is recorded: add it to scripts/bundle/recorded-sizes.ts.`,
      ];
    if (bytes <= before * 1.1) return [];
    return [
      `The Lambda ${name} is ${bytes} bytes, more than a tenth over the ${before} recorded in scripts/bundle/recorded-sizes.ts: see what it imports with esbuild's --analyze, or record the new size with the reason.`,
    ];
  });
}
