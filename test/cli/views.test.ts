import { describe, expect, it } from 'vitest';
import { validated } from './validated.ts';
import { mailWorld, worldWith } from './worlds.ts';
import type { AddressesResult } from '../../lib/cli/views-schema.ts';
import { rolecallOn } from './world-target.ts';

describe('rolecall members', () => {
  it('lists the members of one role, and how each stands', async () => {
    const world = await worldWith({ web: 'pub', cache: 'pub' });
    const [web = ''] = await world.launch('web');
    await world.launch('cache');
    await world.advance(30);
    const { stdout } = await rolecallOn(world, 'members', 'web');
    const [head, row, end] = stdout.split('\n');
    expect(head).toMatch(/^role +member +standing +slot +zone +private +public +since$/);
    expect(row).toMatch(new RegExp(`^web +${web} +serving +– +us-east-1\\w +10\\.`));
    expect(end).toBe('');
    expect(validated(await rolecallOn(world, 'members', '--json'))).toMatchObject({
      members: [
        { role: 'cache', standing: 'serving', offCloud: false },
        { role: 'web', instanceId: web },
      ],
    });
    await world.closeCleanly();
  });

  it('suggests a role for a typo, with exit code 64', async () => {
    const world = await worldWith({ web: 'pub' });
    expect(await rolecallOn(world, 'members', 'wbe')).toEqual({
      code: 64,
      stdout: '',
      stderr: 'rolecall: there is no role "wbe"; roles: web; did you mean "web"?\n',
    });
    expect((await rolecallOn(world, 'members', 'web')).stdout).toBe('no members\n');
    await world.closeCleanly();
  });
});

describe('rolecall names', () => {
  it('shows for each name the honest window, and which addresses may go to strangers', async () => {
    const world = await worldWith({
      web: { names: [{ zone: 'pub', ttl: '30s' }] },
      mail: { names: [{ zone: 'pub', address: 'private' }] },
    });
    const [id = ''] = await world.launch('web mail');
    await world.advance(30);
    const names = validated(await rolecallOn(world, 'names', '--json'));
    expect(names).toMatchObject({
      names: [
        { name: 'mail.example.com', exposed: false, window: { totalSeconds: 122 } },
        {
          name: 'web.example.com',
          exposed: true,
          from: [id],
          window: { eventSeconds: 2, propagationSeconds: 60, ttlSeconds: 30, totalSeconds: 92 },
        },
      ],
    });
    const { stdout } = await rolecallOn(world, 'names', 'web');
    expect(stdout).toMatch(new RegExp(`^web\\.example\\.com  A  [\\d.]+  ttl 30  window 92 s !  from ${id}$`, 'm'));
    expect(stdout).toContain("!: in 1 set the address may be a stranger's in that time; drain before you terminate.");
    expect(stdout).not.toContain('mail');
    expect((await rolecallOn(world, 'names', 'mail.example.com')).stdout).not.toContain('stranger');
    await world.closeCleanly();
  });

  it('does not call an address of a pool exposed', async () => {
    const world = await mailWorld(1);
    await world.launch('mail');
    await world.advance(30);
    expect(validated(await rolecallOn(world, 'names', '--json'))).toMatchObject({
      names: [{ name: 'mx1.example.com', exposed: false }],
    });
    await world.closeCleanly();
  });

  it('shows what is withheld, and says when there is nothing', async () => {
    const world = await worldWith({ web: 'pub' });
    expect((await rolecallOn(world, 'names')).stdout).toBe('no names\n');
    await world.launch('web', { publicAddress: false });
    await world.advance(30);
    expect((await rolecallOn(world, 'names')).stdout).toMatch(/^! web\.example\.com +A +withheld \(no-address\)/m);
    await world.closeCleanly();
  });
});

describe('rolecall addresses', () => {
  it('shows who is entitled, who has it, who waits, what is idle and what that costs', async () => {
    const world = await mailWorld(2);
    const [id = ''] = await world.launch('mail');
    await world.advance(30);
    expect(validated(await rolecallOn(world, 'addresses', '--json'))).toMatchObject({
      addresses: [
        { role: 'mail', ordinal: 1, holder: id, associatedWith: id, state: 'held' },
        { role: 'mail', ordinal: 2, state: 'idle' },
      ],
      standbys: { mail: [] },
      idleCostPerMonth: 3.65,
    });
    expect((await rolecallOn(world, 'addresses')).stdout).toContain('1 idle address: about 3.65 USD a month\n');
    await world.launch('mail', { count: 2 });
    await world.advance(30);
    const { stdout } = await rolecallOn(world, 'addresses');
    expect(stdout).toMatch(/^mail: 1 standby without an address: i-\w+$/m);
    expect(stdout).not.toContain('idle');
    await world.closeCleanly();
  });

  it('shows the reverse DNS that is wanted, what is there, and what is pending or refused', async () => {
    const world = await mailWorld(1, {
      elasticIp: { pool: 'mail', ptr: 'mx{ordinal}.example.com' },
      whenEmpty: 'keep',
    });
    const shown = async () =>
      (validated(await rolecallOn(world, 'addresses', '--json')) as AddressesResult).addresses[0]?.reverseDns;
    const wanted = 'mx1.example.com';
    const states = [];
    await world.advance(5);
    for (let seconds = 0; seconds < 70; seconds += 1) {
      states.push(JSON.stringify(await shown()));
      await world.advance(1);
    }
    expect([...new Set(states)].map((state) => JSON.parse(state) as unknown)).toEqual([
      { wanted },
      { wanted, pending: wanted },
      { wanted, current: wanted },
    ]);
    expect((await rolecallOn(world, 'addresses')).stdout).toMatch(/^203\.0\.113\.\d+: reverse DNS mx1\.example\.com$/m);
    await world.closeCleanly();
  });

  it('says where there is no pool', async () => {
    const world = await worldWith({ web: 'pub' });
    expect((await rolecallOn(world, 'addresses')).stdout).toBe('no role has a pool with an address\n');
    await world.closeCleanly();
  });
});
