import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dueCommand } from '../../lib/cli/render/after-change.ts';
import { destinationOf } from '../../lib/cli/render/file.ts';
import { World } from '../../local/simulation/world.ts';
import { rolecallOn } from './world-target.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolecall-command-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function commandWith(command: string, timeoutMs?: number) {
  let output = '';
  const destination = await destinationOf(join(folder, 'web.conf'));
  const due = dueCommand(command, destination, (text) => (output += text), timeoutMs);
  return { due, output: () => output };
}

describe('a command that is due', () => {
  it('stays due until it has worked, whoever asks', async () => {
    const { due } = await commandWith('exit 7');
    expect(await due.isDue()).toBe(false);
    await due.setDue();
    await expect(due.run()).rejects.toThrow('The file was written, and then "exit 7" failed (7).');
    const { due: another } = await commandWith('true');
    expect(await another.isDue()).toBe(true);
    await another.run();
    expect(await due.isDue()).toBe(false);
    expect(await readdir(folder)).toEqual([]);
  });

  it('prints to stderr, all of it', async () => {
    const { due, output } = await commandWith('echo one; echo two >&2; head -c 300000 /dev/zero | tr "\\0" x');
    await due.run();
    expect(output()).toContain('one\n');
    expect(output()).toContain('two\n');
    expect(output().length).toBe(300_008);
  });

  it('is not waited for by what it leaves in the background', async () => {
    const { due } = await commandWith('sleep 30 & echo started');
    const startedAtMs = performance.now();
    await due.run();
    expect(performance.now() - startedAtMs).toBeLessThan(15_000);
  });

  it('is ended with all that it started when it takes too long', async () => {
    const { due } = await commandWith(`(sleep 5; touch ${join(folder, 'late')}) & sleep 30; true`, 300);
    await due.setDue();
    await expect(due.run()).rejects.toThrow('failed (not done after 0.3 s)');
    expect(await due.isDue()).toBe(true);
  });

  it('says which signal ended it', async () => {
    const { due } = await commandWith('kill -TERM $$');
    await expect(due.run()).rejects.toThrow('failed (SIGTERM)');
  });
});

describe('rolecall render with a command', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({
      zones: { int: { name: 'corp.internal', private: true, id: 'Z0AAA' } },
      roles: { web: 'int' },
    });
  });
  afterEach(async () => {
    await world.closeCleanly();
  });

  it('runs it in the next run when it failed in the last, although the file is as it should be then', async () => {
    await world.launch('web');
    await world.advance(30);
    const [file, log] = [join(folder, 'web.conf'), join(folder, 'log')];
    const render = async (command: string) =>
      await rolecallOn(world, 'render', 'nginx', '--role', 'web', '--out', file, '--command', command);
    expect((await render(`echo failed >> ${log}; exit 1`)).code).toBe(1);
    expect(await render(`echo worked >> ${log}`)).toMatchObject({ code: 0, stdout: `${file} is as it should be.\n` });
    await render(`echo again >> ${log}`);
    expect(await readFile(log, 'utf8')).toBe('failed\nworked\n');
  });

  it('runs none for a file that was written without one', async () => {
    await world.launch('web');
    await world.advance(30);
    const args = ['render', 'nginx', '--role', 'web', '--out', join(folder, 'web.conf')];
    await rolecallOn(world, ...args);
    await rolecallOn(world, ...args, '--command', `touch ${join(folder, 'ran')}`);
    expect(await readdir(folder)).toEqual(['web.conf']);
  });
});
