import { chmod, lstat, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { World } from '../../local/simulation/world.ts';
import { rolecallOn } from './world-target.ts';

const CONFIGURATION = {
  zones: { int: { name: 'corp.internal', private: true, id: 'Z0AAA' } },
  roles: { web: 'int' },
} as const;

let folder: string;
let world: World;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolecall-render-'));
  world = await World.open(CONFIGURATION);
});
afterEach(async () => {
  await world.closeCleanly();
  await rm(folder, { recursive: true, force: true });
});

async function privateAddress(): Promise<string> {
  const [line = ''] = await world.zone('Z0AAA');
  return line.split(' ').at(-1) ?? '';
}

describe('rolecall render hosts', () => {
  it('writes a block into the file and leaves the rest, its permissions and a link to it', async () => {
    const file = join(folder, 'hosts');
    await writeFile(file, Buffer.from('127.0.0.1 localhost\r\n# gr\xfc\xdfe\r\n', 'latin1'));
    await chmod(file, 0o444);
    const link = join(folder, 'link');
    await symlink(file, link);
    await world.launch('web');
    await world.advance(30);
    const { code, stdout } = await rolecallOn(world, 'render', 'hosts', '--role', 'web', '--out', link);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${link} was written.\n` });
    expect(await readFile(file, 'latin1')).toBe(
      `127.0.0.1 localhost\r\n# gr\xfc\xdfe\r\n# BEGIN rolecall members\r\n${await privateAddress()}\tweb.corp.internal\r\n# END rolecall members\r\n`,
    );
    expect((await stat(file)).mode & 0o777).toBe(0o444);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
  });

  it('does not touch a file that is as it should be', async () => {
    const file = join(folder, 'hosts');
    await world.launch('web');
    await world.advance(30);
    await rolecallOn(world, 'render', 'hosts', '--role', 'web', '--out', file);
    const { ino } = await stat(file);
    const { stdout } = await rolecallOn(world, 'render', 'hosts', '--role', 'web', '--out', file);
    expect(stdout).toBe(`${file} is as it should be.\n`);
    expect((await stat(file)).ino).toBe(ino);
  });

  it('refuses a file with a broken block, and leaves it', async () => {
    const file = join(folder, 'hosts');
    await writeFile(file, '# BEGIN rolecall members\n10.0.0.9 old\n');
    await world.launch('web');
    await world.advance(30);
    const { code, stderr } = await rolecallOn(world, 'render', 'hosts', '--role', 'web', '--out', file);
    expect(code).toBe(1);
    expect(stderr).toContain('Mend the file, or remove both lines and what is between them.');
    expect(await readFile(file, 'utf8')).toBe('# BEGIN rolecall members\n10.0.0.9 old\n');
  });
});

describe('a role that nobody serves', () => {
  it('leaves the file as it was, and says so', async () => {
    const file = join(folder, 'web.conf');
    await writeFile(file, 'good');
    const outcome = await rolecallOn(world, 'render', 'nginx', '--role', 'web', '--out', file);
    expect(outcome).toEqual({
      code: 0,
      stdout: `${file} was left as it was.\n`,
      stderr: 'rolecall: Nobody serves web: what was written last stays; see --when-empty.\n',
    });
    expect(await readFile(file, 'utf8')).toBe('good');
  });

  it('is written where that is asked for, as nginx can take it', async () => {
    const file = join(folder, 'web.conf');
    await rolecallOn(world, 'render', 'nginx', '--role', 'web', '--out', file, '--when-empty', 'write');
    expect(await readFile(file, 'utf8')).toContain('upstream web {\n    server 127.0.0.1:9 down;\n}\n');
  });

  it('is not one whose members have no address of that side, and it is said which', async () => {
    await world.launch('web', { publicAddress: false });
    await world.advance(30);
    const outcome = async (format: string) =>
      await rolecallOn(world, 'render', format, '--role', 'web', '--side', 'public', '--out', join(folder, 'x'));
    expect((await outcome('nginx')).stderr).toBe(
      'rolecall: Nobody who serves web has an address of --side public: what was written last stays; see --when-empty.\n',
    );
    expect((await outcome('hosts')).stderr).toContain(
      'Nobody who serves web has a name for an address of --side public',
    );
    expect((await outcome('json')).stderr).toBe('');
  });

  it('is an error where there is no file to keep', async () => {
    const { code, stdout, stderr } = await rolecallOn(world, 'render', 'json', '--role', 'web');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe('rolecall: Nobody serves web: nothing is printed. --when-empty write prints that.\n');
  });

  it('is not a role that there is not', async () => {
    const file = join(folder, 'web.conf');
    const args = ['render', 'nginx', '--role', 'wbe', '--out', file, '--when-empty', 'write'];
    const { code, stderr } = await rolecallOn(world, ...args);
    expect(code).toBe(1);
    expect(stderr).toBe('rolecall: wbe is no role of the world; its roles are web.\n');
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });
});

