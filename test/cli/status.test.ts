import { describe, expect, it } from 'vitest';
import { validated } from './validated.ts';
import { mailWorld, worldWith } from './worlds.ts';
import { laterBy, rolecallAs, rolecallOn } from './world-target.ts';

describe('rolecall status', () => {
  it('says that all is well, who serves, and that nothing is to do', async () => {
    const world = await worldWith({ web: 'pub' });
    const [id] = await world.launch('web');
    await world.advance(75);
    const { code, stdout, stderr } = await rolecallOn(world, 'status');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines[0]).toBe('the world · owner rolecall');
    expect(lines[1]).toMatch(
      /^all is well · last sweep \d+ s ago · 0 conflicts · 0 drifts in the last hour · 0 withheld · 0 refused claims · 0 dead letters$/,
    );
    expect(lines[3]).toBe('web 1/1 serving');
    expect(lines[4]).toMatch(new RegExp(`^  ${id}  serving  10\\.`));
    expect(lines[5]).toMatch(/^ {2}web\.example\.com {2}A {2}\d+\.\d+\.\d+\.\d+ {2}ttl 60$/);
    expect(lines[7]).toMatch(/^example\.com · Z0AAA · serial \d+ · 1 record set · nothing to do$/);
    await world.closeCleanly();
  });

  it('prints JSON that its schema describes', async () => {
    const world = await worldWith({ web: 'pub' });
    await world.launch('web');
    await world.advance(75);
    expect(validated(await rolecallOn(world, 'status', '--json'))).toMatchObject({
      target: 'the world',
      health: { ok: true, conflicts: 0, queues: [{ queue: 'events', deadLetters: 0 }, {}, {}] },
      roles: [{ role: 'web', configured: true, members: [{ standing: 'serving' }] }],
    });
    await world.closeCleanly();
  });

  it('counts a conflict, and says that it wants a look', async () => {
    const world = await worldWith({ web: 'pub' });
    await world.edit('Z0AAA', 'CREATE', 'web.example.com', 'A', 300, '192.0.2.9');
    await world.launch('web');
    await world.advance(75);
    const { stdout } = await rolecallOn(world, 'status');
    expect(stdout).toMatch(/^look at this · .* · 1 conflict · /m);
    expect(stdout).toMatch(/^ {2}! conflict {2}foreign-record {2}web\.example\.com A A 192\.0\.2\.9$/m);
    await world.closeCleanly();
  });

  it('tells a sweep that is long over from one that is not', async () => {
    const world = await worldWith({ web: 'pub' });
    await world.advance(75);
    expect((await rolecallOn(world, 'status')).stdout).not.toContain('! ');
    const later = { clock: laterBy(world, 200) };
    expect((await rolecallAs(world, later, 'status')).stdout).toMatch(/\n! the last sweep ended \d+ s ago: one starts/);
    await world.closeCleanly();
  });

  it('is patient until the first sweep, and not for longer than two minutes', async () => {
    const world = await worldWith({ web: 'pub' });
    expect((await rolecallOn(world, 'status')).stdout).toMatch(
      /^all is well · just deployed, the first sweep is about to run · /m,
    );
    expect((await rolecallOn(world, 'doctor')).code).toBe(0);
    const { stdout } = await rolecallAs(world, { clock: laterBy(world, 121) }, 'status');
    expect(stdout).toMatch(/^look at this · no sweep yet · /m);
    expect(stdout).toContain('\n! no sweep has run to its end yet');
    await world.closeCleanly();
  });

  it('shows standbys of a pool as what they are, and not as trouble', async () => {
    const world = await mailWorld(1);
    await world.launch('mail', { count: 2 });
    await world.advance(75);
    const { stdout } = await rolecallOn(world, 'status');
    expect(stdout).toContain('mail 1/2 serving · 1 standby until an address of the pool is free\n');
    expect(stdout).toMatch(/^all is well · .* · 0 withheld · /m);
    expect(stdout).not.toContain('! ');
    expect(stdout).not.toContain('idle');
    await world.closeCleanly();
  });

  it('shows idle addresses and what they cost', async () => {
    const world = await mailWorld(2);
    await world.launch('mail');
    await world.advance(75);
    const { stdout } = await rolecallOn(world, 'status');
    expect(stdout).toContain('mail 1/1 serving\n');
    expect(stdout).toContain('\n1 idle Elastic IP · about 3.65 USD a month\n');
    expect(validated(await rolecallOn(world, 'status', '--json'))).toMatchObject({
      addresses: { idle: 1, idleUsdAMonth: 3.65 },
    });
    await world.closeCleanly();
  });

  it('shows a claim to a role that is not configured', async () => {
    const world = await worldWith({ web: 'pub' });
    await world.launch('db');
    await world.advance(75);
    const { stdout } = await rolecallOn(world, 'status');
    expect(stdout).toContain('db 0/1 serving · 1 refused · not configured: its members are refused');
    expect(stdout).toContain('· 1 refused claim ·');
    await world.closeCleanly();
  });
});
