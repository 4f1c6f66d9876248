import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegistry } from '../../lib/aws/registry.ts';
import { hashOf } from '../../lib/model/token.ts';
import type { UrlAnswer, UrlRequest } from '../../local/function-url/event.ts';
import { World } from '../../local/simulation/world.ts';

const PUB = 'Z0BBB';
let world: World;
let isRegistryAway = false;

beforeAll(async () => {
  world = await World.open(
    {
      zones: { pub: { name: 'example.com', id: PUB } },
      endpoint: true,
      roles: { web: 'pub', 'web-own': { names: [{ zone: 'pub', name: '{instanceId}.dc' }] }, api: 'pub' },
      hosts: Object.fromEntries(['dc1', 'dc2', 'dc3'].map((id) => [id, { roles: ['web', 'web-own'] }])),
    },
    {
      hooks: (kind) => ({
        before: () => {
          if (isRegistryAway && kind === 'Update') throw new Error('DynamoDB is away');
        },
      }),
    },
  );
  const table = world.stack.outputs['RegistryTable'] ?? '';
  const registry = createRegistry(world.user.dynamodb, { table }, world.timeline, { id: () => 'x' });
  for (const name of ['dc1', 'dc2', 'dc3'])
    await registry.putToken({ name, use: 'update', hash: hashOf('right'), createdAtMs: 0 }, true);
  await registry.putToken({ name: 'nginx', use: 'read', hash: hashOf('nginx.right'), createdAtMs: 0 }, true);
});

afterAll(async () => {
  await world.closeCleanly();
});

function basic(login: string, password: string): { headers: Record<string, string> } {
  return { headers: { authorization: `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}` } };
}

/** Status and body; `codes` asks as dc1, a minute later than the last time. */
function shown({ status, body }: UrlAnswer): string {
  return `${status} ${body.toString()}`;
}

async function codes(target: string, given: Partial<UrlRequest> = {}): Promise<string> {
  await world.advance(60);
  return shown(await world.request(target, { ...basic('dc1', 'right'), ...given }));
}

const IP = 'myip=203.0.113.9';

describe('an update', () => {
  it('is answered in plain text, with its length', async () => {
    const { headers } = await world.request(`/nic/update?hostname=web.example.com&${IP}`, basic('dc1', 'right'));
    expect(headers).toEqual({ 'content-type': 'text/plain; charset=utf-8', 'content-length': '17' });
  });

  it('is answered with one line for each name, in their order', async () => {
    const names = 'dc1.dc.example.com,api.example.com,web.example.com,dc2.dc.example.com,WEB.example.com.';
    expect(await codes(`/nic/update?hostname=${names}&myip=203.0.113.10`)).toBe(
      '200 good 203.0.113.10\nnohost\ngood 203.0.113.10\nnohost\ngood 203.0.113.10\n',
    );
  });

  it.each([
    ['/v3/update', 'GET'],
    ['/nic/update', 'POST'],
  ])('is taken at %s by %s', async (path, method) => {
    expect(await codes(`${path}?hostname=web.example.com&myip=203.0.113.10`, { method })).toBe(
      '200 nochg 203.0.113.10\n',
    );
  });

  it('is taken from a form', async () => {
    const { headers } = basic('dc1', 'right');
    const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' };
    const body = Buffer.from('hostname=web.example.com&myip=203.0.113.10');
    expect(await codes('/nic/update', { method: 'POST', headers: form, body })).toBe('200 nochg 203.0.113.10\n');
  });

  it('may carry what old clients send', async () => {
    const legacy = 'system=dyndns&wildcard=ON&mx=mail.example.com&backmx=YES&offline=NOCHG&url=x';
    expect(await codes(`/nic/update?${legacy}&hostname=web.example.com&myip=203.0.113.10`)).toBe(
      '200 nochg 203.0.113.10\n',
    );
  });

  it.each([
    ['no name', '', '200 notfqdn\n'],
    ['an empty name among others', 'hostname=web.example.com,,api.example.com', '200 notfqdn\n'],
    ['a bare label', 'hostname=web', '200 notfqdn\n'],
    ['what is no name', 'hostname=web..example.com', '200 notfqdn\n'],
    ['more than 20 names', `hostname=${Array(21).fill('web.example.com').join(',')}`, '200 numhost\n'],
    ['a name of another role', 'hostname=api.example.com', '200 nohost\n'],
    ['a name in another zone', 'hostname=web.example.org', '200 nohost\n'],
    ['the name of another host', 'hostname=dc2.dc.example.com', '200 nohost\n'],
    ['a wildcard', 'hostname=*.example.com', '200 nohost\n'],
  ])('of %s changes nothing', async (_what, query, answer) => {
    const before = await world.serial(PUB);
    expect(await codes(`/nic/update?${query}&myip=203.0.113.77`)).toBe(answer);
    expect(await world.serial(PUB)).toBe(before);
  });

  it.each([
    '10.1.2.3',
    '127.0.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '169.254.1.1',
    '100.64.0.1',
    '198.18.0.1',
    '::1',
    'fd00::1',
    'fe80::1',
    'fe80::1%25eth0',
    'ff02::1',
    '::ffff:8.8.8.8',
    '8.8.8',
    '010.8.8.8',
    '0x8.8.8.8',
    '203.0.113.9,203.0.113.10',
    '203.0.113.9,10.0.0.1',
    'web.example.com',
    ',',
  ])('to %s is refused for each name', async (address) => {
    const before = await world.serial(PUB);
    expect(await codes(`/nic/update?hostname=web.example.com,dc1.dc.example.com&myip=${address}`)).toBe(
      '200 dnserr\ndnserr\n',
    );
    expect(await world.serial(PUB)).toBe(before);
  });

  it('goes by the address of the connection, whatever a header says of it', async () => {
    const { headers } = basic('dc2', 'right');
    const answer = await codes('/nic/update?hostname=web.example.com', {
      headers: { ...headers, 'x-forwarded-for': '203.0.113.200' },
      sourceIp: '203.0.113.50',
    });
    expect(answer).toBe('200 good 203.0.113.50\n');
  });

  it('that the registry does not take is answered 911, and later taken', async () => {
    isRegistryAway = true;
    expect(await codes('/nic/update?hostname=web.example.com&myip=203.0.113.11')).toBe('503 911\n');
    isRegistryAway = false;
    expect(await codes('/nic/update?hostname=web.example.com&myip=203.0.113.11')).toBe('200 good 203.0.113.11\n');
  });
});