describe('the command after a change', () => {
  it('runs when the file has changed and not when it has not; its failure is ours', async () => {
    const [file, log] = [join(folder, 'web.conf'), join(folder, 'log')];
    await world.launch('web');
    await world.advance(30);
    const args = ['render', 'nginx', '--role', 'web', '--out', file];
    await rolecallOn(world, ...args, '--command', `echo run >> ${log}`);
    await rolecallOn(world, ...args, '--command', `echo run >> ${log}`);
    expect(await readFile(log, 'utf8')).toBe('run\n');
    await world.launch('web');
    await world.advance(30);
    const { code, stderr } = await rolecallOn(world, ...args, '--command', 'exit 3');
    expect(code).toBe(1);
    expect(stderr).toBe('rolecall: The file was written, and then "exit 3" failed (3).\n');
  });
});

describe('flags that make no sense together', () => {
  it.each([
    [['--watch'], '--watch needs --out: the file that is to follow.'],
    [['--command', 'true'], '--command needs --out: it runs when that file has changed.'],
    [
      ['--endpoint', 'http://127.0.0.1:1'],
      '--endpoint and --token-file go together: the token is what the endpoint lets you in by.',
    ],
    [['--upstream', 'u', '--role', 'web', 'api'], '--upstream is for one role: several would get the same name.'],
  ])('refuses %j', async (flags, message) => {
    const { code, stderr } = await rolecallOn(world, 'render', 'nginx', '--role', 'web', ...flags);
    expect({ code, stderr }).toEqual({ code: 64, stderr: `rolecall: ${message}\n` });
  });
});

describe('the endpoint as the source', () => {
  let server: Server;
  let answer: { status: number; body: string; etag?: string };
  const asked: (string | undefined)[] = [];
  beforeEach(async () => {
    asked.length = 0;
    server = createServer((request, response) => {
      asked.push(`${request.url} ${request.headers.authorization} ${request.headers['if-none-match'] ?? '-'}`);
      response.writeHead(answer.status, answer.etag === undefined ? {} : { etag: answer.etag });
      response.end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await writeFile(join(folder, 'token'), 'secret\n');
  });
  afterEach(() => server.close());

  function renderArgs(): string[] {
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    const source = ['--endpoint', url, '--token-file', join(folder, 'token')];
    return ['render', 'nginx', '--role', 'web', ...source, '--out', join(folder, 'web.conf')];
  }

  const MEMBER = {
    id: 'i-1',
    privateIpv4: '10.0.0.1',
    ipv6: [],
    weight: 10,
    names: { private: [], public: [], ipv6: [] },
  };
  const VIEW = JSON.stringify({ schemaVersion: 1, role: 'web', members: [MEMBER] });

  it('is asked with the token', async () => {
    answer = { status: 200, body: VIEW };
    expect((await rolecallOn(world, ...renderArgs())).code).toBe(0);
    expect(asked).toEqual(['/v1/roles/web Bearer secret -']);
    expect(await readFile(join(folder, 'web.conf'), 'utf8')).toContain('server 10.0.0.1:80 weight=10; # i-1');
  });

  it.each([
    ['an error', { status: 503, body: '' }],
    ['an error page with a good status', { status: 200, body: '<html>' }],
    ['another role', { status: 200, body: VIEW.replace('"web"', '"api"') }],
    ['members without their addresses’ form', { status: 200, body: VIEW.replace('10.0.0.1', '10.0.0.1; }') }],
    ['no members at all', { status: 200, body: JSON.stringify({ schemaVersion: 1, role: 'web' }) }],
    ['a token that is not let in', { status: 401, body: '' }],
  ])('keeps the last good file after %s', async (_what, bad) => {
    answer = { status: 200, body: VIEW };
    await rolecallOn(world, ...renderArgs());
    const good = await readFile(join(folder, 'web.conf'), 'utf8');
    answer = bad;
    const { code } = await rolecallOn(world, ...renderArgs(), '--when-empty', 'write');
    expect(code).toBe(1);
    expect(await readFile(join(folder, 'web.conf'), 'utf8')).toBe(good);
  });
});
