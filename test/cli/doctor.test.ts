import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { World } from '../../local/simulation/world.ts';
import { validated } from './validated.ts';
import { mailWorld, PUB, worldWith } from './worlds.ts';
import { laterBy, rolecallAs, rolecallOn } from './world-target.ts';

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
    const { code, stdout } = await rolecallAs(world, { clock: laterBy(world, 121) }, 'doctor');
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

  it.each([
    ['a permission', 'error-before', 'UnauthorizedOperation', 403, 'ask for the permission to read it'],
    ['throttling', 'throttle', 'RequestLimitExceeded', 503, 'AWS has too many requests of this account'],
    ['no good answer', 'error-before', 'InternalError', 500, 'no answer, or a failure of AWS: look at the network'],
  ] as const)(
    'says of what cannot be read for %s what to do, and goes on',
    async (_why, effect, code, status, advice) => {
      const world = await worldWith({ web: 'pub' });
      await world.launch('web');
      await world.advance(75);
      world.account.faults.add({ service: 'ec2', operation: 'DescribeAddresses', effect, code, status });
      const { code: exit, stdout } = await rolecallOn(world, 'doctor');
      expect(exit).toBe(0);
      const line = stdout.split('\n').find((each) => each.includes('Elastic IPs')) ?? '';
      expect(line.startsWith(`  ?   Elastic IPs `)).toBe(true);
      expect(line).toContain(`it cannot be read: ${code}: `);
      expect(line).toContain(` -> ${advice}`);
      expect(stdout).toMatch(/^ {2}ok +sweep /m);
      await world.closeCleanly();
    },
  );

  it('counts messages that were given up, and exits with 1 then', async () => {
    const world = await worldWith({ web: 'pub' });
    await world.advance(75);
    expect((await rolecallOn(world, 'doctor')).stdout).toMatch(/^ {2}ok +queue events +0 messages, none given up$/m);
    const QueueUrl = world.stack.outputs['EventsQueue'];
    await world.user.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"nonsense":' }));
    await world.advance(1500);
    const { code, stdout } = await rolecallOn(world, 'doctor');
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^ {2}!! +queue events +1 message was given up -> read them, mend the cause, and start a redrive/m,
    );
    expect(stdout).toMatch(/^ {2}ok +queue work +0 messages, none given up$/m);
    expect((await rolecallOn(world, 'status')).stdout).toContain('\n! 1 in the dead-letter queue of events\n');
    await world.close();
  });

  it('says which zone Route 53 refuses, and nothing of the kind of another', async () => {
    const world = await World.open({
      zones: { pub: PUB, int: { name: 'corp.internal', id: 'Z0INT', private: true } },
      roles: { web: { names: [{ zone: 'pub' }, { zone: 'int' }] } },
    });
    world.account.route53.deleteZone('Z0AAA');
    await world.launch('web');
    await world.advance(75);
    const { code, stdout } = await rolecallOn(world, 'doctor');
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^ {2}!! +zone example\.com +Route 53 refuses the whole zone: zone-gone -> see that the hosted/m,
    );
    expect(stdout).toMatch(/^ {2}\? +zone example\.com +it cannot be read: NoSuchHostedZone.* -> it is not there: /m);
    expect(stdout).not.toMatch(/^ {2}(?:!!|\?) +zone corp\.internal/m);
    await world.close();
  });

  it('warns of work that waits for more than five minutes, and not of what was just begun', async () => {
    const world = await worldWith({ web: 'pub' });
    await world.advance(75);
    world.account.faults.add({ service: 'route53', operation: 'ChangeResourceRecordSets', effect: 'throttle' });
    const [id] = await world.launch('web');
    await world.advance(60);
    expect((await rolecallOn(world, 'doctor')).stdout).toMatch(
      new RegExp(`^  ok +work +1 still to do, the oldest for \\d+ s: ${id}, in Z0AAA$`, 'm'),
    );
    await world.advance(300);
    expect((await rolecallOn(world, 'doctor')).stdout).toMatch(/^ {2}! +work +1 still to do, the oldest for 6 min: /m);
    world.account.faults.clear();
    await world.advance(75);
    expect((await rolecallOn(world, 'doctor')).stdout).toMatch(/^ {2}ok +work +nothing is still to do$/m);
    await world.closeCleanly();
  });
});
