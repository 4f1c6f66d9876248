import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeBase } from './base.ts';
import { codeOfRevision } from './beside.ts';
import { codeAt } from './code.ts';
import { ROOT } from './planting.ts';
import { simulate, warmUp } from './run.ts';
import { anyStrands } from './strands.ts';

const run = promisify(execFile);
/** Without the strand `versions`. */
const SEED = 3;

let repository: string;

beforeAll(async () => {
  repository = await mkdtemp(join(tmpdir(), 'rolecall-beside-'));
  for (const folder of ['lambdas', 'lib']) await cp(join(ROOT, folder), join(repository, folder), { recursive: true });
  const git = async (...words: string[]) => await run('git', words, { cwd: repository });
  await git('init', '--quiet');
  await git('add', '.');
  await git(
    '-c',
    'commit.gpgsign=false',
    '-c',
    'user.name=test',
    '-c',
    'user.email=test@example.com',
    'commit',
    '--quiet',
    '-m',
    'A version',
  );
});

afterAll(async () => {
  await rm(repository, { recursive: true });
});

describe('another revision', () => {
  it('is deployed in every seed, beside this checkout, which stays', async () => {
    const base = await makeBase(await codeOfRevision('HEAD', repository));
    expect(Object.keys(await codeAt(base.other.path)).sort()).toEqual([
      'createConfigure',
      'createObserve',
      'createReconcile',
      'createSweep',
      'settingsFrom',
    ]);
    await warmUp(base);
    expect(anyStrands(SEED).has('versions')).toBe(false);
    const { violation, counts } = await simulate(SEED, base);
    expect(violation).toBeUndefined();
    expect(counts.get('rollout begun')).toBeGreaterThan(0);
    expect(counts.get('fact of one version written again by the other')).toBeGreaterThan(0);
  });

  it('refuses what is no revision, and says what to write', async () => {
    await expect(codeOfRevision('no-such-tag', repository)).rejects.toThrow(
      '--beside no-such-tag is no revision of this repository; write a commit, a branch or a tag',
    );
  });
});
