import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { World } from '../../local/simulation/world.ts';
import { validated } from './validated.ts';
import { rolecallOn } from './world-target.ts';

let world: World;

beforeAll(async () => {
  world = await World.open({
    zones: { pub: { name: 'example.com', id: 'Z0AAA' } },
    roles: { web: 'pub' },
    endpoint: true,
    hosts: { 'dc1-web': { roles: ['web'], expireAfter: '30m' } },
  });
});

afterAll(async () => {
  await world.closeCleanly();
});

async function update(token: string): Promise<string> {
  const authorization = `Basic ${Buffer.from(`dc1-web:${token}`).toString('base64')}`;
  const path = '/nic/update?hostname=web.example.com&myip=203.0.113.9';
  return (await world.request(path, { headers: { authorization } })).body.toString();
}

async function table(): Promise<string> {
  const { Items } = await world.user.dynamodb.send(
    new (await import('@aws-sdk/client-dynamodb')).QueryCommand({
      TableName: world.stack.outputs['RegistryTable'],
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: 'tokens' } },
    }),
  );
  return JSON.stringify(Items);
}

describe('rolecall host', () => {
  let first = '';

  it('lists a host before it has a token', async () => {
    expect(validated(await rolecallOn(world, 'host', 'list', '--json'))).toEqual({
      endpointUrl: 'https://endpoint.lambda-url.us-east-1.on.aws/',
      hosts: [{ name: 'dc1-web', use: 'update', roles: ['web'], state: 'silent', addresses: [] }],
    });
  });

  it('add prints a token once, names its target first, and stores only a hash', async () => {
    const { code, stdout, stderr } = await rolecallOn(world, 'host', 'add', 'dc1-web');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^[\w-]{43}\n$/);
    expect(stderr).toBe(
      'Writing to the world.\nShown this once; only its hash is kept. dyndns2 at https://endpoint.lambda-url.us-east-1.on.aws/, login dc1-web, this token as the password.\n',
    );
    first = stdout.trim();
    expect(await table()).toContain('dc1-web');
    expect(await table()).not.toContain(first);
    expect(await update(first)).toBe('good 203.0.113.9\n');
  });

  it('add refuses a second token, a host that is not configured, and a reader with the name of a host', async () => {
    const refusals = await Promise.all([
      rolecallOn(world, 'host', 'add', 'dc1-web'),
      rolecallOn(world, 'host', 'add', 'dc9'),
      rolecallOn(world, 'host', 'add', 'dc1-web', '--read'),
      rolecallOn(world, 'host', 'add', 'Not.A.Label', '--read'),
    ]);
    expect(refusals.map(({ code }) => code)).toEqual([1, 1, 1, 1]);
    expect(refusals.map(({ stderr }) => stderr.split('\n').at(-2))).toEqual([
      'rolecall: dc1-web has a token already. Another in its place: rolecall host rotate dc1-web; the old one then no longer works.',
      'rolecall: dc9 is no host of the configuration: its hosts are dc1-web. Add it to hosts and deploy, or use --read for a token that only reads.',
      'rolecall: The name of a reader, "dc1-web", is a host of the configuration; choose another name.',
      'rolecall: The name of a reader, "Not.A.Label", must be one DNS label, lower case; choose another name.',
    ]);
    expect(await update(first)).toBe('nochg 203.0.113.9\n');
  });

  it('explain says why it is a member', async () => {
    const { stdout } = await rolecallOn(world, 'explain', 'dc1-web');
    expect(stdout).toContain('is alive: a host outside EC2');
    expect(stdout).not.toContain('EC2 does not list it');
  });

  it('list shows where the host is and when it expires', async () => {
    await world.advance(60);
    const { stdout } = await rolecallOn(world, 'host', 'list');
    expect(stdout).toMatch(
      /^ {2}dc1-web {2}serving in web {2}203\.0\.113\.9 {2}updated \d+ s ago {2}expires in \d+ min {2}token of 2026-01-05$/m,
    );
    expect(validated(await rolecallOn(world, 'host', 'list', '--json'))).toMatchObject({
      hosts: [{ state: 'serving', addresses: ['203.0.113.9'], expires: expect.any(String) }],
    });
  });

  it('rotate gives another token, and the one before is dead at once', async () => {
    const { token } = validated(await rolecallOn(world, 'host', 'rotate', 'dc1-web', '--json')) as { token: string };
    expect(token).not.toBe(first);
    expect(await update(first)).toBe('badauth\n');
    expect(await update(token)).toBe('nochg 203.0.113.9\n');
    first = token;
  });

  it('add --read gives a token that reads roles, and cannot update', async () => {
    const made = validated(await rolecallOn(world, 'host', 'add', 'nginx', '--read', '--json')) as { token: string };
    expect(made.token).toMatch(/^nginx\.[\w-]{43}$/);
    const headers = { authorization: `Bearer ${made.token}` };
    const { status, body } = await world.request('/v1/roles/web', { headers });
    expect(status).toBe(200);
    expect(JSON.parse(body.toString())).toMatchObject({ role: 'web', members: [{ id: 'dc1-web' }] });
    expect(await update(made.token)).toBe('badauth\n');
  });

  it('remove ends the token and takes the host out of its names', async () => {
    expect((await world.zone('Z0AAA')).join()).toContain('203.0.113.9');
    const { code, stdout } = await rolecallOn(world, 'host', 'remove', 'dc1-web');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'dc1-web has no token any more.\n' });
    expect((await world.zone('Z0AAA')).join()).not.toContain('203.0.113.9');
    expect(await update(first)).toBe('badauth\n');
    expect((await rolecallOn(world, 'explain', 'dc1-web')).stdout).toContain('is no member: its token was removed');
    const again = await rolecallOn(world, 'host', 'remove', 'dc1-web');
    expect([again.code, again.stderr]).toEqual([
      1,
      'Writing to the world.\nrolecall: dc1-web has no token. rolecall host list shows who has one.\n',
    ]);
  });
});
