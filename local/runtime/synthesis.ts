import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { InvalidInput, RolecallError } from '../../lib/model/errors.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What a synthesized stack is made from, besides the configuration. */
const SOURCES = ['bin/app.ts', 'cdk.json', 'lambdas', 'lib', 'package-lock.json', 'scripts'];
const CDK_JSON = v.object({ context: v.record(v.string(), v.unknown()) });
const ASSEMBLIES = join(ROOT, 'dist/local');
const KEPT_ASSEMBLIES = 8;

export interface SynthesisRequest {
  readonly configurationPath: string;
  /** The configuration as it was read: the assembly is used again while this and the sources stay the same. */
  readonly configuration: unknown;
  readonly stackName: string;
  readonly onProgress: (line: string) => void;
}

/**
 * The folder of the synthesized app: what `cdk synth` would write, bundles included.
 *
 * @throws RolecallError with the app's own words when it cannot be synthesized.
 */
export async function synthesize(request: SynthesisRequest): Promise<string> {
  const hash = await hashOf(request);
  const folder = join(ASSEMBLIES, hash);
  if (await exists(folder)) return folder;
  request.onProgress('Bundling the Lambdas and synthesizing the stack …');
  await mkdir(ASSEMBLIES, { recursive: true });
  const fresh = await mkdtemp(join(ASSEMBLIES, 'new-'));
  try {
    await runApp(request, fresh);
    await rename(fresh, folder).catch(async (error: unknown) => {
      // Another start was first with the same assembly.
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  await forgetOldAssemblies();
  return folder;
}

async function hashOf({ configuration, stackName }: SynthesisRequest): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([stackName, configuration]));
  for (const source of SOURCES) {
    for (const file of await filesOf(join(ROOT, source))) {
      hash.update(`\0${relative(ROOT, file)}\0`).update(await readFile(file));
    }
  }
  return hash.digest('hex').slice(0, 24);
}

async function filesOf(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return [];
  if (found.isFile()) return [path];
  const entries = (await readdir(path)).sort();
  return (await Promise.all(entries.map((entry) => filesOf(join(path, entry))))).flat();
}

/** The CDK CLI hands the context and the output folder to the app in the same two variables. */
async function runApp({ configurationPath, stackName }: SynthesisRequest, output: string): Promise<void> {
  const { context } = v.parse(CDK_JSON, JSON.parse(await readFile(join(ROOT, 'cdk.json'), 'utf8')));
  const app = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), join(ROOT, 'bin/app.ts')], {
    cwd: ROOT,
    env: {
      ...process.env,
      CDK_OUTDIR: output,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, config: resolve(configurationPath), stack: stackName }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [app.stdout, app.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
    });
  }
  const code = await new Promise<number | null>((done, failed) => app.once('error', failed).once('close', done));
  if (code !== 0) throw new RolecallError('synthesis-failed', `The app cannot be synthesized:\n${said.trim()}`);
  if (!(await exists(join(output, `${stackName}.template.json`)))) {
    throw new InvalidInput(`The app gave no stack of the name ${stackName}.`);
  }
}

/** Each change of a source leaves an assembly behind; a running account reads from its own when a function starts. */
async function forgetOldAssemblies(): Promise<void> {
  const folders = (await readdir(ASSEMBLIES)).filter((name) => !name.startsWith('new-'));
  const dated = await Promise.all(
    folders.map(async (name) => ({
      name,
      atMs: (await stat(join(ASSEMBLIES, name)).catch(() => undefined))?.mtimeMs ?? 0,
    })),
  );
  const old = dated.sort((one, other) => other.atMs - one.atMs).slice(KEPT_ASSEMBLIES);
  await Promise.all(old.map(({ name }) => rm(join(ASSEMBLIES, name), { recursive: true, force: true })));
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