describe('a login', () => {
  it.each([
    ['none', undefined],
    ['a wrong password', basic('dc1', 'wrong').headers],
    ['an empty password', basic('dc1', '').headers],
    ['an unknown host', basic('dc9', 'right').headers],
    ['another host’s name in capitals', basic('DC1', 'right').headers],
    ['the token of a reader', basic('nginx', 'nginx.right').headers],
    ['no base64', { authorization: 'Basic %%%' }],
    ['no colon', { authorization: `Basic ${Buffer.from('dc1').toString('base64')}` }],
    ['another scheme', { authorization: 'Digest username="dc1"' }],
    ['binary', { authorization: `Basic ${Buffer.from([255, 0, 58, 1]).toString('base64')}` }],
  ])('by %s is refused with 401, once', async (_what, headers) => {
    const target = '/nic/update?hostname=web.example.com,api.example.com&myip=203.0.113.77';
    const answer = await world.request(target, { headers: headers ?? {}, sourceIp: '203.0.113.60' });
    expect(shown(answer)).toBe('401 badauth\n');
    expect(answer.headers['www-authenticate']).toBe('Basic realm="rolecall", charset="UTF-8"');
  });

  it('is refused for a while after twenty failures from one address, from that address alone', async () => {
    const target = `/nic/update?hostname=web.example.com&${IP}`;
    await world.advance(600 - ((world.timeline.now() / 1000) % 600));
    const from = { sourceIp: '2606:4700:1:1::1' };
    const answers: string[] = [];
    for (let tries = 0; tries < 20; tries += 1)
      answers.push(shown(await world.request(target, { ...basic(`dc${tries}`, 'wrong'), ...from })));
    expect(new Set(answers)).toEqual(new Set(['401 badauth\n']));
    const nearby = { ...basic('dc3', 'right'), sourceIp: '2606:4700:1:1:ffff::2' };
    expect(shown(await world.request(target, nearby))).toBe('200 abuse\n');
    const elsewhere = { ...basic('dc3', 'right'), sourceIp: '2606:4700:1:2::1' };
    expect(shown(await world.request(target, elsewhere))).toBe('200 good 203.0.113.9\n');
    await world.advance(601);
    expect(shown(await world.request(target, nearby))).toBe('200 nochg 203.0.113.9\n');
  });

  it('counts ten times a minute, for each host', async () => {
    const target = `/nic/update?hostname=web.example.com&${IP}`;
    await world.advance(60 - ((world.timeline.now() / 1000) % 60));
    const answers: string[] = [];
    for (let tries = 0; tries < 11; tries += 1) answers.push(shown(await world.request(target, basic('dc3', 'right'))));
    expect(answers.slice(0, 10)).toEqual(Array(10).fill('200 nochg 203.0.113.9\n'));
    expect(answers[10]).toBe('200 abuse\n');
    expect(shown(await world.request(target, basic('dc2', 'right')))).toMatch(/^200 (?:good|nochg)/);
    await world.advance(60);
    expect(shown(await world.request(target, basic('dc3', 'right')))).toBe('200 nochg 203.0.113.9\n');
  });
});

