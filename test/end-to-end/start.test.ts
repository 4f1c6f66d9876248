import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningAccount, runScript } from './running-account.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolecall-start-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Where the sources changed, each configuration is synthesized first. */
const SYNTHESIS = { timeout: 120_000 };

describe('npm start', SYNTHESIS, () => {
  it('brings up the demo fleet, tells where it is, and leaves nothing behind when it is ended', async () => {
    const account = await RunningAccount.start();
    expect(await account.lookUp('web.example.com')).toHaveLength(2);
    await expect.poll(() => account.lookUp('cache.corp.internal')).toHaveLength(1);
    expect(await account.lookUp('mx1.example.com')).toHaveLength(1);
    expect(JSON.parse(await readFile(join(account.folder, '.rolecall/local.json'), 'utf8'))).toEqual({
      pid: expect.any(Number),
      endpoint: account.endpoint,
      dns: { address: '127.0.0.1', port: account.dnsPort },
      region: 'us-east-1',
      outputs: account.outputs,
    });

    const second = await runScript(account.folder, 'start', []);
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr).toContain(`A local account already runs in this folder: process`);
    expect(second.stderr).toContain(account.endpoint);

    const status = await account.rolecall('status');
    expect(status).toMatchObject({ code: 0, stderr: '' });
    expect(status.stdout).toMatch(/ · owner demo\n[^]*\ncache \d\/\d serving/);

    expect(await account.end('SIGINT')).toBe(0);
    await expect(fetch(account.endpoint)).rejects.toThrow('fetch failed');
    expect(await readdir(account.folder)).toEqual([]);
    await rm(account.folder, { recursive: true });
  });

  it('takes the next free port when one is in use', async () => {
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const account = await RunningAccount.start('--demo', 'none', '--port', String(port), '--dns-port', String(port));
    try {
      expect(Number(new URL(account.endpoint).port)).toBeGreaterThan(port);
      expect(account.dnsPort).toBeGreaterThan(port);
    } finally {
      await account.stop();
      await new Promise((done) => taken.close(done));
    }
  });

  it("runs a configuration of the user's, in zones that exist already", async () => {
    const config = join(folder, 'roles.json');
    await writeFile(
      config,
      JSON.stringify({ zones: { main: { name: 'example.net', id: 'Z0EXISTING' } }, roles: { api: 'main' } }),
    );
    const account = await RunningAccount.start('--config', config);
    try {
      expect((await account.rolecall('sim', 'launch', 'api')).code).toBe(0);
      await expect.poll(() => account.lookUp('api.example.net'), { timeout: 20_000 }).toHaveLength(1);
      const { stdout } = await account.rolecall('status', '--json');
      expect(JSON.parse(stdout)).toMatchObject({ data: { zones: [{ id: 'Z0EXISTING', name: 'example.net' }] } });
      expect((await account.rolecall('sim', 'delete-stack')).code).toBe(0);
      await expect.poll(() => account.lookUp('api.example.net'), { timeout: 20_000 }).toHaveLength(0);
    } finally {
      await account.stop();
    }
  });

  it('says what is wrong with a configuration, without a stack of calls', async () => {
    const config = join(folder, 'wrong.json');
    await writeFile(config, JSON.stringify({ zones: { main: { name: 'example.net' } }, roles: { api: 'man' } }));
    const { code, stdout, stderr } = await runScript(folder, 'start', ['--config', config]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('roles.api');
    expect(stderr).not.toContain('    at ');
  });

  it('prints help with examples', async () => {
    const { code, stdout, stderr } = await runScript(folder, 'start', ['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('$ npm start -- --port 4700 --dns-port 5400');
  });

  it('exits with 64 and the help for what it does not understand', async () => {
    const { code, stdout, stderr } = await runScript(folder, 'start', ['--verbose']);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toContain("Unknown option '--verbose'");
    expect(stderr).toContain('Usage: npm start -- [options]');
  });
});
