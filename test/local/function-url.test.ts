import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { urlAnswer, urlEvent } from '../../local/function-url/event.ts';
import { type FunctionUrlServer, serveFunctionUrl } from '../../local/function-url/server.ts';

const NOW = Date.UTC(2026, 2, 12, 19, 3, 58);
let served: FunctionUrlServer;
let events: Record<string, unknown>[];
let failures: unknown[];
let result: unknown;

beforeEach(async () => {
  events = [];
  failures = [];
  result = { statusCode: 200, headers: { 'Content-Type': 'text/plain' }, body: 'good\n' };
  served = await serveFunctionUrl({
    port: 0,
    newId: () => 'id-1',
    now: () => NOW,
    invoke: async (event) => {
      events.push(event as Record<string, unknown>);
      if (result instanceof Error) throw result;
      return result;
    },
    onFailure: (error) => failures.push(error),
  });
});

afterEach(async () => {
  await served.close();
});

/** What comes back for exactly these bytes. */
async function raw(request: string): Promise<string> {
  const { hostname, port } = new URL(served.url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString();
  });
  socket.write(request);
  await new Promise((done) => socket.once('close', done));
  return text;
}

describe('the event of a Function URL', () => {
  it('has the form of payload 2.0', () => {
    const headers = { host: 'abc.lambda-url.us-east-1.on.aws', 'user-agent': 'curl', 'content-type': 'text/plain' };
    const request = {
      method: 'POST',
      target: '/a%20b?x=1?&y',
      headers,
      body: Buffer.from('hi'),
      sourceIp: '192.0.2.1',
    };
    expect(urlEvent(request, 'id-1', NOW)).toEqual({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/a%20b',
      rawQueryString: 'x=1?&y',
      headers: { ...headers, 'x-forwarded-for': '192.0.2.1' },
      requestContext: {
        accountId: 'anonymous',
        apiId: 'abc',
        domainName: 'abc.lambda-url.us-east-1.on.aws',
        domainPrefix: 'abc',
        http: { method: 'POST', path: '/a%20b', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'curl' },
        requestId: 'id-1',
        routeKey: '$default',
        stage: '$default',
        time: '12/Mar/2026:19:03:58 +0000',
        timeEpoch: NOW,
      },
      body: 'hi',
      isBase64Encoded: false,
    });
  });

  it('has bytes that are no text in base64', () => {
    const request = { method: 'POST', target: '/', headers: {}, body: Buffer.from([255, 0]), sourceIp: '192.0.2.1' };
    const binary = { ...request, headers: { 'content-type': 'application/octet-stream' } };
    expect(urlEvent(binary, 'id-1', NOW)).toMatchObject({ body: '/wA=', isBase64Encoded: true });
  });
});

describe('the answer of a Function URL', () => {
  it('is what has a status, decoded', () => {
    const given = { statusCode: 404, headers: { ETag: '"a"' }, body: '/wA=', isBase64Encoded: true };
    expect(urlAnswer(given)).toEqual({ status: 404, headers: { etag: '"a"' }, body: Buffer.from([255, 0]) });
  });

  it('is the JSON of anything else', () => {
    expect(urlAnswer({ message: 'hi' })).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from('{"message":"hi"}'),
    });
  });
});

describe('the server of a Function URL', () => {
  it('answers HTTP/1.1 with a length and without chunks', async () => {
    const text = await raw('GET /nic/update?hostname=a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text).toMatch(/\r\ncontent-length: 5\r\n/);
    expect(text).not.toMatch(/transfer-encoding/i);
    expect(text.endsWith('\r\n\r\ngood\n')).toBe(true);
    expect(events).toMatchObject([
      { rawPath: '/nic/update', rawQueryString: 'hostname=a', requestContext: { http: { sourceIp: '127.0.0.1' } } },
    ]);
  });

  it('answers HTTP/1.0', async () => {
    const text = await raw('GET / HTTP/1.0\r\n\r\n');
    expect(text).toMatch(/\r\ncontent-length: 5\r\n/);
    expect(text.endsWith('\r\n\r\ngood\n')).toBe(true);
  });

  it('answers 304 without a body', async () => {
    result = { statusCode: 304, headers: { etag: '"a"' } };
    const response = await fetch(served.url);
    expect([response.status, response.headers.get('etag'), await response.text()]).toEqual([304, '"a"', '']);
  });

  it('answers 502 when the function fails, and says why to its owner', async () => {
    result = new Error('out of memory');
    const response = await fetch(served.url);
    expect([response.status, await response.text()]).toEqual([502, 'Internal Server Error']);
    expect(failures).toEqual([new Error('out of memory')]);
  });

  it('takes no more than 6 MB', async () => {
    const response = await fetch(served.url, { method: 'POST', body: 'x'.repeat(6 * 1024 * 1024 + 1) });
    expect(response.status).toBe(413);
    expect(events).toEqual([]);
  });
});
