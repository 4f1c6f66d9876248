import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { BUNDLED, ROOT } from './planting.ts';

/** Inside node_modules, so that the bundles find what they do not contain. */
export const VERSIONS_FOLDER = join(ROOT, 'node_modules/.cache/rolecall-versions');

const ENTRY = `
export { createHandler as createConfigure } from './lambdas/configure.ts';
export { settingsFrom } from './lambdas/environment.ts';
export { createHandler as createObserve } from './lambdas/observe.ts';
export { createHandler as createReconcile } from './lambdas/reconcile.ts';
export { createHandler as createSweep } from './lambdas/sweep.ts';
`;

/** Builds the Lambdas of the sources in a folder as a module that is a `Code`, and returns its path. */
export async function codeFrom(folder: string, plugins: Plugin[] = []): Promise<string> {
  const { outputFiles } = await build({
    ...BUNDLED,
    stdin: { contents: ENTRY, resolveDir: folder, sourcefile: 'code.ts', loader: 'ts' },
    write: false,
    plugins,
  });
  const [{ contents } = { contents: new Uint8Array() }] = outputFiles;
  const hash = createHash('sha256').update(contents).digest('hex').slice(0, 16);
  const path = join(VERSIONS_FOLDER, `${hash}.mjs`);
  await mkdir(VERSIONS_FOLDER, { recursive: true });
  // Others may build, or load, the very same at this moment.
  const unfinished = join(VERSIONS_FOLDER, `${hash}.${process.pid}.${performance.now()}.part`);
  await writeFile(unfinished, contents);
  await rename(unfinished, path);
  return path;
}
