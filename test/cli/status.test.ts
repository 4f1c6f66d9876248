import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRegistry } from '../../lib/aws/registry.ts';
import type { Installation } from '../../lib/model/role.ts';
import type { Registry } from '../../lib/reconcile/ports.ts';
import { Account } from '../../local/account.ts';
import { clientsFor } from '../../local/in-process.ts';
import { folderWith, type WorkingFolder } from './cli.ts';

const AT_MS = Date.UTC(2026, 0, 2, 12, 0, 1);

const INSTALLATION: Installation = {
  schemaVersion: 1,
  owner: 'demo',
  zones: [{ key: 'pub', id: 'Z0AAA', name: 'example.com', private: false }],
  roles: [
    {
      role: 'mail',
      names: [
        {
          zone: 'pub',
          pattern: 'mx{ordinal}',
          addresses: ['public'],
          ttlSeconds: 60,
          zoneName: 'example.com',
          routing: { kind: 'simple' },
          ptr: false,
        },
      ],
      whenEmpty: 'keep',
      health: { kind: 'none' },
      drainOn: ['tag'],
      drift: 'repair',
      elasticIp: { source: { kind: 'tag', pool: 'mail' }, succession: 'oldest', preferZone: false },
      aliases: [],
      srv: [],
      succession: 'oldest',
    },
  ],
  allowLargeChange: false,
  allowTerminate: false,
  endpoint: false,
  strictNames: false,
  hosts: [],
  retainRecords: false,
  version: 'v1',
};

let account: Account;
let folder: WorkingFolder;
let registry: Registry;

beforeEach(async () => {
  account = new Account();
  folder = await folderWith(account, 'registry');
  const { dynamodb } = clientsFor(account, 'test');
  await dynamodb.send(
    new CreateTableCommand({
      TableName: 'registry',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  let ids = 0;
  const clock = { now: () => AT_MS, sleep: () => Promise.resolve() };
  registry = createRegistry(dynamodb, { table: 'registry' }, clock, { id: () => `id-${(ids += 1)}` });
});

afterEach(async () => {
  account.close();
  await folder.close();
});

async function fill(): Promise<void> {
  await registry.install(INSTALLATION, [], []);
  const slot = { role: 'mail', ordinal: 1, allocationId: 'eipalloc-1', publicIpv4: '203.0.113.10', version: 1 };
  await registry.writeSlots(
    [{ after: { ...slot, holder: 'i-0aaa' } }, { after: { ...slot, ordinal: 2, allocationId: 'eipalloc-2' } }],
    [],
  );
  await registry.putMarks([
    {
      group: 'Z0AAA',
      subject: { kind: 'instance', instanceId: 'i-0aaa' },
      roles: ['mail'],
      reason: 'launched',
      sinceMs: AT_MS,
    },
  ]);
}

describe('rolecall status', () => {
  it('shows roles, slots, zones and what is still to do', async () => {
    await fill();
    const { code, stdout, stderr } = await folder.rolecall('status');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`owner demo

mail
  no members
  slot 1  203.0.113.10  eipalloc-1  held by i-0aaa
  slot 2  203.0.113.10  eipalloc-2  vacant

example.com · Z0AAA · no serial yet · 0 record sets · 1 to do
to do in example.com: i-0aaa (launched, since 2026-01-02T12:00:01.000Z)
`);
  });

  it('prints JSON in an envelope', async () => {
    await fill();
    expect(JSON.parse((await folder.rolecall('status', '--json')).stdout)).toEqual({
      schemaVersion: 1,
      command: 'status',
      data: {
        owner: 'demo',
        retired: false,
        roles: [
          {
            role: 'mail',
            members: [],
            slots: [
              { ordinal: 1, allocationId: 'eipalloc-1', publicIpv4: '203.0.113.10', holder: 'i-0aaa' },
              { ordinal: 2, allocationId: 'eipalloc-2', publicIpv4: '203.0.113.10' },
            ],
            names: [],
            notes: [],
          },
        ],
        zones: [
          {
            key: 'pub',
            id: 'Z0AAA',
            name: 'example.com',
            private: false,
            ownedSets: 0,
            dirty: [{ subject: 'i-0aaa', reason: 'launched', since: '2026-01-02T12:00:01.000Z' }],
          },
        ],
        addresses: { dirty: [] },
      },
    });
  });

  it('says so when nothing is deployed', async () => {
    expect(await folder.rolecall('status')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'rolecall: the registry holds no configuration: deploy the stack first\n',
    });
  });
});
