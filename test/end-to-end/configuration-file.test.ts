import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runScript } from './running-account.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolecall-file-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('a configuration in TypeScript', () => {
  it.each(['roles.ts', 'roles.mts'])('is read in a folder that is no package, as %s', async (file) => {
    await writeFile(
      join(folder, file),
      `const zone: string = 'example.com';\nexport default { zones: { pub: { name: zone } }, roles: { web: { names: [{ zone: 'pub', ttl: '30s' }] } } };\n`,
    );
    expect(await runScript(folder, 'rolecall', ['config', 'check', file])).toEqual({
      code: 0,
      stdout: `${file}: 1 zone, 1 role, no mistakes\n`,
      stderr: '',
    });
  });
});
