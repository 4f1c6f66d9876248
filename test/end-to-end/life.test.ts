import {
  AllocateAddressCommand,
  CreateTagsCommand,
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  type RunInstancesCommandInput,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  ChangeResourceRecordSetsCommand,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
} from '@aws-sdk/client-route-53';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningAccount } from './running-account.ts';

/** What an answer may take on a busy machine; the tests hold the outcome, not the time. */
const SOON = { timeout: 20_000, interval: 50 };

let account: RunningAccount;

beforeAll(async () => {
  account = await RunningAccount.start('--demo', 'none');
}, 120_000);

afterAll(async () => {
  await account.stop();
});

async function launch(role: string, more: Partial<RunInstancesCommandInput> = {}): Promise<string> {
  const { Instances = [] } = await account.ec2.send(
    new RunInstancesCommand({
      ImageId: 'ami-0123456789abcdef0',
      MinCount: 1,
      MaxCount: 1,
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'rolecall:role', Value: role }] }],
      ...more,
    }),
  );
  return Instances[0]?.InstanceId ?? '';
}

async function addressOf(instanceId: string, kind: 'PublicIpAddress' | 'PrivateIpAddress'): Promise<string> {
  const { Reservations = [] } = await account.ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
  return Reservations[0]?.Instances?.[0]?.[kind] ?? '';
}

async function terminate(...InstanceIds: string[]): Promise<void> {
  await account.ec2.send(new TerminateInstancesCommand({ InstanceIds }));
}

async function answers(name: string, ...addresses: string[]): Promise<void> {
  await expect.poll(() => account.lookUp(name), SOON).toEqual(addresses.toSorted());
}

describe('the life of an instance', () => {
  it('publishes its addresses in both zones when it runs, and takes them away when it goes', async () => {
    const instanceId = await launch('web');
    await expect.poll(() => account.lookUp('web.example.com'), SOON).toHaveLength(1);
    await answers('web.example.com', await addressOf(instanceId, 'PublicIpAddress'));
    await answers('web.corp.internal', await addressOf(instanceId, 'PrivateIpAddress'));
    await terminate(instanceId);
    await answers('web.example.com');
    await answers('web.corp.internal');
    const ofWeb = account.lines.filter((line) => line['name'] === 'web.example.com');
    expect(ofWeb).toMatchObject([
      {
        kind: 'change',
        action: 'create',
        role: 'web',
        type: 'A',
        reason: 'launched',
        instance: instanceId,
        before: [],
      },
      {
        kind: 'change',
        action: 'delete',
        role: 'web',
        type: 'A',
        reason: 'terminated',
        instance: instanceId,
        after: [],
      },
    ]);
  });

  it('shares a name among members, and keeps it for those that stay', async () => {
    const [one, other] = [await launch('web'), await launch('web')];
    await expect.poll(() => account.lookUp('web.example.com'), SOON).toHaveLength(2);
    const stays = await addressOf(one, 'PublicIpAddress');
    await terminate(other);
    await answers('web.example.com', stays);
    await terminate(one);
    await answers('web.example.com');
  });

  it('follows a stop and a start to a new public address', async () => {
    const instanceId = await launch('web');
    await expect.poll(() => account.lookUp('web.example.com'), SOON).toHaveLength(1);
    const [before = ''] = await account.lookUp('web.example.com');
    await account.ec2.send(new StopInstancesCommand({ InstanceIds: [instanceId] }));
    await answers('web.example.com');
    // Somebody else gets the address that was freed.
    const stranger = await launch('');
    await expect.poll(() => addressOf(stranger, 'PublicIpAddress'), SOON).toBe(before);
    await expect
      .poll(async () => {
        const { Reservations = [] } = await account.ec2.send(
          new DescribeInstancesCommand({ InstanceIds: [instanceId] }),
        );
        return Reservations[0]?.Instances?.[0]?.State?.Name;
      }, SOON)
      .toBe('stopped');
    await account.ec2.send(new StartInstancesCommand({ InstanceIds: [instanceId] }));
    await expect.poll(() => account.lookUp('web.example.com'), SOON).toHaveLength(1);
    const after = await addressOf(instanceId, 'PublicIpAddress');
    expect(after).not.toBe(before);
    await answers('web.example.com', after);
    await terminate(instanceId, stranger);
    await answers('web.example.com');
  });

  it('goes by the tag: a role that is taken away takes its name along', async () => {
    const instanceId = await launch('web');
    await expect.poll(() => account.lookUp('web.corp.internal'), SOON).toHaveLength(1);
    await account.ec2.send(
      new CreateTagsCommand({ Resources: [instanceId], Tags: [{ Key: 'rolecall:role', Value: 'cache' }] }),
    );
    await answers('web.corp.internal');
    await answers('cache.corp.internal', await addressOf(instanceId, 'PrivateIpAddress'));
    await terminate(instanceId);
    await answers('cache.corp.internal');
  });

  it('never touches a record that it does not own, and says so', async () => {
    const { HostedZones = [] } = await account.route53.send(
      new ListHostedZonesByNameCommand({ DNSName: 'corp.internal' }),
    );
    const HostedZoneId = HostedZones[0]?.Id ?? '';
    const foreign = {
      Name: 'cache.corp.internal.',
      Type: 'A' as const,
      TTL: 300,
      ResourceRecords: [{ Value: '192.0.2.7' }],
    };
    const change = (Action: 'CREATE' | 'DELETE') =>
      account.route53.send(
        new ChangeResourceRecordSetsCommand({
          HostedZoneId,
          ChangeBatch: { Changes: [{ Action, ResourceRecordSet: foreign }] },
        }),
      );
    await change('CREATE');
    const instanceId = await launch('cache web');
    await expect
      .poll(() => account.lines, SOON)
      .toContainEqual(
        expect.objectContaining({
          kind: 'conflict',
          role: 'cache',
          name: 'cache.corp.internal',
          reason: 'foreign-record',
        }),
      );
    await answers('web.corp.internal', await addressOf(instanceId, 'PrivateIpAddress'));
    await answers('cache.corp.internal', '192.0.2.7');
    await terminate(instanceId);
    await answers('web.corp.internal');
    await answers('cache.corp.internal', '192.0.2.7');
    await change('DELETE');
  });
});

