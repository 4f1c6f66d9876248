import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningAccount } from '../end-to-end/running-account.ts';
import { aws, dig } from './programs.ts';

const SOON = { timeout: 30_000, interval: 200 };

let account: RunningAccount;

beforeAll(async () => {
  account = await RunningAccount.start();
});

afterAll(async () => {
  await account.stop();
});

describe('the stock AWS CLI', () => {
  it('sees the demo fleet', async () => {
    const words = async (...args: string[]) => (await aws(account, 'ec2', ...args)).split(/\s+/).sort();
    const running = ['--filters', 'Name=tag-key,Values=rolecall:role', 'Name=instance-state-name,Values=running'];
    const roles = 'Reservations[].Instances[].Tags[?Key==`rolecall:role`].Value | []';
    await expect
      .poll(() => words('describe-instances', ...running, '--query', roles), SOON)
      .toEqual(['cache', 'mail', 'mail', 'web', 'web']);
    await expect
      .poll(() => words('describe-addresses', '--query', 'Addresses[].InstanceId'), SOON)
      .toEqual([expect.stringMatching(/^i-[0-9a-f]{17}$/)]);
  });

  it('launches an instance whose name dig then finds, and terminates it', async () => {
    const before = await dig(account, '+short', 'web.example.com');
    const instanceId = await aws(
      account,
      'ec2',
      'run-instances',
      '--image-id',
      'ami-0123456789abcdef0',
      '--instance-type',
      't4g.nano',
      '--tag-specifications',
      'ResourceType=instance,Tags=[{Key=rolecall:role,Value=web}]',
      '--query',
      'Instances[0].InstanceId',
    );
    await expect.poll(() => dig(account, '+short', 'web.example.com'), SOON).toHaveLength(before.length + 1);
    await aws(account, 'ec2', 'terminate-instances', '--instance-ids', instanceId);
    await expect.poll(() => dig(account, '+short', 'web.example.com'), SOON).toHaveLength(before.length);
  });

  it('reads zones and records', async () => {
    const query = 'HostedZones[?Name==`example.com.`].Id';
    const zoneId = await aws(account, 'route53', 'list-hosted-zones', '--query', query);
    const names = await aws(
      account,
      'route53',
      'list-resource-record-sets',
      '--hosted-zone-id',
      zoneId,
      '--query',
      'ResourceRecordSets[].[Name,Type]',
    );
    expect(names.split('\n').sort()).toEqual([
      'demo._rolecall.example.com.\tTXT',
      'example.com.\tNS',
      'example.com.\tSOA',
      'mx1.example.com.\tA',
      'web.example.com.\tA',
    ]);
  });

  it('reads the registry and the queues', async () => {
    const table = account.outputs['RegistryTable'] ?? '';
    expect(await aws(account, 'dynamodb', 'list-tables', '--query', 'TableNames')).toBe(table);
    const key = '{"pk":{"S":"installation"},"sk":{"S":"installation"}}';
    const body = await aws(
      account,
      ...['dynamodb', 'get-item', '--table-name', table, '--key', key, '--query', 'Item.body.S'],
    );
    expect(JSON.parse(body)).toMatchObject({ owner: 'demo' });
    const queues = await aws(account, 'sqs', 'list-queues', '--query', 'QueueUrls');
    expect(queues.split(/\s+/)).toEqual(
      expect.arrayContaining([
        account.outputs['EventsQueue'],
        account.outputs['WorkQueue'],
        account.outputs['LaterQueue'],
      ]),
    );
  });

  it('is told who it is, and what the local account does not do', async () => {
    expect(await aws(account, 'sts', 'get-caller-identity', '--query', 'Account')).toBe('123456789012');
    await expect(aws(account, 'ec2', 'describe-volumes')).rejects.toThrow('UnsupportedOperation');
  });
});
