import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, bundleLambdas, overBudget, overRecorded } from '../../scripts/bundle/lambda-bundles.ts';

const run = promisify(execFile);

let folder: string;
let bundles: readonly Bundle[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolecall-bundles-'));
  bundles = await bundleLambdas({ output: join(folder, 'lambdas') });
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the bundles', () => {
  it('are one module and its map for each Lambda', async () => {
    expect(bundles.map(({ name }) => name)).toEqual(['configure', 'observe', 'reconcile', 'sweep', 'update']);
    for (const { name } of bundles) {
      expect((await readdir(join(folder, 'lambdas', name))).sort()).toEqual(['index.mjs', 'index.mjs.map']);
    }
  });

  it('load nothing but modules of Node', () => {
    for (const { imports } of bundles) {
      expect(imports.length).toBeGreaterThan(0);
      expect(imports.filter((one) => !builtinModules.includes(one.replace(/^node:/, '')))).toEqual([]);
    }
  });

  it('export a handler where nothing is installed', async () => {
    for (const { name } of bundles) {
      const empty = join(folder, `alone-${name}`);
      await mkdir(empty);
      await copyFile(join(folder, 'lambdas', name, 'index.mjs'), join(empty, 'index.mjs'));
      const print = "import('./index.mjs').then((module) => console.log(typeof module.handler))";
      const { stdout } = await run(process.execPath, ['-e', print], { cwd: empty, env: LAMBDA_ENVIRONMENT });
      expect(stdout.trim()).toBe('function');
    }
  });

  it('are the same bytes when made again elsewhere', async () => {
    await bundleLambdas({ output: join(folder, 'again', 'deeper') });
    for (const { name } of bundles) {
      const first = await readFile(join(folder, 'lambdas', name, 'index.mjs'));
      expect(first.equals(await readFile(join(folder, 'again', 'deeper', name, 'index.mjs')))).toBe(true);
    }
  });

  it('of observe and reconcile are within 450 kB', () => {
    const hot = bundles.filter(({ name }) => name === 'observe' || name === 'reconcile');
    expect(hot).toHaveLength(2);
    for (const { bytes } of hot) expect(bytes).toBeLessThanOrEqual(450_000);
  });
});

describe('the recorded sizes', () => {
  const bundle = { name: 'sweep', gzipBytes: 0, imports: [] };

  it('are those of the bundles, within a tenth', () => {
    expect(overRecorded(bundles)).toEqual([]);
  });

  it('may be passed by a tenth and no more', () => {
    expect(overRecorded([{ ...bundle, bytes: 1_100 }], { sweep: 1_000 })).toEqual([]);
    expect(overRecorded([{ ...bundle, bytes: 1_101 }], { sweep: 1_000 })).toEqual([
      expect.stringContaining('more than a tenth over the 1000 recorded'),
    ]);
  });

  it('have to be there for each Lambda', () => {
    expect(overRecorded([{ ...bundle, bytes: 1 }], {})).toEqual([expect.stringContaining('no size is recorded')]);
  });
});

describe('the budget', () => {
  const bundle = { name: 'observe', gzipBytes: 0, imports: [] };

  it('is 450 kB for λ observe', () => {
    expect(overBudget([{ ...bundle, bytes: 450_000 }])).toEqual([]);
    expect(overBudget([{ ...bundle, bytes: 450_001 }])).toEqual([expect.stringContaining('over its budget of 450000')]);
  });

  it('is none for a Lambda that nothing waits for', () => {
    expect(overBudget([{ ...bundle, name: 'configure', bytes: 5_000_000 }])).toEqual([]);
  });
});

const LAMBDA_ENVIRONMENT = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'any',
  AWS_SECRET_ACCESS_KEY: 'any',
  REGISTRY_TABLE: 'registry',
  WORK_QUEUE_URL: 'http://127.0.0.1/work.fifo',
  LATER_QUEUE_URL: 'http://127.0.0.1/later',
};
