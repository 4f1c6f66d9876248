import { describe, expect, it } from 'vitest';
import type { World } from '../../local/simulation/world.ts';
import { worldWith } from './worlds.ts';
import { rolecallAs, terminalOn } from './world-target.ts';

/** A zone whose record somebody else changed, and that Route 53 will not take back. */
async function stuckWorld(): Promise<World> {
  const world = await worldWith({ web: 'pub' });
  await world.launch('web');
  await world.advance(75);
  await world.edit('Z0AAA', 'UPSERT', 'web.example.com', 'A', 60, '192.0.2.9');
  world.account.faults.add({ service: 'route53', operation: 'ChangeResourceRecordSets', effect: 'throttle' });
  return world;
}

describe('progress where stderr is no terminal', () => {
  it('says once what has been waited for over two seconds, and data stays data', async () => {
    const world = await stuckWorld();
    const terminal = terminalOn(world, { isStdoutTerminal: false });
    const { stdout, stderr } = await rolecallAs(world, { terminal }, 'sweep', '--wait', '9s', '--json');
    expect(stderr.split('\n').slice(0, 2)).toEqual([
      'Writing to the world.',
      'waiting until what was found is worked …',
    ]);
    expect(stderr.match(/…/g)).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({ command: 'sweep', data: { remaining: 1 } });
    await world.closeCleanly();
  });

  it('says nothing where it is quicker', async () => {
    const world = await stuckWorld();
    const terminal = terminalOn(world, { isStdoutTerminal: false });
    expect((await rolecallAs(world, { terminal }, 'sweep', '--wait', '1s')).stderr).not.toContain('…');
    expect((await rolecallAs(world, { terminal }, 'status')).stderr).toBe('');
    await world.closeCleanly();
  });
});

describe('progress on a terminal', () => {
  it('says at once what is waited for, and takes the line away before the first output', async () => {
    const world = await worldWith({ web: 'pub' });
    const screen: string[] = [];
    const terminal = terminalOn(world, { isStdoutTerminal: true, stderrColumns: 80 });
    const write = (text: string) => screen.push(text);
    const given = { terminal, environment: { NO_COLOR: '1' }, stdout: write, stderr: write };
    expect((await rolecallAs(world, given, 'members')).code).toBe(0);
    expect(screen).toEqual([
      '\r\u001b[Kstarting …',
      '\r\u001b[K',
      '\r\u001b[Klooking for the installation …',
      '\r\u001b[Kreading the registry · the world …',
      '\r\u001b[K',
      'no members\n',
    ]);
    await world.closeCleanly();
  });

  it('counts the seconds, in no more columns than there are', async () => {
    const world = await stuckWorld();
    const terminal = terminalOn(world, { isStdoutTerminal: true, stderrColumns: 46 });
    const { stderr } = await rolecallAs(world, { terminal }, 'sweep', '--wait', '4s');
    const lines = stderr.split('\r\u001b[K').filter((line) => line.startsWith('waiting'));
    expect(lines).toEqual([
      'waiting until what was found is worked …',
      'waiting until what was found is worked …',
      'waiting until what was found is worked …',
      'waiting until what was found is worked … 3 s',
      'waiting until what was found is worked … 4 s',
    ]);
    const narrow = { terminal: terminalOn(world, { isStdoutTerminal: true, stderrColumns: 20 }) };
    expect((await rolecallAs(world, narrow, 'status')).stderr).toContain('\r\u001b[Klooking for the ins\r');
    await world.closeCleanly();
  });

  it('is over when the command fails, and while watch has nothing to say', async () => {
    const world = await worldWith({ web: 'pub' });
    const terminal = terminalOn(world, { isStdoutTerminal: true, stderrColumns: 80 });
    const failed = await rolecallAs(world, { terminal }, 'members', 'wbe');
    expect(failed.stderr).toMatch(/\r\u001b\[Krolecall: there is no role "wbe"/);
    const watched = await rolecallAs(world, { terminal }, 'watch', '--for', '5s');
    expect(watched.stderr.endsWith('\r\u001b[KWatching the world.\n')).toBe(true);
    await world.closeCleanly();
  });
});
