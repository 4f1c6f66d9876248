import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { PlantedBug } from './planted-bugs.ts';
import type { Verdict } from './run.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
/** Inside node_modules, so that the bundle finds what it does not contain. */
const FOLDER = join(ROOT, 'node_modules/.cache/rolecall-planted');

export interface Simulator {
  readonly simulate: (seed: number, base: unknown) => Promise<Verdict>;
  readonly warmUp: (base: unknown) => Promise<void>;
}

/** The simulator with one mistake in it. Throws when the fragment is not in its file exactly once. */
export async function simulatorWith(bug: PlantedBug): Promise<Simulator> {
  await mkdir(FOLDER, { recursive: true });
  const outfile = join(FOLDER, `${bug.name.replaceAll(/[^a-zA-Z0-9]+/g, '-')}.mjs`);
  await build({
    entryPoints: [join(ROOT, 'test/simulation/run.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    packages: 'external',
    plugins: [planting(bug)],
    logLevel: 'silent',
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the module that was just built
  return (await import(`${pathToFileURL(outfile).href}?${Date.now()}`)) as Simulator;
}

/** The file with the mistake in it. */
export async function planted({ name, file, also = [], ...first }: PlantedBug): Promise<string> {
  let source = await readFile(join(ROOT, file), 'utf8');
  for (const { fragment, becomes } of [first, ...also]) {
    const parts = source.split(fragment);
    if (parts.length !== 2) {
      throw new Error(`“${name}” cannot be planted: ${file} has its fragment ${parts.length - 1} times, not once.`);
    }
    source = parts.join(becomes);
  }
  return source;
}

function planting(bug: PlantedBug): Plugin {
  const path = join(ROOT, bug.file);
  return {
    name: 'planted-bug',
    setup: (setup) => {
      setup.onLoad({ filter: /\.ts$/ }, async (source) =>
        source.path === path ? { contents: await planted(bug), loader: 'ts' } : undefined,
      );
    },
  };
}
