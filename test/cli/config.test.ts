import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rolecallIn } from './cli.ts';
import { validated } from './validated.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolecall-config-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('rolecall config', () => {
  it('checks a file without any account', async () => {
    const content = {
      zones: { pub: { name: 'example.com', id: 'Z0AAA' } },
      roles: { web: { names: [{ zone: 'pub', ttl: '5m' }] } },
    };
    await writeFile(join(folder, 'roles.json'), JSON.stringify(content));
    const { code, stdout } = await rolecallIn(folder, ['config', 'check', 'roles.json']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^roles\.json: 1 zone, 1 role, no mistakes\nwarning: .*web/);
    expect(validated(await rolecallIn(folder, ['config', 'check', '--config', 'roles.json', '--json']))).toMatchObject({
      roles: ['web'],
      zones: ['pub'],
    });
  });

  it('says what is wrong, where, and what is allowed', async () => {
    await writeFile(
      join(folder, 'roles.json'),
      JSON.stringify({ zones: { pub: { name: 'example.com' } }, roles: { web: 'pab' } }),
    );
    const { code, stdout, stderr } = await rolecallIn(folder, ['config', 'check', 'roles.json']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('roles.web');
    expect(await rolecallIn(folder, ['config', 'check'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no configuration file'),
    });
  });

  it('tells who imports the package in a checkout where to import from', async () => {
    await writeFile(join(folder, 'roles.mjs'), "import './dist/js/lib/config/define.js';\nexport default {};\n");
    const { code, stderr } = await rolecallIn(folder, ['config', 'check', 'roles.mjs']);
    expect(code).toBe(1);
    expect(stderr).toContain(
      "In a checkout import from './lib/config/define.ts', or build the package by npm run prepack.",
    );
    await writeFile(join(folder, 'other.mjs'), "import './elsewhere.js';\nexport default {};\n");
    expect((await rolecallIn(folder, ['config', 'check', 'other.mjs'])).stderr).not.toContain('In a checkout');
  });

  it('prints the JSON Schema', async () => {
    const { stdout } = await rolecallIn(folder, ['config', 'schema']);
    expect(JSON.parse(stdout)).toMatchObject({ title: 'Rolecall configuration', type: 'object' });
    expect(validated(await rolecallIn(folder, ['config', 'schema', '--json']))).toHaveProperty(
      'schema.properties.roles',
    );
  });
});
