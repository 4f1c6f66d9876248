import { execFile } from 'node:child_process';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  realpath,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { destinationOf, rewrite } from '../../lib/cli/render/file.ts';
import { withBlock } from '../../lib/render/managed-block.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolecall-file-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const BEGIN = '# BEGIN rolecall members';
const END = '# END rolecall members';
const MODES = [0o444, 0o644, 0o600, 0o664, 0o400, 0o755];

describe('a file with foreign content', () => {
  const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
  const foreign = fc
    .array(fc.tuple(fc.string({ unit: byte }), fc.constantFrom('\n', '\r\n', '\r', '')), { maxLength: 6 })
    .map((lines) => lines.map(([line, end]) => line + end).join(''))
    .filter((text) => !text.includes('rolecall members'));
  const lines = fc.subarray(['10.0.0.1\tweb', '10.0.0.2\tcache web', '2001:db8::1\tweb']);

  it('keeps its bytes, permissions and links, however odd they are, and leaves nothing beside it', async () => {
    let runs = 0;
    const anything = fc.asyncProperty(
      foreign,
      foreign,
      lines,
      lines,
      fc.constantFrom(...MODES),
      fc.integer({ min: 0, max: 3 }),
      async (before, after, first, second, mode, links) => {
        const here = join(folder, `run-${(runs += 1)}`);
        await mkdir(here);
        const file = join(here, 'hosts');
        await writeFile(file, before, 'latin1');
        await chmod(file, mode);
        let path = file;
        for (let link = 0; link < links; link += 1) {
          const next = join(here, `link-${link}`);
          await symlink(path, next);
          path = next;
        }
        const rendered = async (wanted: readonly string[]) =>
          await rewrite(await destinationOf(path), (text) => withBlock(text, 'members', wanted));

        expect(await rendered(first)).toBe(true);
        const once = await readFile(file, 'latin1');
        expect(once.startsWith(before)).toBe(true);
        await rm(file);
        await writeFile(file, once + after, 'latin1');
        await chmod(file, mode);
        await rendered(second);
        const [head = '', rest = ''] = (await readFile(file, 'latin1')).split(BEGIN);
        const [block = '', tail = ''] = rest.split(END);
        expect([before, `${before}\n`, `${before}\r\n`]).toContain(head);
        expect([after, `\n${after}`, `\r\n${after}`]).toContain(tail);
        expect(block.split(/\r?\n/).filter((line) => line !== '')).toEqual(second);
        expect((await stat(file)).mode & 0o777).toBe(mode);
        const { ino } = await stat(file);
        expect(await rendered(second)).toBe(false);
        expect((await stat(file)).ino).toBe(ino);
        expect((await readdir(here)).length).toBe(1 + links);
        for (let link = 0; link < links; link += 1)
          expect((await lstat(join(here, `link-${link}`))).isSymbolicLink()).toBe(true);
      },
    );
    await fc.assert(anything, { numRuns: 60 });
    expect(runs).toBeGreaterThanOrEqual(60);
  });
});

const into = async (path: string, content: string) => await rewrite(await destinationOf(path), () => content);

