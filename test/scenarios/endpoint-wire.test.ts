import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegistry } from '../../lib/aws/registry.ts';
import { hashOf } from '../../lib/model/token.ts';
import { type FunctionUrlServer, serveFunctionUrl } from '../../local/function-url/server.ts';
import { World } from '../../local/simulation/world.ts';

/** The endpoint of a stack behind a real socket, and what is written into that byte by byte. */
let world: World;
let served: FunctionUrlServer;
const failures: unknown[] = [];
let zone: string[];
let last: Promise<unknown> = Promise.resolve();

const AUTHORIZATION = `Authorization: Basic ${Buffer.from('dc1:right').toString('base64')}\r\n`;
const NAMES = Array.from({ length: 100 }, () => 'web.example.com').join(',');

beforeAll(async () => {
  world = await World.open({
    zones: { pub: { name: 'example.com', id: 'Z0BBB' } },
    endpoint: true,
    roles: { web: 'pub' },
    hosts: { dc1: { roles: ['web'] } },
  });
  const table = { table: world.stack.outputs['RegistryTable'] ?? '' };
  const registry = createRegistry(world.user.dynamodb, table, world.timeline, { id: () => 'x' });
  await registry.putToken({ name: 'dc1', use: 'update', hash: hashOf('right'), createdAtMs: 0 }, true);
  const first = { headers: { authorization: AUTHORIZATION.trim().slice('Authorization: '.length) } };
  await world.request('/nic/update?hostname=web.example.com&myip=203.0.113.9', first);
  const handler = world.another('Update', {});
  served = await serveFunctionUrl({
    port: 0,
    newId: () => 'id-1',
    now: () => world.timeline.now(),
    invoke: async (event) => {
      // One after the other: time goes on for each, so that no limit is met.
      const turn = last.then(async () => {
        await world.advance(7);
        return await handler(event, {} as Parameters<typeof handler>[1]);
      });
      last = turn.catch(() => undefined);
      return await turn;
    },
    onFailure: (error) => failures.push(error),
  });
  zone = await world.zone('Z0BBB');
});

afterAll(async () => {
  await served.close();
  await world.closeCleanly();
});

/** All that comes back until the server or silence ends it. */
async function raw(request: string): Promise<string> {
  const { hostname, port } = new URL(served.url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString('latin1')));
  socket.on('error', () => undefined);
  socket.setTimeout(15_000, () => socket.destroy());
  socket.write(request, 'latin1');
  await new Promise((done) => socket.once('close', done));
  return text;
}

/** The status and the body of each answer. */
function answersIn(text: string): string[] {
  return text
    .split(/(?=HTTP\/1\.1 \d{3} )/)
    .filter((each) => each !== '')
    .map((each) => `${each.slice(9, 12)} ${each.split('\r\n\r\n').slice(1).join('\r\n\r\n')}`);
}

const UPDATE = '/nic/update?hostname=web.example.com&myip=203.0.113.9';
const LAST = 'Connection: close\r\n';
const asked = (target: string, rest = AUTHORIZATION) => `GET ${target} HTTP/1.1\r\nHost: x\r\n${LAST}${rest}\r\n`;

