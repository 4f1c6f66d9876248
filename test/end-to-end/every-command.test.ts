import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AllocateAddressCommand } from '@aws-sdk/client-ec2';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandName } from '../../lib/cli/command.ts';
import { allCommands } from '../../scripts/cli-reference.ts';
import { validated } from '../cli/validated.ts';
import { type Finished, RunningAccount } from './running-account.ts';

const CONFIGURATION = {
  owner: 'shell',
  endpoint: true,
  zones: {
    public: { name: 'example.com' },
    internal: { name: 'corp.internal', private: true, vpcId: 'vpc-0123456789abcdef0' },
  },
  roles: {
    web: { names: [{ zone: 'public' }, { zone: 'internal' }], ttl: '1s' },
    cache: 'internal',
    mail: { names: [{ zone: 'public', name: 'mx{ordinal}' }], elasticIp: { pool: 'mail' }, whenEmpty: 'keep' },
  },
  hosts: { 'dc1-web': { roles: ['web'] } },
};
const MEMBERS = v.object({
  members: v.array(v.object({ role: v.string(), instanceId: v.string(), standing: v.string() })),
});

const config = join(tmpdir(), `rolecall-every-command-${process.pid}.json`);
const played = new Set<string>();
let account: RunningAccount;

beforeAll(async () => {
  await writeFile(config, JSON.stringify(CONFIGURATION));
  account = await RunningAccount.start('--config', config, '--url-port', '0');
  const Tags = [{ Key: 'rolecall:pool', Value: 'mail' }];
  await account.ec2.send(
    new AllocateAddressCommand({ Domain: 'vpc', TagSpecifications: [{ ResourceType: 'elastic-ip', Tags }] }),
  );
}, 300_000);

afterAll(async () => {
  await rm(config);
  await account.stop();
});

/** Runs a command as a process with `--json`; gives its data, which its published schema describes. */
async function data(line: string): Promise<unknown> {
  const finished = await account.rolecall(...line.split(' '), '--json');
  return dataOf({ ...finished, code: finished.code ?? -1 });
}

function dataOf(outcome: Finished & { readonly code: number }): unknown {
  expect({ code: outcome.code, stderr: outcome.stderr }).toEqual({ code: 0, stderr: expect.any(String) });
  const result = validated(outcome);
  played.add(v.parse(v.object({ command: v.string() }), JSON.parse(outcome.stdout)).command);
  return result;
}

async function member(role: string, standing: string): Promise<string> {
  const { members } = v.parse(MEMBERS, await data(`members ${role}`));
  return members.find((each) => each.role === role && each.standing === standing)?.instanceId ?? '';
}

describe('every command of rolecall, as a process', () => {
  it('launches and sweeps', async () => {
    for (const role of ['web', 'mail']) await data(`sim launch ${role} --count 2`);
    await data('sim launch cache');
    expect(await data('sim settle')).toMatchObject({ unsettled: [] });
    expect(await data('sweep')).toMatchObject({ failures: [], remaining: 0 });
  });

  it('looks, and writes nothing', async () => {
    const lines = [
      ['status', { owner: 'shell', retired: false }],
      ['names web.example.com', { names: [{ name: 'web.example.com', type: 'A' }] }],
      ['addresses', { addresses: [{ role: 'mail', state: 'held' }] }],
      ['plan', { summary: { create: 0, update: 0, delete: 0 } }],
      ['explain web.example.com', {}],
      ['history web.example.com', {}],
      ['doctor', {}],
      ['adopt --all', { adopted: false }],
      [`config check ${config}`, {}],
      ['config schema', {}],
    ] as const;
    for (const [line, expected] of lines) expect(await data(line)).toMatchObject(expected);
  });

  it('follows what happens', async () => {
    const { code, stdout } = await account.rolecall('watch', '--since', '10m', '--for', '1s', '--json');
    expect(code).toBe(0);
    const records = stdout.trimEnd().split('\n');
    expect(records.length).toBeGreaterThan(3);
    for (const record of records) validated({ code: 0, stdout: record, stderr: '' });
    played.add('watch');
  });

  it('drains, takes that back, and moves an address', async () => {
    const web = await member('web', 'serving');
    expect(await data(`drain ${web} --no-wait --reason upgrade`)).toMatchObject({ outcome: 'asked', roles: ['web'] });
    expect(await data(`undrain ${web}`)).toMatchObject({ instanceId: web, left: [] });
    const standby = await member('mail', 'standby');
    expect(await data(`move mail --to ${standby}`)).toMatchObject({ moved: true, to: standby });
  });

  it('gives hosts their tokens, and takes them away', async () => {
    const added = await data('host add dc1-web');
    expect(await data('host rotate dc1-web')).not.toEqual(added);
    const listed = await data('host list');
    await data('host remove dc1-web');
    expect(await data('host list')).not.toEqual(listed);
  });

  it('renders', async () => {
    for (const what of ['hosts', 'nginx', 'json']) {
      const file = join(account.folder, what);
      await data(`render ${what} --role web --out ${file}`);
      expect(await readFile(file, 'utf8')).toContain('10.0.0.');
    }
  });

  it('releases, and adopts again', async () => {
    await data('release web.example.com');
    expect(await data('adopt web.example.com --yes')).toMatchObject({ adopted: true });
  });

  it('makes things happen in the local account', async () => {
    await data('sim stop web');
    await data('sim settle');
    await data('sim start web');
    await data('sim settle');
    await data('sim tag web Name=one');
    await data('sim spot-warning web');
    await data('sim scale-in cache');
    await data('sim fail web');
    await data('sim fail route53 ChangeResourceRecordSets --times 1');
    await data('sim throttling on');
    await data('sim reset-faults');
    await data('sim terminate mail --all');
    expect(await data('sim delete-stack')).toEqual({});
    expect(await data('status')).toMatchObject({ retired: true });
  });

  it('is played here with nothing left out', async () => {
    expect([...played].sort()).toEqual((await allCommands()).map((command) => commandName(command)).sort());
  });
});
