import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningAccount } from '../end-to-end/running-account.ts';
import { dig } from './programs.ts';

let account: RunningAccount;

beforeAll(async () => {
  account = await RunningAccount.start();
});

afterAll(async () => {
  await account.stop();
});

describe('dig', () => {
  it.each([['+notcp'], ['+tcp']])('finds every member of a role (%s)', async (transport) => {
    expect(await dig(account, transport, '+short', 'web.example.com')).toEqual([
      expect.stringMatching(/^203\.0\.113\.\d+$/),
      expect.stringMatching(/^203\.0\.113\.\d+$/),
    ]);
  });

  it('finds names of the private zone', async () => {
    expect(await dig(account, '+short', 'cache.corp.internal')).toEqual([expect.stringMatching(/^10\.0\.\d+\.\d+$/)]);
  });

  it('gets the TTL that is configured', async () => {
    const [answer] = await dig(account, '+noall', '+answer', 'mx1.example.com');
    expect(answer).toMatch(/^mx1\.example\.com\.\s+60\s+IN\s+A\s+203\.0\.113\.\d+$/);
  });

  it('sees the serial of a zone', async () => {
    expect(await dig(account, '+short', 'TXT', 'demo._rolecall.example.com')).toEqual([
      expect.stringMatching(/^"owner=demo serial=\d+ batch=[0-9a-f-]{36}"$/),
    ]);
  });

  it('is told that a name does not exist, with the SOA', async () => {
    const lines = (await dig(account, 'absent.example.com')).join('\n');
    expect(lines).toContain('status: NXDOMAIN');
    expect(lines).toMatch(/^example\.com\.\s+\d+\s+IN\s+SOA/m);
  });
});
