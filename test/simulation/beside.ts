import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { OtherCode } from './base.ts';
import { codeFrom, VERSIONS_FOLDER } from './building.ts';
import { ROOT } from './planting.ts';

const run = promisify(execFile);

/**
 * The Lambdas of a revision of this repository, for deployments in every seed. This checkout is the version that stays: of
 * the other nobody says that it comes to the same in the end.
 */
export async function codeOfRevision(revision: string, repository = ROOT): Promise<OtherCode> {
  const folder = join(VERSIONS_FOLDER, await commitOf(revision, repository));
  const archive = `${folder}.tar`;
  await mkdir(folder, { recursive: true });
  await run('git', ['archive', '--output', archive, revision, 'lambdas', 'lib'], { cwd: repository });
  await run('tar', ['-xf', archive, '-C', folder]);
  await rm(archive);
  return { path: await codeFrom(folder), isEverywhere: true, mayStay: false };
}

async function commitOf(revision: string, cwd: string): Promise<string> {
  try {
    const { stdout } = await run('git', ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`], { cwd });
    return stdout.trim();
  } catch (error) {
    throw new Error(`--beside ${revision} is no revision of this repository; write a commit, a branch or a tag`, {
      cause: error,
    });
  }
}
