import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegistry } from '../../lib/aws/registry.ts';
import { hashOf } from '../../lib/model/token.ts';
import { World } from '../../local/simulation/world.ts';

const HOSTS = Array.from({ length: 50 }, (_, number) => `dc${number + 1}`);
const SECRET = 'Zm91cnR5LXR3bw';
const TOKENS = new Map(HOSTS.map((id) => [id, `${SECRET}-${id}`]));
const READER = `nginx.${SECRET}-nginx`;

let world: World;
let isRegistryAway = false;

beforeAll(async () => {
  world = await World.open(
    {
      zones: { pub: { name: 'example.com', id: 'Z0BBB' } },
      endpoint: true,
      roles: { web: 'pub' },
      hosts: Object.fromEntries(HOSTS.map((id) => [id, { roles: ['web'] }])),
    },
    {
      hooks: (kind) => ({
        before: () => {
          if (isRegistryAway && kind === 'Update') throw new Error('DynamoDB is away');
        },
      }),
    },
  );
  const table = { table: world.stack.outputs['RegistryTable'] ?? '' };
  const registry = createRegistry(world.user.dynamodb, table, world.timeline, { id: () => 'x' });
  for (const [name, token] of TOKENS)
    await registry.putToken({ name, use: 'update', hash: hashOf(token), createdAtMs: 0 }, true);
  await registry.putToken({ name: 'nginx', use: 'read', hash: hashOf(READER), createdAtMs: 0 }, true);
});

afterAll(async () => {
  await world.closeCleanly();
});

function login(host: string, token = TOKENS.get(host) ?? '') {
  return { headers: { authorization: `Basic ${Buffer.from(`${host}:${token}`).toString('base64')}` } };
}

async function update(host: string, sourceIp: string, token?: string): Promise<string> {
  const number = HOSTS.indexOf(host) + 1;
  const target = `/nic/update?hostname=web.example.com&myip=203.0.113.${number}`;
  return (await world.request(target, { ...login(host, token), sourceIp })).body.toString();
}

/** As if so many had been counted in this minute. */
async function counted(subject: string, count: number): Promise<void> {
  const windowStartMs = Math.floor(world.timeline.now() / 60_000) * 60_000;
  await world.user.dynamodb.send(
    new UpdateItemCommand({
      TableName: world.stack.outputs['RegistryTable'],
      Key: { pk: { S: `limit#${subject}` }, sk: { S: new Date(windowStartMs).toISOString() } },
      UpdateExpression: 'SET #count = :count',
      ExpressionAttributeNames: { '#count': 'count' },
      ExpressionAttributeValues: { ':count': { N: String(count) } },
    }),
  );
}

const untilNextMinute = async () => await world.advance(60 - ((world.timeline.now() / 1000) % 60));

describe('fifty hosts behind one address', () => {
  it('are all let in', async () => {
    const answers: string[] = [];
    for (const host of HOSTS) answers.push(await update(host, '198.51.100.7'));
    expect(answers).toEqual(HOSTS.map((_host, index) => `good 203.0.113.${index + 1}\n`));
    await untilNextMinute();
    for (const host of HOSTS.slice(0, 5))
      for (let times = 0; times < 10; times += 1) expect(await update(host, '198.51.100.7')).toMatch(/^nochg/);
    expect(await update('dc1', '198.51.100.7')).toBe('abuse\n');
    expect(await update('dc6', '198.51.100.7')).toBe('nochg 203.0.113.6\n');
  });
});

describe('one address', () => {
  it('updates 600 times a minute, whoever from there', async () => {
    await untilNextMinute();
    await counted('update-from#198.51.100.8', 599);
    expect(await update('dc1', '198.51.100.8')).toBe('nochg 203.0.113.1\n');
    expect(await update('dc2', '198.51.100.8')).toBe('abuse\n');
    expect(await update('dc2', '198.51.100.9')).toBe('nochg 203.0.113.2\n');
    await untilNextMinute();
    expect(await update('dc2', '198.51.100.8')).toBe('nochg 203.0.113.2\n');
  });

  it('reads 7200 times a minute', async () => {
    await untilNextMinute();
    const from = (sourceIp: string) => ({ headers: { authorization: `Bearer ${READER}` }, sourceIp });
    await counted('read-from#198.51.100.8', 7_199);
    expect((await world.request('/v1/roles/web', from('198.51.100.8'))).status).toBe(200);
    expect((await world.request('/v1/roles/web', from('198.51.100.8'))).status).toBe(429);
    expect((await world.request('/v1/roles/web', from('198.51.100.9'))).status).toBe(200);
  });

  it('that has no token counts against nobody who has one', async () => {
    await untilNextMinute();
    for (let times = 0; times < 15; times += 1) expect(await update('dc9', '192.0.2.66', 'wrong')).toBe('badauth\n');
    expect(await update('dc9', '198.51.100.7')).toBe('nochg 203.0.113.9\n');
  });
});

describe('a token', () => {
  it('is in no log, no journal and no item, whatever happened to it', async () => {
    isRegistryAway = true;
    expect(await update('dc3', '198.51.100.7')).toBe('911\n');
    expect((await world.request('/v1/roles/web', { headers: { authorization: `Bearer ${READER}` } })).status).toBe(503);
    isRegistryAway = false;
    for (let times = 0; times < 21; times += 1) await update('dc4', '192.0.2.67', `${SECRET}-wrong`);

    const written = JSON.stringify([world.errors, world.journal, world.measurements]);
    expect(world.errors.join('\n')).toContain('DynamoDB is away');
    expect(world.errors.join('\n')).toContain('too many failed logins: refused for a while {"network":"192.0.2.67"}');
    const table = JSON.stringify(await everyItem());
    expect(table).toContain(hashOf(TOKENS.get('dc1') ?? ''));
    for (const text of [written, table]) {
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain(Buffer.from(SECRET).toString('base64').slice(0, 12));
    }
  });
});

/** Of the partitions that the endpoint knows. */
async function everyItem(): Promise<unknown[]> {
  const table = { table: world.stack.outputs['RegistryTable'] ?? '' };
  const registry = createRegistry(world.user.dynamodb, table, world.timeline, { id: () => 'x' });
  return [await registry.readTokens(), await registry.readAllFacts(), await registry.readRole('web')];
}
