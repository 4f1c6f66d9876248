import { DescribeAddressesCommand } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { World } from '../../local/simulation/world.ts';
import { validated } from './validated.ts';
import { mailWorld, worldWith } from './worlds.ts';
import { rolecallOn } from './world-target.ts';

describe('rolecall explain', () => {
  it('says of a serving instance in which records it is, by what evidence, and what to try next', async () => {
    const world = await worldWith({ web: 'pub' });
    const [id = ''] = await world.launch('web');
    await world.advance(75);
    const { code, stdout, stderr } = await rolecallOn(world, 'explain', id);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`instance ${id} · the world\n`);
    expect(stdout).toMatch(
      new RegExp(`^  yes  ${id} +is alive: running, launched 2026-01-05T\\S+ \\[read at 2026-01-05T`, 'm'),
    );
    expect(stdout).toMatch(/^ {2}– +\S+ +EC2 says now: running, rolecall:role=web \[as it is known\]$/m);
    expect(stdout).toMatch(/^ {2}yes {2}web +serves \[running since 2026-01-05T/m);
    expect(stdout).toMatch(/^ {2}yes {2}web\.example\.com +A [\d.]+ \[in example\.com since serial \d+\]$/m);
    expect(stdout).toMatch(/^last in the journal\n {2}2026-01-05T\S+ {2}\+ web\.example\.com/m);
    expect(stdout).toContain(`try\n  rolecall history ${id}\n  rolecall members web\n`);
    expect(stdout).not.toMatch(/^ {2}no /m);
    await world.closeCleanly();
  });

  it('says of a terminated instance that it is gone, and by what evidence', async () => {
    const world = await worldWith({ web: 'pub' });
    const [id = ''] = await world.launch('web');
    await world.advance(30);
    await world.terminate(id);
    await world.advance(10);
    const { stdout } = await rolecallOn(world, 'explain', id);
    expect(stdout).toMatch(/^ {2}no +\S+ +is gone, and nothing brings it back \[event at 2026-01-05T/m);
    expect(stdout).toMatch(/EC2 says now: (?:shutting-down|terminated), rolecall:role=web \[as it is known\]/);
    expect(stdout).not.toContain('rolecall sweep');
    expect(stdout).not.toMatch(/^ {2}yes /m);
    expect(stdout).toMatch(/- web\.example\.com/);
    await world.closeCleanly();
  });

  it('says which field of allow refuses a claim, and what it admits', async () => {
    const world = await worldWith({ web: { names: [{ zone: 'pub' }], allow: { vpcs: ['vpc-0other'] } } });
    const [id = ''] = await world.launch('web');
    await world.advance(75);
    const { stdout } = await rolecallOn(world, 'explain', id);
    expect(stdout).toMatch(
      /no +web +roles\.web\.allow\.vpcs does not admit it: its VPC is vpc-\w+ \[admitted: vpc-0other\]/,
    );
    await world.closeCleanly();
  });

  it('says of a claim to a role that is not configured which roles are', async () => {
    const world = await worldWith({ web: 'pub' });
    const [id = ''] = await world.launch('db');
    await world.advance(75);
    const { stdout } = await rolecallOn(world, 'explain', id);
    expect(stdout).toMatch(/no +db +the role db is not configured, and openRoles is not set \[configured are: web\]/);
    await world.closeCleanly();
  });

  it('says of a standby that it waits, and of the holder which address it has', async () => {
    const world = await mailWorld(1);
    const [first = '', second = ''] = await world.launch('mail', { count: 2 });
    await world.advance(75);
    const answers = [
      (await rolecallOn(world, 'explain', first)).stdout,
      (await rolecallOn(world, 'explain', second)).stdout,
    ].sort((one, other) => Number(one.includes('standby')) - Number(other.includes('standby')));
    expect(answers[0]).toMatch(/yes +mail +holds slot 1, the address [\d.]+\n/);
    expect(answers[0]).toMatch(/yes +mx1\.example\.com +A [\d.]+ /);
    expect(answers[1]).toMatch(/no +mail +is a standby: every slot is held; succession is oldest/);
    await world.closeCleanly();
  });

  it('says of an instance that nobody told of that a sweep would', async () => {
    const world = await worldWith({ web: 'pub' });
    const { stdout } = await rolecallOn(world, 'explain', 'i-0123456789abcdef0');
    expect(stdout).toContain('nothing is known of it: no event and no sweep told');
    expect(stdout).toContain('EC2 does not list it in this account and region');
    expect(stdout).not.toContain('rolecall sweep');
    const [id = ''] = await world.launch('');
    await world.tag(id, 'web');
    expect((await rolecallOn(world, 'explain', id)).stdout).toMatch(
      /not yet known like this[^]*try\n {2}rolecall sweep\n/,
    );
    await world.closeCleanly();
  });
});

describe('rolecall explain of a host outside EC2', () => {
  async function hostWorld(): Promise<{ readonly world: World; readonly update: (query: string) => Promise<string> }> {
    const world = await World.open({
      zones: { pub: { name: 'example.com', id: 'Z0AAA' } },
      roles: { web: 'pub' },
      endpoint: true,
      hosts: { 'dc1-web': { roles: ['web'], expireAfter: '30m' } },
    });
    const token = (await rolecallOn(world, 'host', 'add', 'dc1-web')).stdout.split('\n')[0] ?? '';
    const authorization = `Basic ${Buffer.from(`dc1-web:${token}`).toString('base64')}`;
    const update = async (query: string) =>
      (
        await world.request(`/nic/update?hostname=web.example.com&${query}`, { headers: { authorization } })
      ).body.toString();
    return { world, update };
  }

  it('says that it is alive, in which records it is, and asks EC2 nothing of it', async () => {
    const { world, update } = await hostWorld();
    expect(await update('myip=203.0.113.9')).toBe('good 203.0.113.9\n');
    await world.advance(10);
    const { stdout } = await rolecallOn(world, 'explain', 'dc1-web');
    expect(stdout).toContain('host dc1-web · the world\n');
    expect(stdout).toMatch(/^ {2}yes {2}dc1-web +is alive: a host outside EC2 \[read at 2026-01-05T/m);
    expect(stdout).toMatch(/^ {2}yes {2}web\.example\.com +A 203\.0\.113\.9 \[in example\.com since serial \d+\]$/m);
    expect(stdout).not.toContain('EC2 says now');
    expect(stdout).not.toMatch(/^ {2}no /m);
    await world.closeCleanly();
  });

  it('says of one that was silent for too long that it is away, and why', async () => {
    const { world, update } = await hostWorld();
    await update('myip=203.0.113.9');
    await world.advance(1900);
    const { stdout } = await rolecallOn(world, 'explain', 'dc1-web');
    expect(stdout).toMatch(/^ {2}no +dc1-web +is away: it told nothing for longer than its expireAfter/m);
    expect(stdout).not.toMatch(/^ {2}yes /m);
    await world.closeCleanly();
  });
});

describe('rolecall explain of a name', () => {
  it('says whose it is, from whom, since when, and for how long resolvers may keep it', async () => {
    const world = await worldWith({ web: { names: [{ zone: 'pub', ttl: '30s' }] } });
    const [id] = await world.launch('web');
    await world.advance(75);
    const { stdout } = await rolecallOn(world, 'explain', 'WEB.example.com.');
    expect(stdout).toContain('name web.example.com · the world\n');
    expect(stdout).toMatch(
      new RegExp(
        `yes +web\\.example\\.com +A [\\d.]+ of the role web; .* for 92 s \\[from ${id}; in example\\.com since serial \\d+, ttl 30\\]`,
      ),
    );
    expect(stdout).toMatch(/– +web\.example\.com +Route 53 has A [\d.]+ \[ours\]/);
    await world.closeCleanly();
  });

  it('says that a record of others is in the way, which one, and who is left out', async () => {
    const world = await worldWith({ web: 'pub' });
    await world.edit('Z0AAA', 'CREATE', 'web.example.com', 'A', 300, '192.0.2.9');
    const [id] = await world.launch('web');
    await world.advance(75);
    const { stdout } = await rolecallOn(world, 'explain', 'web.example.com');
    expect(stdout).toMatch(/no +web\.example\.com +nothing of ours is published in example\.com/);
    expect(stdout).toMatch(/– +web\.example\.com +Route 53 has A 192\.0\.2\.9 \[not ours: Rolecall never changes it\]/);
    expect(stdout).toMatch(
      /no +web\.example\.com +A withheld: a record that Rolecall does not own is in the way \[A 192\.0\.2\.9\]/,
    );
    expect(stdout).toMatch(new RegExp(`no +${id} +A withheld`));
    await world.closeCleanly();
  });

  it('says that no role has a name, or that it is in no zone', async () => {
    const world = await worldWith({ web: 'pub' });
    expect((await rolecallOn(world, 'explain', 'ftp.example.com')).stdout).toContain('no role has this name');
    expect((await rolecallOn(world, 'explain', 'web.example.net')).stdout).toContain(
      'is in none of the configured zones [zones: example.com]',
    );
    await world.closeCleanly();
  });
});

describe('rolecall explain of an address', () => {
  it('says who has it and which records hold it', async () => {
    const world = await worldWith({ web: 'pub' });
    const [id = ''] = await world.launch('web');
    await world.advance(75);
    const address = (await world.zone('Z0AAA'))[0]?.split(' ').at(-1) ?? '';
    expect(validated(await rolecallOn(world, 'explain', address, '--json'))).toMatchObject({
      subject: { kind: 'address', id: address },
      findings: [
        { answer: 'known', says: 'is no Elastic IP of this account and region' },
        { answer: 'yes', about: 'web', says: `is an address of the member ${id}` },
        { answer: 'yes', about: 'web.example.com', says: 'A holds it' },
      ],
      next: [`rolecall explain ${id}`, `rolecall history ${address}`],
    });
    await world.closeCleanly();
  });

  it('says of an idle Elastic IP that nobody holds its slot', async () => {
    const world = await mailWorld(1);
    await world.advance(75);
    const { Addresses } = await world.user.ec2.send(new DescribeAddressesCommand({}));
    const { stdout } = await rolecallOn(world, 'explain', Addresses?.[0]?.AllocationId ?? '');
    expect(stdout).toMatch(
      /is the Elastic IP [\d.]+ \(eipalloc-\w+\), pool mail \[EC2 says now: associated with nobody\]/,
    );
    expect(stdout).toMatch(/no +mail +is the address of slot 1, which nobody holds/);
    await world.closeCleanly();
  });

  it('says of any other that no member has it and no record holds it', async () => {
    const world = await worldWith({ web: 'pub' });
    const { stdout } = await rolecallOn(world, 'explain', '203.0.113.250');
    expect(stdout).toContain('no member has it');
    expect(stdout).toContain('no record of ours holds it');
    await world.closeCleanly();
  });

  it('wants a subject', async () => {
    const world = await worldWith({ web: 'pub' });
    expect(await rolecallOn(world, 'explain')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining("missing required argument 'subject'"),
    });
    await world.closeCleanly();
  });
});
