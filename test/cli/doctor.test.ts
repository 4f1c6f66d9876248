import { describe, expect, it } from 'vitest';
import { World } from '../../local/simulation/world.ts';
import { validated } from './validated.ts';
import { mailWorld, PUB, worldWith } from './worlds.ts';
import { rolecallOn } from './world-target.ts';

describe('rolecall doctor', () => {
  it('finds nothing wrong where all is well, and warns of negative answers', async () => {
    const world = await worldWith({ web: 'pub' });
    await world.launch('web');
    await world.advance(75);
    const outcome = await rolecallOn(world, 'doctor', '--json');
    expect(outcome.code).toBe(0);
    expect(validated(outcome)).toMatchObject({
      checks: expect.arrayContaining([
        { check: 'sweep', verdict: 'ok', says: 'the last sweep was complete, and is recent' },
        { check: 'queue work', verdict: 'ok', says: '0 messages, none given up' },
        expect.objectContaining({
          check: 'negative answers of example.com',
          verdict: 'warning',
          says: 'a resolver that asked while a name was empty may say for 900 s that there is none, longer than the TTL of web (60 s)',
        }),
      ]),
      summary: { problem: 0 },
    });
    expect((await rolecallOn(world, 'doctor')).stdout).not.toContain('nobody serves');
    await world.closeCleanly();
  });

  it('does not warn of negative answers where no name is ever empty', async () => {
    const world = await worldWith({ web: { names: [{ zone: 'pub' }], whenEmpty: { answer: '192.0.2.10' } } });
    await world.launch('web');
    await world.advance(75);
    expect((await rolecallOn(world, 'doctor')).stdout).toMatch(
      /^ {2}ok +negative answers of example\.com +kept for 900 s/m,
    );
    await world.closeCleanly();
  });

  it('counts the health checks of Route 53 against their quota, with what they cost, and only where a role has some', async () => {
    const names = [{ zone: 'pub', routing: 'multivalue' as const }];
    const world = await worldWith({ web: { names, health: { route53: { type: 'HTTPS', port: 443 } } } });
    await world.launch('web', { count: 2 });
    await world.advance(75);
    const line = /^ {2}(\S+) +health checks +(.*)$/m;
    const says =
      '2 of 200 in the account, 2 of them ours: about 2.00 USD a month where nothing else uses the free ones';
    expect(line.exec((await rolecallOn(world, 'doctor')).stdout)?.slice(1)).toEqual(['ok', says]);
    world.account.route53.healthChecks.most = 2;
    expect(line.exec((await rolecallOn(world, 'doctor')).stdout)?.[1]).toBe('!');
    expect((await rolecallOn(world, 'status')).stdout).toContain('2 Route 53 health checks · about 2.00 USD a month');
    await world.closeCleanly();
    const plain = await worldWith({ web: 'pub' });
    expect((await rolecallOn(plain, 'doctor')).stdout).not.toContain('health checks');
    await plain.closeCleanly();
  });

  it('exits with 1 when no sweep runs, and names roles that nobody holds', async () => {
    const world = await worldWith({ web: 'pub' });
    const { code, stdout } = await rolecallOn(world, 'doctor');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ {2}!! {2}sweep +no sweep has run to its end yet/m);
    expect(stdout).toMatch(/^ {2}! +role web +nobody serves in it -> tag an instance rolecall:role=web/m);
    await world.closeCleanly();
  });

  it('warns of a long TTL on an address that may go to a stranger, and not on a private one', async () => {
    const world = await worldWith({
      web: { names: [{ zone: 'pub', ttl: '5m' }] },
      db: { names: [{ zone: 'pub', address: 'private', ttl: '5m' }] },
    });
    await world.launch('web db');
    await world.advance(75);
    const { stdout } = await rolecallOn(world, 'doctor');
    expect(stdout).toMatch(/! +ttl of web\.example\.com +300 s in example\.com: .* for up to 362 s/);
    expect(stdout).not.toContain('ttl of db');
    await world.closeCleanly();
  });

  it('warns of idle addresses, and of a pool without any', async () => {
    const idle = await mailWorld(1);
    await idle.advance(75);
    expect((await rolecallOn(idle, 'doctor')).stdout).toContain('1 idle address, about 3.65 USD a month');
    await idle.closeCleanly();
    const empty = await mailWorld(0);
    await empty.advance(75);
    expect((await rolecallOn(empty, 'doctor')).stdout).toMatch(/!! +pool of mail +it has no Elastic IP/);
    await empty.closeCleanly();
  });

  it('warns of a name that the private zone of the same name lacks', async () => {
    const world = await World.open({
      zones: { pub: PUB, int: { name: 'example.com', id: 'Z0INT', private: true } },
      roles: { web: 'pub', db: { names: [{ zone: 'pub' }, { zone: 'int' }] } },
    });
    await world.launch('web db');
    await world.advance(75);
    const { stdout } = await rolecallOn(world, 'doctor');
    expect(stdout).toContain('web.example.com is in the public zone only: inside the VPC it does not exist');
    expect(stdout).not.toContain('db.example.com is in the public zone only');
    await world.closeCleanly();
  });

  it('says of what cannot be read that it is unknown, and goes on', async () => {
    const world = await worldWith({ web: 'pub' });
    await world.launch('web');
    await world.advance(75);
    world.account.faults.add({ service: 'ec2', operation: 'DescribeAddresses', effect: 'error-before' });
    const { stdout } = await rolecallOn(world, 'doctor');
    expect(stdout).toMatch(/^ {2}\? +Elastic IPs +it cannot be read: .* -> ask for the permission to read it/m);
    expect(stdout).toMatch(/^ {2}ok +sweep /m);
    await world.closeCleanly();
  });
});
