import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientRun, DyndnsEndpoint, runClient } from './dyndns.ts';
import { dig } from './programs.ts';

let endpoint: DyndnsEndpoint;
let runs = 0;

beforeAll(async () => {
  endpoint = await DyndnsEndpoint.start();
});

afterAll(async () => {
  await endpoint.stop();
});

/** As a new client that remembers nothing; it speaks HTTP/1.0, a request for each name. */
async function inadyn(names: readonly string[], address: string, password = endpoint.token): Promise<ClientRun> {
  runs += 1;
  const file = await endpoint.write(`inadyn-${runs}.conf`, [
    'verify-address = false',
    'allow-ipv6 = true',
    'custom rolecall {',
    '  ssl = false',
    '  username = "dc1-web"',
    `  password = "${password}"`,
    `  ddns-server = "${endpoint.server}"`,
    '  ddns-path = "/nic/update?hostname=%h&myip=%i"',
    '  ddns-response = {"good", "nochg"}',
    `  checkip-command = "/bin/echo ${address}"`,
    `  hostname = { ${names.map((name) => `"${name}"`).join(', ')} }`,
    '}',
  ]);
  const cache = join(endpoint.folder, `inadyn-${runs}`);
  await mkdir(cache);
  return await runClient('inadyn', ['-1', '-n', '--no-pidfile', '--cache-dir', cache, '-l', 'debug', '-f', file]);
}

const web = (...args: string[]) => dig(endpoint.account, '+short', ...args);

describe('inadyn', () => {
  it('updates a host, and DNS follows', async () => {
    const { code, output } = await inadyn(['web.example.com'], '203.0.113.99');
    expect(output).toMatch(/^good 203\.0\.113\.99$/m);
    expect(code).toBe(0);
    await expect.poll(() => web('web.example.com')).toEqual(['203.0.113.99']);
  });

  it('is told that nothing changed', async () => {
    const { code, output } = await inadyn(['web.example.com'], '203.0.113.99');
    expect(output).toMatch(/^nochg 203\.0\.113\.99$/m);
    expect(code).toBe(0);
  });

  it('updates several names, one after the other', async () => {
    const { code, output } = await inadyn(['web.example.com', 'dc1-web.web.example.com'], '203.0.113.98');
    expect(output).toMatch(/^good 203\.0\.113\.98$/m);
    expect(output).toMatch(/^nochg 203\.0\.113\.98$/m);
    expect(code).toBe(0);
    await expect.poll(() => web('dc1-web.web.example.com')).toEqual(['203.0.113.98']);
  });

  it('updates an IPv6 address beside the other', async () => {
    const { code, output } = await inadyn(['web.example.com'], '2001:db8::5');
    expect(output).toMatch(/^good 2001:db8::5$/m);
    expect(code).toBe(0);
    await expect.poll(() => web('AAAA', 'web.example.com')).toEqual(['2001:db8::5']);
    expect(await web('web.example.com')).toEqual(['203.0.113.98']);
  });

  it('is refused with a wrong password, and nothing changes', async () => {
    const { code, output } = await inadyn(['web.example.com'], '203.0.113.66', 'wrong');
    expect(output).toContain('401');
    expect(code).toBe(50);
    expect(await web('web.example.com')).toEqual(['203.0.113.98']);
  });

  it('takes the answer to a name that is not the host’s for no success', async () => {
    const { code, output } = await inadyn(['api.example.com'], '203.0.113.66');
    expect(output).toMatch(/^nohost$/m);
    expect(code).not.toBe(0);
    expect(await web('web.example.com')).toEqual(['203.0.113.98']);
  });
});