describe('an Elastic IP', () => {
  it('moves to the member that stands by when its holder goes, and no record changes', async () => {
    const { AllocationId = '', PublicIp = '' } = await account.ec2.send(
      new AllocateAddressCommand({
        Domain: 'vpc',
        TagSpecifications: [{ ResourceType: 'elastic-ip', Tags: [{ Key: 'rolecall:pool', Value: 'mail' }] }],
      }),
    );
    await answers('mx1.example.com', PublicIp);
    const holder = async (): Promise<string | undefined> => {
      const { Addresses = [] } = await account.ec2.send(
        new DescribeAddressesCommand({ AllocationIds: [AllocationId] }),
      );
      return Addresses[0]?.InstanceId;
    };
    const first = await launch('mail');
    await expect.poll(holder, SOON).toBe(first);
    const standby = await launch('mail');
    await terminate(first);
    await expect.poll(holder, SOON).toBe(standby);
    await answers('mx1.example.com', PublicIp);
    await expect
      .poll(() => account.lines, SOON)
      .toContainEqual(expect.objectContaining({ kind: 'moved', role: 'mail', address: PublicIp, to: standby }));
    expect(account.lines.filter((line) => line['name'] === 'mx1.example.com')).toHaveLength(1);
    await terminate(standby);
    await expect.poll(holder, SOON).toBeUndefined();
    await answers('mx1.example.com', PublicIp);
  });
});

/** Last: afterwards there is nothing left that could change a record. */
describe('the deletion of the stack', () => {
  it('removes every record that was published, and no other', async () => {
    await launch('web');
    await expect.poll(() => account.lookUp('web.example.com'), SOON).toHaveLength(1);
    const { HostedZones = [] } = await account.route53.send(
      new ListHostedZonesByNameCommand({ DNSName: 'example.com' }),
    );
    const HostedZoneId = HostedZones[0]?.Id ?? '';
    const foreign = {
      Name: 'kept.example.com.',
      Type: 'A' as const,
      TTL: 60,
      ResourceRecords: [{ Value: '192.0.2.8' }],
    };
    await account.route53.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId,
        ChangeBatch: { Changes: [{ Action: 'CREATE', ResourceRecordSet: foreign }] },
      }),
    );
    const { code, stderr } = await account.rolecall('sim', 'delete-stack');
    // As in CloudFormation: a zone that holds somebody's record is not deleted.
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('cannot be deleted') });
    const { ResourceRecordSets = [] } = await account.route53.send(new ListResourceRecordSetsCommand({ HostedZoneId }));
    expect(ResourceRecordSets.map(({ Name, Type }) => `${Name} ${Type}`)).toEqual([
      'example.com. NS',
      'example.com. SOA',
      'kept.example.com. A',
    ]);
    const { stdout } = await account.rolecall('status', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ data: { retired: true } });
  });
});