describe('rewriting a file', () => {
  it('does not touch one whose bytes are the same', async () => {
    const file = join(folder, 'web.conf');
    await writeFile(file, 'same');
    await utimes(file, 1_000, 1_000);
    const before = await stat(file);
    expect(await into(file, 'same')).toBe(false);
    const after = await stat(file);
    expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
  });

  it('keeps the owner', async () => {
    const file = join(folder, 'web.conf');
    await writeFile(file, 'old');
    const { uid, gid } = await stat(file);
    await into(file, 'new');
    expect(await stat(file)).toMatchObject({ uid, gid });
  });

  it('makes the file that a link leads to, also through another folder, and keeps the link', async () => {
    await mkdir(join(folder, 'run'));
    await mkdir(join(folder, 'etc'));
    await symlink('../run/web.conf', join(folder, 'etc/web.conf'));
    await symlink(join(folder, 'etc'), join(folder, 'shortcut'));
    expect(await into(join(folder, 'shortcut/web.conf'), 'new')).toBe(true);
    expect(await readFile(join(folder, 'run/web.conf'), 'utf8')).toBe('new');
    expect(await readlink(join(folder, 'etc/web.conf'))).toBe('../run/web.conf');
  });

  it('writes beside it under a name that no pattern of a reader matches', async () => {
    const { besides } = await destinationOf(join(folder, 'web.conf'));
    expect(besides('new')).toBe(join(await realpath(folder), '.web.conf.rolecall-new'));
  });

  it.each([
    ['a device', '/dev/null'],
    ['a folder', '.'],
  ])('refuses %s, and leaves it', async (_what, path) => {
    const given = path === '.' ? folder : path;
    await expect(into(given, 'new')).rejects.toThrow(
      `${given} is no file: --out takes a file, which is replaced as a whole.`,
    );
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
  });

  it('refuses links that lead in a circle', async () => {
    await symlink(join(folder, 'two'), join(folder, 'one'));
    await symlink(join(folder, 'one'), join(folder, 'two'));
    await expect(into(join(folder, 'one'), 'new')).rejects.toThrow('ELOOP');
  });

  it('says where it cannot be written', async () => {
    const file = join(folder, 'absent/web.conf');
    await expect(into(file, 'new')).rejects.toThrow(/absent\/web\.conf cannot be replaced: ENOENT/);
  });

  it('counts what another writes meanwhile, and loses none of it', async () => {
    const file = join(folder, 'hosts');
    await writeFile(file, 'a\n');
    let asked = 0;
    const beforeChange = async () => {
      asked += 1;
      if (asked === 1) await writeFile(file, 'a\nby hand\n');
    };
    const destination = await destinationOf(file);
    expect(await rewrite(destination, (text) => withBlock(text, 'members', ['10.0.0.1\tweb']), beforeChange)).toBe(
      true,
    );
    expect(await readFile(file, 'utf8')).toBe(`a\nby hand\n${BEGIN}\n10.0.0.1\tweb\n${END}\n`);
    expect(await readdir(folder)).toEqual(['hosts']);
  });

  it('waits for others that rewrite the same file: each finds what the one before wrote', async () => {
    const file = join(folder, 'hosts');
    const blocks = ['web', 'cache', 'mail', 'api', 'db', 'lb'];
    await Promise.all(
      blocks.map(async (block) => {
        const destination = await destinationOf(file);
        expect(await rewrite(destination, (text) => withBlock(text, block, [`10.0.0.1\t${block}`]))).toBe(true);
      }),
    );
    const text = await readFile(file, 'utf8');
    for (const block of blocks)
      expect(text).toContain(`# BEGIN rolecall ${block}\n10.0.0.1\t${block}\n# END rolecall ${block}\n`);
    expect(await readdir(folder)).toEqual(['hosts']);
  });

  it('waits for one that is writing, and takes away what a killed one left', async () => {
    const file = join(folder, 'web.conf');
    const { besides } = await destinationOf(file);
    await writeFile(besides('new'), 'half');
    const written = into(file, 'new');
    await new Promise((done) => setTimeout(done, 200));
    expect(await readdir(folder)).toEqual(['.web.conf.rolecall-new']);
    const longAgo = Date.now() / 1000 - 60;
    await utimes(besides('new'), longAgo, longAgo);
    expect(await written).toBe(true);
    expect(await readdir(folder)).toEqual(['web.conf']);
    expect(await readFile(file, 'utf8')).toBe('new');
  });

  it('gives up on a file that another never leaves alone, and leaves it to that one', async () => {
    const file = join(folder, 'hosts');
    let writes = 0;
    const beforeChange = async () => await writeFile(file, `version ${(writes += 1)}`);
    await expect(rewrite(await destinationOf(file), () => 'ours', beforeChange)).rejects.toThrow(
      'is being written by others all the time.',
    );
    expect(await readFile(file, 'utf8')).toBe('version 5');
    expect(await readdir(folder)).toEqual(['hosts']);
  });

  it('leaves the file whole, and nothing beside it, when the disk takes only a part', async () => {
    const file = join(folder, 'web.conf');
    await writeFile(file, 'good');
    const script = join(folder, 'write.mts');
    const module = fileURLToPath(new URL('../../lib/cli/render/file.ts', import.meta.url));
    await writeFile(
      script,
      `import { destinationOf, rewrite } from ${JSON.stringify(module)};
       await rewrite(await destinationOf(${JSON.stringify(file)}), () => 'x'.repeat(100_000));`,
    );
    // No file of more than 4 blocks of 512 bytes: the write fails in its midst, as on a disk that is full.
    const limited = `ulimit -f 4; exec "${process.execPath}" --import "${import.meta.resolve('tsx')}" "${script}"`;
    const output = await new Promise<string>((done) => {
      const env = { ...process.env, TSX_DISABLE_CACHE: '1', NODE_OPTIONS: '' };
      execFile('bash', ['-c', limited], { env }, (_error, stdout, stderr) => done(stdout + stderr));
    });
    expect(output).toMatch(/web\.conf cannot be replaced: (?:EFBIG|ENOSPC)/);
    expect(await readFile(file, 'utf8')).toBe('good');
    expect((await readdir(folder)).sort()).toEqual(['web.conf', 'write.mts']);
  });
});
