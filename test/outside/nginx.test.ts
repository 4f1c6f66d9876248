import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const LAUNCHER = fileURLToPath(new URL('../../bin/rolecall.cjs', import.meta.url));
const run = promisify(execFile);

/** Loopback is a whole network on Linux: three machines, each with the same port. */
const MACHINES = ['127.0.0.2', '127.0.0.3', '127.0.0.4'];

let folder: string;
let port: number;
let nginxPort: number;
let nginx: ChildProcess;
let watcher: ChildProcess;
let complaints = '';
const machines: Server[] = [];

/** The endpoint that renderers read, with the members that a test gives it. */
const endpoint = { server: undefined as Server | undefined, port: 0, members: [] as string[], status: 200 };

async function listening(server: Server, host: string, wanted: number): Promise<number> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(wanted, host, resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function openEndpoint(): Promise<void> {
  endpoint.server = createServer((_request, response) => {
    const names = { private: [], public: [], ipv6: [] };
    const members = endpoint.members.map((privateIpv4) => ({
      id: `machine-${privateIpv4.split('.').at(-1)}`,
      privateIpv4,
      ipv6: [],
      weight: 10,
      names,
    }));
    response.statusCode = endpoint.status;
    response.end(endpoint.status === 200 ? JSON.stringify({ schemaVersion: 1, role: 'web', members }) : '');
  });
  endpoint.port = await listening(endpoint.server, '127.0.0.1', endpoint.port);
}

/** Which machines answer twelve requests through nginx; an error where one was not answered well. */
async function answering(): Promise<string[]> {
  const answers = new Set<string>();
  for (let count = 0; count < 12; count += 1) {
    const response = await fetch(`http://127.0.0.1:${nginxPort}/`, { headers: { connection: 'close' } });
    answers.add(response.ok ? await response.text() : `error ${response.status}`);
  }
  return [...answers].sort();
}

async function reloads(): Promise<number> {
  const log = await readFile(join(folder, 'reloads'), 'utf8').catch(() => '');
  return log.split('\n').length - 1;
}

const until = async (expected: readonly string[]) =>
  await expect.poll(answering, { timeout: 20_000, interval: 250 }).toEqual(expected);

const REFRESHED = 3_500;
const rest = async (milliseconds: number) => await new Promise((resolve) => setTimeout(resolve, milliseconds));

function renderArgs(): string[] {
  const source = ['--endpoint', `http://127.0.0.1:${endpoint.port}`, '--token-file', join(folder, 'token')];
  return ['render', 'nginx', '--role', 'web', '--port', String(port), ...source, '--out', join(folder, 'web.conf')];
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolecall-nginx-'));
  await mkdir(join(folder, 'temp'));
  for (const address of MACHINES) {
    const machine = createServer((_request, response) => response.end(address));
    port = await listening(machine, address, machines.length === 0 ? 0 : port);
    machines.push(machine);
  }
  endpoint.members = MACHINES.slice(0, 2);
  await openEndpoint();
  await writeFile(join(folder, 'token'), 'secret');
  await run(process.execPath, [LAUNCHER, ...renderArgs()]);

  const free = createServer();
  nginxPort = await listening(free, '127.0.0.1', 0);
  await new Promise((resolve) => free.close(resolve));
  await writeFile(join(folder, 'nginx.conf'), configurationOf(nginxPort));
  nginx = spawn('nginx', ['-p', folder, '-c', 'nginx.conf'], { stdio: ['ignore', 'ignore', 'pipe'] });
  nginx.stderr?.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const reload = `echo reload >> ${join(folder, 'reloads')} && nginx -p ${folder} -c nginx.conf -s reload`;
  const follow = ['--watch', '--interval', '1s', '--wait', '1s:3s', '--command', reload];
  watcher = spawn(process.execPath, [LAUNCHER, ...renderArgs(), ...follow], { stdio: ['ignore', 'ignore', 'pipe'] });
  watcher.stderr?.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
});

function configurationOf(listen: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (what) => `  ${what}_temp_path temp/${what};`,
  );
  return [
    'daemon off;',
    'worker_processes 1;',
    'pid nginx.pid;',
    'error_log stderr warn;',
    'events {}',
    'http {',
    '  access_log off;',
    ...temporary,
    '  include web.conf;',
    '  server {',
    `    listen 127.0.0.1:${listen};`,
    '    location / { proxy_pass http://web; proxy_connect_timeout 1s; }',
    '  }',
    '}',
  ].join('\n');
}

afterAll(async () => {
  watcher.kill();
  nginx.kill('SIGQUIT');
  for (const server of [...machines, endpoint.server]) server?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('nginx behind rolecall render', { timeout: 60_000 }, () => {
  it('balances over the members, and is not reloaded while they stay', async () => {
    await until(['127.0.0.2', '127.0.0.3']);
    await rest(REFRESHED);
    expect(await reloads()).toBe(0);
  });

  it('follows members that come and go, one reload a change', async () => {
    endpoint.members = MACHINES;
    await until(MACHINES);
    endpoint.members = ['127.0.0.4'];
    await until(['127.0.0.4']);
    expect(await reloads()).toBe(2);
  });

  it('keeps its last good configuration when a read fails, when nobody serves, and when the endpoint is away', async () => {
    endpoint.status = 503;
    await rest(REFRESHED);
    expect(await answering()).toEqual(['127.0.0.4']);
    endpoint.status = 200;
    endpoint.members = [];
    await rest(REFRESHED);
    expect(await answering()).toEqual(['127.0.0.4']);
    endpoint.server?.closeAllConnections();
    endpoint.server?.close();
    await rest(REFRESHED);
    expect(await answering()).toEqual(['127.0.0.4']);
    expect(await reloads()).toBe(2);
    expect(complaints).toContain('answered 503 for the role web. What was written last stays.');
    expect(complaints).toContain('Nobody serves web: what was written last stays; see --when-empty.');
  });

  it('goes on when the endpoint is back', async () => {
    endpoint.members = ['127.0.0.2'];
    await openEndpoint();
    await until(['127.0.0.2']);
    expect(await reloads()).toBe(3);
  });
});
