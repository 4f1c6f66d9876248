import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRegistry } from '../../lib/aws/registry.ts';
import { endpointSource, registrySource } from '../../lib/cli/render/source.ts';
import { type Answer, clientSettings, json, jsonError, played } from '../aws/played-wire.ts';
import { rolecallIn } from './cli.ts';

const NAMES = { private: ['web.corp.internal'], public: [], ipv6: [] };
const MEMBER = { id: 'i-1', privateIpv4: '10.0.0.1', ipv6: [], weight: 10, names: NAMES };
const VIEW = { schemaVersion: 1, role: 'web', members: [MEMBER] };

function viewWith(changes: object): string {
  return JSON.stringify({ ...VIEW, members: [{ ...MEMBER, ...changes }] });
}

let folder: string;
let server: Server;
let url: string;
let answer: (response: ServerResponse) => void;
const asked: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolecall-source-'));
  await writeFile(join(folder, 'token'), 'nginx.secret\n');
  asked.length = 0;
  server = createServer((request, response) => {
    asked.push(request.headers['if-none-match'] ?? '-');
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

function source(roles: readonly string[] = ['web'], timeoutMs?: number) {
  return endpointSource(url, join(folder, 'token'), roles, timeoutMs);
}

const body = (text: string) => (response: ServerResponse) => void response.end(text);

describe('the endpoint as a source', () => {
  it('is not asked for what it has not changed', async () => {
    answer = (response) => response.writeHead(200, { etag: '"one"' }).end(JSON.stringify(VIEW));
    const watched = source();
    const first = await watched.read();
    answer = (response) => response.writeHead(304, { etag: '"one"' }).end();
    expect(await watched.read()).toEqual(first);
    expect(asked).toEqual(['-', '"one"']);
  });

  it('is believed when it says that nobody serves', async () => {
    answer = body(JSON.stringify({ ...VIEW, members: [] }));
    expect(await source().read()).toEqual([{ schemaVersion: 1, role: 'web', members: [] }]);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['an empty body', body('')],
    ['no JSON', body('<html>502</html>')],
    ['null', body('null')],
    ['JSON that was cut off, with the length of it all', body(JSON.stringify(VIEW).slice(0, 40))],
    ['another role', body(JSON.stringify({ ...VIEW, role: 'api' }))],
    ['another version', body(JSON.stringify({ ...VIEW, schemaVersion: 2 }))],
    ['no members', body(JSON.stringify({ schemaVersion: 1, role: 'web' }))],
    ['an id that is a line of its own', body(viewWith({ id: 'i-1\n    server 203.0.113.66:80;\n#' }))],
    [
      'a name that is a line of its own',
      body(viewWith({ names: { ...NAMES, private: ['a\n203.0.113.66 bank.com'] } })),
    ],
    ['a name with blanks', body(viewWith({ names: { ...NAMES, private: ['web.corp.internal bank.com'] } }))],
    ['an address with more behind it', body(viewWith({ privateIpv4: '10.0.0.1 bank.com' }))],
    ['an IPv6 address with a zone', body(viewWith({ ipv6: ['fe80::1%eth0;'] }))],
    ['a weight below 0', body(viewWith({ weight: -1 }))],
    ['a weight that is no whole number', body(viewWith({ weight: 1.5 }))],
    ['a weight beyond any', body(viewWith({ weight: 1e9 }))],
    ['a weight that is text', body(viewWith({ weight: '10' }))],
  ])('that gives %s is a failure, never an empty role', async (_what, given) => {
    answer = given;
    await expect(source().read()).rejects.toThrow(`${url} gave something else than the members of the role web.`);
  });

  it.each([401, 403, 404, 429, 500, 502, 503, 204, 206, 304])('that answers %i is a failure', async (status) => {
    answer = (response) => response.writeHead(status).end();
    await expect(source().read()).rejects.toThrow(`${url} answered ${status} for the role web.`);
  });

  it.each<[string, (response: ServerResponse) => void, RegExp]>([
    ['breaks off', (response) => void response.writeHead(200, { 'content-length': 500 }).write('{'), /in time|timeout/],
    ['hangs up', (response) => void response.destroy(), /other side closed|ECONNRESET|socket hang up/],
    ['does not answer', () => undefined, /timeout/],
    ['leads elsewhere', (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(), /redirect/],
  ])('that %s is a failure, told with its address', async (_what, given, reason) => {
    answer = given;
    const failure = await source(['web'], 300)
      .read()
      .then(
        () => 'none',
        (error: Error) => error.message,
      );
    expect(failure).toContain(`${url} gave no answer for the role web: `);
    expect(failure).toMatch(reason);
  });

  it('that is away is a failure, told with its address and why', async () => {
    await new Promise((resolve) => server.close(resolve));
    await expect(source().read()).rejects.toThrow(/^http:\S+ gave no answer for the role web: .*ECONNREFUSED/);
  });

  it('fails as a whole when one of several roles cannot be read', async () => {
    let count = 0;
    answer = (response) => {
      count += 1;
      response.writeHead(count === 1 ? 200 : 503).end(JSON.stringify(VIEW));
    };
    await expect(source(['web', 'api']).read()).rejects.toThrow('answered 503 for the role api.');
  });

  it.each(['', 'two words', 'sécret☃', 'a\nb'])('never sends or tells what is no token: %j', async (token) => {
    answer = body(JSON.stringify(VIEW));
    await writeFile(join(folder, 'token'), token);
    const failure = await source()
      .read()
      .then(
        () => 'none',
        (error: Error) => error.message,
      );
    expect(failure).toBe(`${join(folder, 'token')} holds no token: it is one word, as "rolecall host add" gave it.`);
    expect(asked).toEqual([]);
  });

  it.each([
    'http://192.0.2.1/',
    'http://example.com',
    'ftp://127.0.0.1',
    'https://user:secret@example.com',
    'nonsense',
  ])('is not taken at %s', async (endpoint) => {
    const args = ['render', 'json', '--role', 'web', '--token-file', join(folder, 'token'), '--endpoint', endpoint];
    const { code, stderr } = await rolecallIn(folder, args);
    expect(code).toBe(64);
    expect(stderr).toContain('It is an https:// address without a login; http:// is for this machine alone.');
  });
});

describe('the registry as a source', () => {
  const text = (value: object) => ({ S: JSON.stringify(value) });
  const role = { role: 'web', names: [], health: { kind: 'none' } };
  const installation = json(200, {
    Item: {
      pk: { S: 'installation' },
      sk: { S: 'installation' },
      body: text({ owner: 'prod', roles: [role], zones: [] }),
    },
  });
  const firstPage = json(200, {
    Items: [{ pk: { S: 'role#web' }, sk: { S: 'definition' }, body: text(role) }],
    LastEvaluatedKey: { pk: { S: 'role#web' }, sk: { S: 'definition' } },
  });

  function sourceOf(...answers: Answer[]) {
    const client = new DynamoDBClient(clientSettings(played(...answers).requestHandler));
    const clock = { now: () => 0, sleep: async () => {} };
    return registrySource('the stack', createRegistry(client, { table: 't' }, clock, { id: () => 'x' }), ['web']);
  }

  it('has nobody where the last page says so', async () => {
    expect(await sourceOf(installation, firstPage, json(200, { Items: [] })).read()).toEqual([
      { schemaVersion: 1, role: 'web', members: [] },
    ]);
  });

  it.each([
    ['the installation cannot be read', [jsonError(500, 'InternalServerError', 'away')], 'away'],
    ['the first page cannot be read', [installation, jsonError(400, 'ThrottlingException', 'slow down')], 'slow down'],
    [
      'the second page cannot be read',
      [installation, firstPage, jsonError(500, 'InternalServerError', 'away')],
      'away',
    ],
    [
      'the connection breaks between two pages',
      [installation, firstPage, new Error('socket hang up')],
      'socket hang up',
    ],
    ['the rights are gone', [installation, jsonError(400, 'AccessDeniedException', 'not you')], 'not you'],
    ['there is no installation', [json(200, {})], 'the stack holds no installation: deploy the stack first.'],
  ])('fails, and gives no empty role, when %s', async (_when, answers, message) => {
    await expect(sourceOf(...answers).read()).rejects.toThrow(message);
  });
});
