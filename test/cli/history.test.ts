import { describe, expect, it } from 'vitest';
import { historyLines } from '../../lib/cli/history-view.ts';
import { validated } from './validated.ts';
import { worldWith } from './worlds.ts';
import { rolecallOn } from './world-target.ts';

describe('rolecall history', () => {
  it('shows what became of a name, oldest first, and of no other', async () => {
    const world = await worldWith({ web: 'pub', db: 'pub' });
    const [id = ''] = await world.launch('web');
    await world.launch('db');
    await world.advance(30);
    await world.terminate(id);
    await world.advance(10);
    expect(validated(await rolecallOn(world, 'history', 'web.example.com', '--json'))).toMatchObject({
      subject: 'web.example.com',
      entries: [
        { entry: { kind: 'change', action: 'create', name: 'web.example.com' } },
        { entry: { kind: 'change', action: 'delete', name: 'web.example.com', reason: 'terminated' } },
      ],
    });
    const { stdout } = await rolecallOn(world, 'history', id);
    expect(stdout).toMatch(
      new RegExp(
        `^2026-01-05T\\S+ \\+ web\\.example\\.com[^\\n]*\\n2026-01-05T\\S+ - web\\.[^\\n]*${id} shutting-down`,
      ),
    );
    expect(stdout).not.toContain('db');
    await world.closeCleanly();
  });

  it('leaves out what is older than --since', async () => {
    const world = await worldWith({ web: 'pub' });
    await world.launch('web');
    await world.advance(90);
    expect((await rolecallOn(world, 'history', 'web', '--since', '1m')).stdout).toMatch(
      /^the journal has nothing of web since 2026-01-05T/,
    );
    expect((await rolecallOn(world, 'history', 'web', '--since', '30d')).stdout).toContain('+ web.example.com');
    await world.closeCleanly();
  });

  it.each(['yesterday', '31d', '0s'])('refuses --since %s with exit code 64', async (since) => {
    const world = await worldWith({ web: 'pub' });
    expect(await rolecallOn(world, 'history', 'web', '--since', since)).toMatchObject({
      code: 64,
      stderr: expect.stringContaining("a duration from '1s' to '30d'"),
    });
    await world.closeCleanly();
  });
});

describe('rolecall watch', () => {
  it('prints each entry once, as it comes, as NDJSON', async () => {
    const world = await worldWith({ web: 'pub' });
    await world.launch('web');
    const { code, stdout, stderr } = await rolecallOn(world, 'watch', '--for', '40s', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'Watching the world.\n' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    expect(validated({ code, stdout: lines[0] ?? '', stderr })).toMatchObject({ entry: { action: 'create' } });
    await world.closeCleanly();
  });

  it('shows what was before only when asked', async () => {
    const world = await worldWith({ web: 'pub' });
    await world.launch('web');
    await world.advance(30);
    expect((await rolecallOn(world, 'watch', '--for', '2s')).stdout).toBe('');
    expect((await rolecallOn(world, 'watch', '--since', '1m', '--for', '2s')).stdout).toMatch(
      /^\S+ \+ web\.example\.com .*\n$/,
    );
    await world.closeCleanly();
  });
});

describe('rolecall sweep', () => {
  it('says that nothing was to do', async () => {
    const world = await worldWith({ web: 'pub' });
    await world.launch('web');
    await world.advance(75);
    expect(await rolecallOn(world, 'sweep')).toEqual({
      code: 0,
      stdout: 'nothing was to do\n',
      stderr: 'Writing to the world.\n',
    });
    await world.closeCleanly();
  });

  it('finds a record that other hands changed, and waits until it is set right', async () => {
    const world = await worldWith({ web: 'pub' });
    await world.launch('web');
    await world.advance(75);
    const before = await world.zone('Z0AAA');
    await world.edit('Z0AAA', 'UPSERT', 'web.example.com', 'A', 60, '192.0.2.9');
    expect(validated(await rolecallOn(world, 'sweep', '--json'))).toMatchObject({
      woken: ['Z0AAA'],
      failures: [],
      remaining: 0,
    });
    expect(await world.zone('Z0AAA')).toEqual(before);
    await world.closeCleanly();
  });

  it('exits with 1 when the work is not done in time', async () => {
    const world = await worldWith({ web: 'pub' });
    await world.launch('web');
    await world.advance(75);
    await world.edit('Z0AAA', 'UPSERT', 'web.example.com', 'A', 60, '192.0.2.9');
    world.account.faults.add({ service: 'route53', operation: 'ChangeResourceRecordSets', effect: 'throttle' });
    const { code, stdout, stderr } = await rolecallOn(world, 'sweep', '--wait', '5s');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '1 group had work: Z0AAA\n! 1 still to do\n' });
    expect(stderr).toContain('rolecall: the sweep is not complete');
    await world.closeCleanly();
  });
});

describe('a history that is cut', () => {
  it('says from when on the journal was searched; a whole one does not', () => {
    const result = { target: 'the world', subject: 'web', from: '2026-01-05T10:00:00.000Z', entries: [] };
    expect(historyLines({ ...result, complete: false })).toEqual([
      '! only the last 20000 entries of the journal were searched, from 2026-01-05T10:00:00.000Z on',
      'the journal has nothing of web since 2026-01-05T10:00:00.000Z',
    ]);
    expect(historyLines({ ...result, complete: true })).toEqual([
      'the journal has nothing of web since 2026-01-05T10:00:00.000Z',
    ]);
  });
});