describe('the members of a role', () => {
  const READER = { headers: { authorization: 'Bearer nginx.right' } };

  it('are JSON with a tag, and not sent again while they are the same', async () => {
    const { status, headers, body } = await world.request('/v1/roles/web', READER);
    expect([status, headers['content-type']]).toEqual([200, 'application/json']);
    const view = JSON.parse(body.toString()) as { members: unknown[] };
    expect(view).toMatchObject({ schemaVersion: 1, role: 'web' });
    expect(view.members).toContainEqual({
      id: 'dc3',
      publicIpv4: '203.0.113.9',
      ipv6: [],
      weight: 10,
      names: { private: [], public: ['web.example.com'], ipv6: [] },
    });
    const etag = headers['etag'] ?? '';
    const again = { headers: { ...READER.headers, 'if-none-match': `"x", W/${etag}` } };
    const unchanged = await world.request('/v1/roles/web', again);
    expect([unchanged.status, unchanged.headers['etag'], unchanged.body.toString()]).toEqual([304, etag, '']);
    await codes('/nic/update?hostname=web.example.com&myip=203.0.113.99');
    expect((await world.request('/v1/roles/web', again)).status).toBe(200);
  });

  it('are none, said with 200, for a role that nobody holds', async () => {
    const { status, body } = await world.request('/v1/roles/api', READER);
    expect([status, JSON.parse(body.toString())]).toEqual([200, { schemaVersion: 1, role: 'api', members: [] }]);
  });

  it('are never none because a read failed', async () => {
    isRegistryAway = true;
    const { status, body } = await world.request('/v1/roles/web', READER);
    isRegistryAway = false;
    expect([status, JSON.parse(body.toString())]).toMatchObject([503, { error: { code: 'unavailable' } }]);
  });

  it.each([
    ['an unknown role', '/v1/roles/mail', READER, 404],
    ['what is no role', '/v1/roles/%2e%2e', READER, 404],
    ['no token', '/v1/roles/web', {}, 401],
    ['a wrong token', '/v1/roles/web', { headers: { authorization: 'Bearer nginx.wrong' } }, 401],
    ['a token without its name', '/v1/roles/web', { headers: { authorization: 'Bearer right' } }, 401],
    ['the token of a host', '/v1/roles/web', basic('dc1', 'right'), 401],
    ['DELETE', '/v1/roles/web', { ...READER, method: 'DELETE' }, 405],
  ])('are not given for %s', async (_what, target, given, status) => {
    const answer = await world.request(target, { ...given, sourceIp: '203.0.113.61' });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body.toString())).toMatchObject({ schemaVersion: 1, error: { code: expect.any(String) } });
  });

  it('are also given to the token as the password of its name', async () => {
    expect((await world.request('/v1/roles/web', basic('nginx', 'nginx.right'))).status).toBe(200);
  });
});

describe('a request that means nothing', () => {
  const { headers } = basic('dc1', 'right');

  it.each<[string, string, Partial<UrlRequest>, string]>([
    ['no path', '', {}, '404 notfound\n'],
    ['another path', '/nic/update/more', {}, '404 notfound\n'],
    ['another method', '/nic/update?hostname=web.example.com', { method: 'DELETE' }, '405 badagent\n'],
    ['TRACE', '/nic/update?hostname=web.example.com', { method: 'TRACE' }, '405 badagent\n'],
    ['bad percent-encoding', '/nic/update?hostname=%zz', {}, '400 badagent\n'],
    ['bytes that are no UTF-8', '/nic/update?hostname=%ff%fe', {}, '400 badagent\n'],
    ['a zero byte', '/nic/update?hostname=web.example.com%00', {}, '400 badagent\n'],
    ['a huge query', `/nic/update?hostname=web.example.com&x=${'x'.repeat(9_000)}`, {}, '400 badagent\n'],
  ])('(%s) gets a code', async (_what, target, given, answer) => {
    await world.advance(60);
    expect(shown(await world.request(target, { headers, ...given }))).toBe(answer);
  });

  it('never throws, never says good, and changes nothing, whatever it is', async () => {
    const before = await world.zone(PUB);
    const name = world.stack.outputs['RegistryTable'];
    expect(name).toBeDefined();
    const handler = world.another('Update', {});
    const context = {} as Parameters<typeof handler>[1];
    const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant('/nic/update'), fc.constant('GET'));
    const anything = fc.oneof(
      fc.anything(),
      fc.record(
        {
          rawPath: fc.oneof(text, fc.constantFrom('/nic/update', '/v3/update', '/v1/roles/web')),
          rawQueryString: text,
          headers: fc.oneof(fc.dictionary(text, fc.anything()), fc.record({ authorization: text })),
          requestContext: fc.record({ http: fc.record({ method: text, sourceIp: text }, { requiredKeys: [] }) }),
          body: text,
          isBase64Encoded: fc.boolean(),
        },
        { requiredKeys: [] },
      ),
    );
    let answers = 0;
    await fc.assert(
      fc.asyncProperty(anything, async (event) => {
        const answer = (await handler(event, context)) as { statusCode: number; body: string };
        answers += 1;
        expect([400, 401, 404, 405]).toContain(answer.statusCode);
        expect(answer.body).not.toMatch(/good|nochg|updated/);
      }),
      { numRuns: 500 },
    );
    expect(answers).toBeGreaterThan(400);
    expect(await world.zone(PUB)).toEqual(before);
  });
});