describe('an update over a bare socket', () => {
  it.each([
    ['HTTP/1.0 without a host', `GET ${UPDATE} HTTP/1.0\r\n${AUTHORIZATION}\r\n`],
    ['the absolute form of its target', asked(`http://anything.example${UPDATE}`)],
    [
      'header names in capitals',
      asked(UPDATE, AUTHORIZATION.toUpperCase().replace(/BASIC.*/, AUTHORIZATION.slice(15))),
    ],
    [
      'a body that is of no use',
      `POST ${UPDATE} HTTP/1.1\r\nHost: x\r\n${LAST}${AUTHORIZATION}Content-Length: 3\r\n\r\n\xff\x00{`,
    ],
  ])('is answered: %s', async (_what, request) => {
    expect(answersIn(await raw(request))).toEqual(['200 nochg 203.0.113.9\n']);
  });

  it('has its length and no chunks, for clients that read none', async () => {
    const text = await raw(asked(UPDATE));
    expect(text).toMatch(/\r\ncontent-length: 18\r\n/i);
    expect(text).not.toMatch(/transfer-encoding/i);
  });

  it('is answered in order when several come at once', async () => {
    const other = asked('/nic/update?hostname=api.example.com&myip=203.0.113.9');
    const all = [asked(UPDATE).replace(LAST, ''), other.replace(LAST, ''), asked(UPDATE)].join('');
    expect(answersIn(await raw(all))).toEqual(['200 nochg 203.0.113.9\n', '200 nohost\n', '200 nochg 203.0.113.9\n']);
  });

  it.each([
    ['100 names', `/nic/update?hostname=${NAMES}`, '200 numhost\n'],
    ['two names apart', '/nic/update?hostname=api.example.com&hostname=web.example.com', '400 badagent\n'],
    ['two addresses apart', `${UPDATE}&myip=203.0.113.10`, '400 badagent\n'],
    ['offline and not', `${UPDATE}&offline=NO&offline=YES`, '400 badagent\n'],
    ['the same address twice', `${UPDATE}&myip=203.0.113.9`, '200 nochg 203.0.113.9\n'],
    ['what means nothing in two ways', `${UPDATE}&mx=a.example.com&mx=NOCHG`, '200 nochg 203.0.113.9\n'],
    ['a name with letters beyond ASCII', '/nic/update?hostname=w%C3%A9b.example.com', '200 notfqdn\n'],
    ['a name in another script', '/nic/update?hostname=%E4%BE%8B%E3%81%88.example.com', '200 notfqdn\n'],
    ['a name with an end of line', '/nic/update?hostname=web.example.com%0d%0aX:%20y', '400 badagent\n'],
    ['a name of 300 characters', `/nic/update?hostname=${'a.'.repeat(150)}example.com`, '200 notfqdn\n'],
    ['a semicolon between parameters', '/nic/update?hostname=web.example.com;myip=203.0.113.9', '200 notfqdn\n'],
    ['half an escape', '/nic/update?hostname=web.example.com%', '400 badagent\n'],
    ['an escape of UTF-16', '/nic/update?hostname=%u0041.example.com', '400 badagent\n'],
    ['overlong UTF-8', '/nic/update?hostname=%c0%aeexample.com', '400 badagent\n'],
    ['an encoded path', '/nic%2Fupdate?hostname=web.example.com', '404 notfound\n'],
    ['a path with dots', '/nic/../nic/update?hostname=web.example.com', '404 notfound\n'],
    ['a path with a slash too many', '//nic/update?hostname=web.example.com', '404 notfound\n'],
    ['an IPv4-mapped address', '/nic/update?hostname=web.example.com&myip=::ffff:203.0.113.9', '200 dnserr\n'],
    ['an address with a zone', '/nic/update?hostname=web.example.com&myip=2001:db8::1%25eth0', '200 dnserr\n'],
    [
      'a list of addresses with another separator',
      '/nic/update?hostname=web.example.com&myip=203.0.113.9;2001:db8::1',
      '200 dnserr\n',
    ],
  ])('of %s gets its code', async (_what, target, answer) => {
    expect(answersIn(await raw(asked(target)))).toEqual([answer]);
  });

  it.each([
    ['two logins', `${AUTHORIZATION}${AUTHORIZATION}`],
    ['a login with more behind it', `${AUTHORIZATION.trim()} more\r\n`],
    ['base64 of another alphabet', 'Authorization: Basic ZGMx_nJpZ2h0\r\n'],
    ['base64 in the midst of which is something else', 'Authorization: Basic ZGMx\x80OnJpZ2h0\r\n'],
    ['a login of 4,000 characters', `Authorization: Basic ${'A'.repeat(4_000)}\r\n`],
    ['a login for a proxy', `Proxy-${AUTHORIZATION}`],
  ])('by %s is refused', async (_what, headers) => {
    expect(answersIn(await raw(asked(UPDATE, headers)))).toEqual(['401 badauth\n']);
  });

  it.each([
    ['no HTTP', 'EHLO example.com\r\n\r\n', 400],
    ['HTTP/1.1 without a host', `GET ${UPDATE} HTTP/1.1\r\n${AUTHORIZATION}\r\n`, 400],
    ['headers of 100 kB', asked(UPDATE, `X: ${'x'.repeat(100_000)}\r\n`), 431],
    [
      'two lengths',
      `POST ${UPDATE} HTTP/1.1\r\nHost: x\r\n${LAST}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
      400,
    ],
    [
      'a length and chunks',
      `POST ${UPDATE} HTTP/1.1\r\nHost: x\r\n${LAST}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    ['a blank in the target', asked('/nic/update?hostname=web.example.com &myip=1'), 400],
    ['a zero byte in a header', asked(UPDATE, 'X: a\0b\r\n'), 400],
  ])('as %s is refused before anything looks at it', async (_what, request, status) => {
    const [answer = ''] = answersIn(await raw(request));
    expect(answer.slice(0, 3)).toBe(String(status));
    expect(answer).not.toMatch(/ok|good|true|updated|nochg/i);
  });

  it('that breaks off in its midst is no request', async () => {
    expect(
      await raw(`POST ${UPDATE} HTTP/1.1\r\nHost: x\r\n${LAST}${AUTHORIZATION}Content-Length: 50\r\n\r\nhost`),
    ).not.toContain('200');
  });

  it('has changed nothing by any of these, and no function failed', async () => {
    expect(zone).toEqual(['web.example.com A 60 203.0.113.9']);
    expect(await world.zone('Z0BBB')).toEqual(zone);
    expect(failures).toEqual([]);
    expect(world.errors).toEqual([]);
  });
});
