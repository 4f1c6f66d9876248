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

/** As a new client that remembers nothing. */
async function ddclient(names: string, address: string, password = endpoint.token): Promise<ClientRun> {
  runs += 1;
  const file = await endpoint.write(`ddclient-${runs}.conf`, [
    'ssl=no',
    `use=ip, ip=${address}`,
    'protocol=dyndns2',
    `server=${endpoint.server}`,
    'script=/nic/update',
    'login=dc1-web',
    `password='${password}'`,
    names,
  ]);
  const cache = join(endpoint.folder, `ddclient-${runs}.cache`);
  return await runClient('ddclient', ['-file', file, '-cache', cache, '-daemon=0', '-noquiet', '-verbose']);
}

const web = (...args: string[]) => dig(endpoint.account, '+short', ...args);

describe('ddclient', () => {
  it('updates a host, and DNS follows', async () => {
    const { code, output } = await ddclient('web.example.com', '203.0.113.99');
    expect(output).toContain('SUCCESS:  updating web.example.com: good: IP address set to 203.0.113.99');
    expect(code).toBe(0);
    await expect.poll(() => web('web.example.com')).toEqual(['203.0.113.99']);
  });

  it('is told that nothing changed', async () => {
    const { code, output } = await ddclient('web.example.com', '203.0.113.99');
    expect(output).toContain('nochg');
    expect(code).toBe(0);
  });

  it('updates several names at once, each with a line of its own', async () => {
    const { code, output } = await ddclient('web.example.com,dc1-web.web.example.com', '203.0.113.98');
    expect(output).toContain('SUCCESS:  updating web.example.com: good: IP address set to 203.0.113.98');
    expect(output).toContain('SUCCESS:  updating dc1-web.web.example.com: good: IP address set to 203.0.113.98');
    expect(code).toBe(0);
    await expect.poll(() => web('web.example.com')).toEqual(['203.0.113.98']);
    await expect.poll(() => web('dc1-web.web.example.com')).toEqual(['203.0.113.98']);
  });

  it('updates an IPv6 address beside the other', async () => {
    const { code, output } = await ddclient('web.example.com', '2001:db8::5');
    expect(output).toContain('good: IP address set to 2001:db8::5');
    expect(code).toBe(0);
    await expect.poll(() => web('AAAA', 'web.example.com')).toEqual(['2001:db8::5']);
    expect(await web('web.example.com')).toEqual(['203.0.113.98']);
  });

  it('is refused with a wrong password, and nothing changes', async () => {
    const { code, output } = await ddclient('web.example.com', '203.0.113.66', 'wrong');
    expect(output).toMatch(/authorization failed/i);
    expect(code).toBe(1);
    expect(await web('web.example.com')).toEqual(['203.0.113.98']);
  });

  it('is told of a name that is not the host’s, and nothing changes', async () => {
    const { output } = await ddclient('api.example.com', '203.0.113.66');
    expect(output).toMatch(/FAILED:\s+updating api\.example\.com: nohost/);
    expect(await web('api.example.com')).toEqual([]);
    expect(await web('web.example.com')).toEqual(['203.0.113.98']);
  });
});
