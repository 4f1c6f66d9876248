import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import type { Base } from './base.ts';
import type { PlantedBug } from './planted-bugs.ts';
import type { Verdict } from './run.ts';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
/** Inside node_modules, so that the bundle finds what it does not contain. */
const FOLDER = join(ROOT, 'node_modules/.cache/rolecall-planted');

/** How every bundle of the simulator's is built. */
export const BUNDLED = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  packages: 'external',
  logLevel: 'silent',
} as const satisfies BuildOptions;

/** What is another in a file. */
export interface Edit {
  readonly name: string;
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly fragment: string;
  readonly becomes: string;
  /** More places in the same file. */
  readonly also?: readonly { readonly fragment: string; readonly becomes: string }[];
}

export interface Simulator {
  readonly simulate: (seed: number, base: Base) => Promise<Verdict>;
  readonly warmUp: (base: Base) => Promise<void>;
}

/** The simulator with one mistake in it. Throws when the fragment is not in its file exactly once. */
export async function simulatorWith(bug: PlantedBug): Promise<Simulator> {
  await mkdir(FOLDER, { recursive: true });
  const outfile = join(FOLDER, `${bug.name.replaceAll(/[^a-zA-Z0-9]+/g, '-')}.mjs`);
  await build({
    ...BUNDLED,
    entryPoints: [join(ROOT, 'test/simulation/run.ts')],
    outfile,
    plugins: [planting([bug])],
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the module that was just built
  return (await import(`${pathToFileURL(outfile).href}?${Date.now()}`)) as Simulator;
}

/** The file with the edits in it. */
export async function edited(file: string, edits: readonly Edit[]): Promise<string> {
  let source = await readFile(join(ROOT, file), 'utf8');
  for (const { name, also = [], ...first } of edits) {
    for (const { fragment, becomes } of [first, ...also]) {
      const parts = source.split(fragment);
      if (parts.length !== 2) {
        throw new Error(`“${name}” cannot be planted: ${file} has its fragment ${parts.length - 1} times, not once.`);
      }
      source = parts.join(becomes);
    }
  }
  return source;
}

/** All that is edited, in the bundle that is being built. */
export function planting(edits: readonly Edit[]): Plugin {
  const files = new Map(edits.map(({ file }) => [join(ROOT, file), file]));
  return {
    name: 'planting',
    setup: (setup) => {
      setup.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const file = files.get(path);
        if (file === undefined) return undefined;
        return {
          contents: await edited(
            file,
            edits.filter((edit) => edit.file === file),
          ),
          loader: 'ts',
        };
      });
    },
  };
}
