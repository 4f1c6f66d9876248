import {
  type Address,
  AllocateAddressCommand,
  AssociateAddressCommand,
  type AssociateAddressCommandInput,
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  type DescribeInstancesCommandInput,
  DescribeInstanceStatusCommand,
  DescribeTagsCommand,
  DisassociateAddressCommand,
  type Instance,
  RebootInstancesCommand,
  ReleaseAddressCommand,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { conformanceClients, exceptFor, freshName } from './endpoint.ts';

const { ec2 } = conformanceClients();

// Concurrent, because most of the time goes into waiting for instances.

/** Known to every emulator. */
const ImageId = 'ami-12c6146b';
const UNKNOWN_INSTANCE = 'i-0fedcba9876543210';

async function launch(more: Partial<RunInstancesCommandInput> = {}): Promise<Instance[]> {
  const command = new RunInstancesCommand({ ImageId, MinCount: 1, MaxCount: 1, InstanceType: 't3.micro', ...more });
  return (await ec2.send(command)).Instances ?? [];
}

async function launchOne(more: Partial<RunInstancesCommandInput> = {}): Promise<string> {
  const [instance] = await launch(more);
  return instance?.InstanceId ?? '';
}

async function runningOne(more: Partial<RunInstancesCommandInput> = {}): Promise<string> {
  const id = await launchOne(more);
  await reaches(id, 'running');
  return id;
}

async function list(command: DescribeInstancesCommandInput): Promise<Instance[]> {
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand(command));
  return Reservations.flatMap(({ Instances = [] }) => Instances);
}

async function ids(command: DescribeInstancesCommandInput): Promise<string[]> {
  return (await list(command)).flatMap(({ InstanceId }) => InstanceId ?? []).sort();
}

async function instanceOf(id: string): Promise<Instance> {
  const [instance] = await list({ InstanceIds: [id] });
  if (instance === undefined) throw new Error(`${id} is not listed`);
  return instance;
}

const POLLS = 100;
const POLL_MS = 50;

async function reaches(id: string, state: string): Promise<Instance> {
  for (let poll = 0; poll < POLLS; poll += 1) {
    const instance = await instanceOf(id);
    if (instance.State?.Name === state) return instance;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`${id} did not reach ${state}`);
}

async function allocate(): Promise<{ allocationId: string; address: string }> {
  const { AllocationId = '', PublicIp = '' } = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }));
  return { allocationId: AllocationId, address: PublicIp };
}

async function addressOf(allocationId: string): Promise<Address> {
  const { Addresses = [] } = await ec2.send(new DescribeAddressesCommand({ AllocationIds: [allocationId] }));
  return Addresses[0] ?? {};
}

async function associate(
  allocationId: string,
  InstanceId: string,
  more: Partial<AssociateAddressCommandInput> = {},
): Promise<string> {
  const command = new AssociateAddressCommand({ AllocationId: allocationId, InstanceId, ...more });
  return (await ec2.send(command)).AssociationId ?? '';
}

function tagged(key: string, value: string): Partial<RunInstancesCommandInput> {
  return { TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: key, Value: value }] }] };
}

// "RunInstances", "Ensuring idempotency in Amazon EC2 API requests"
describe.concurrent('EC2 launches', () => {
  it('starts as many instances as asked for, in one reservation, with their tags', async () => {
    const Key = freshName('role');
    const launched = await launch({ MinCount: 2, MaxCount: 2, ...tagged(Key, 'web') });
    expect(launched.map(({ State }) => State?.Name)).toEqual(['pending', 'pending']);
    const { Reservations } = await ec2.send(
      new DescribeInstancesCommand({ Filters: [{ Name: 'tag-key', Values: [Key] }] }),
    );
    expect(Reservations).toHaveLength(1);
    expect(Reservations?.[0]?.Instances?.map(({ Tags }) => Tags)).toEqual([
      [{ Key, Value: 'web' }],
      [{ Key, Value: 'web' }],
    ]);
  });

  it(
    'launches once under one client token',
    exceptFor('moto', 'launches again', async () => {
      const ClientToken = freshName('token');
      const first = await launchOne({ ClientToken });
      expect(await launchOne({ ClientToken })).toBe(first);
    }),
  );

  it(
    'refuses a client token that comes with other parameters',
    exceptFor('moto', 'launches by it', async () => {
      const ClientToken = freshName('token');
      await launchOne({ ClientToken });
      await expect(launchOne({ ClientToken, InstanceType: 't3.large' })).rejects.toMatchObject({
        name: 'IdempotentParameterMismatch',
      });
    }),
  );

  it('refuses a subnet that is not there', async () => {
    await expect(launchOne({ SubnetId: 'subnet-0fedcba9876543210' })).rejects.toMatchObject({
      name: 'InvalidSubnetID.NotFound',
    });
  });
});

// "Amazon EC2 instance state changes", "Amazon EC2 instance IP addressing"
describe.concurrent('EC2 states and addresses', () => {
  it('shows the addresses of a running instance, the public one as owned by amazon', async () => {
    const id = await runningOne({ Placement: { AvailabilityZone: 'us-east-1b' } });
    const instance = await instanceOf(id);
    const [networkInterface] = instance.NetworkInterfaces ?? [];
    expect(instance.Placement?.AvailabilityZone).toBe('us-east-1b');
    expect(instance.PrivateIpAddress).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect(instance.PublicIpAddress).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect(networkInterface?.PrivateIpAddress).toBe(instance.PrivateIpAddress);
    expect(networkInterface?.Association?.PublicIp).toBe(instance.PublicIpAddress);
    expect(networkInterface?.Attachment?.DeviceIndex).toBe(0);
  });

  it(
    'tells that an auto-assigned address belongs to amazon',
    exceptFor('moto', 'names the account', async () => {
      const instance = await instanceOf(await runningOne());
      expect(instance.NetworkInterfaces?.[0]?.Association?.IpOwnerId).toBe('amazon');
    }),
  );

  it('names hosts after their addresses', async () => {
    const instance = await instanceOf(await runningOne());
    const dashed = (instance.PublicIpAddress ?? '').replaceAll('.', '-');
    expect(instance.PublicDnsName).toBe(`ec2-${dashed}.compute-1.amazonaws.com`);
    expect(instance.PrivateDnsName).toBe(`ip-${(instance.PrivateIpAddress ?? '').replaceAll('.', '-')}.ec2.internal`);
  });

  it('keeps the private address over a stop and a start, and the id', async () => {
    const id = await runningOne();
    const before = await instanceOf(id);
    const { StoppingInstances = [] } = await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    expect(StoppingInstances.map(({ PreviousState }) => PreviousState?.Name)).toEqual(['running']);
    const stopped = await reaches(id, 'stopped');
    expect(stopped.PrivateIpAddress).toBe(before.PrivateIpAddress);
    await ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
    const started = await reaches(id, 'running');
    expect(started.PrivateIpAddress).toBe(before.PrivateIpAddress);
    expect(started.LaunchTime?.getTime()).toBeGreaterThanOrEqual(before.LaunchTime?.getTime() ?? Infinity);
  });

  it(
    'takes the auto-assigned address from a stopped instance',
    exceptFor('moto', 'leaves an empty association', async () => {
      const id = await runningOne();
      await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
      const stopped = await reaches(id, 'stopped');
      expect(stopped.PublicIpAddress).toBeUndefined();
      expect(stopped.NetworkInterfaces?.[0]?.Association).toBeUndefined();
    }),
  );

  it('still lists a terminated instance, without its addresses', async () => {
    const id = await runningOne();
    const { TerminatingInstances = [] } = await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    expect(TerminatingInstances.map(({ CurrentState }) => CurrentState?.Name)).toEqual(['shutting-down']);
    const terminated = await reaches(id, 'terminated');
    expect(terminated.State?.Code).toBe(48);
    expect(terminated.PublicIpAddress).toBeUndefined();
  });

  it('takes a second termination as the first', async () => {
    const id = await runningOne();
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    const again = await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    expect(again.TerminatingInstances?.map(({ InstanceId }) => InstanceId)).toEqual([id]);
  });

  it(
    'refuses to start or stop what is terminated',
    exceptFor('moto', 'starts it', async () => {
      const id = await runningOne();
      await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
      await reaches(id, 'terminated');
      const wrongState = { name: 'IncorrectInstanceState' };
      await expect(ec2.send(new StartInstancesCommand({ InstanceIds: [id] }))).rejects.toMatchObject(wrongState);
      await expect(ec2.send(new StopInstancesCommand({ InstanceIds: [id] }))).rejects.toMatchObject(wrongState);
    }),
  );

  it('leaves a rebooted instance running', async () => {
    const id = await runningOne();
    await ec2.send(new RebootInstancesCommand({ InstanceIds: [id] }));
    expect((await instanceOf(id)).State?.Name).toBe('running');
  });

  it('shows the status checks of running instances, of others only when asked', async () => {
    const id = await runningOne();
    const { InstanceStatuses } = await ec2.send(new DescribeInstanceStatusCommand({ InstanceIds: [id] }));
    expect(InstanceStatuses?.map(({ InstanceStatus }) => InstanceStatus?.Status)).toEqual(['ok']);
    await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    await reaches(id, 'stopped');
    const running = await ec2.send(new DescribeInstanceStatusCommand({ InstanceIds: [id] }));
    expect(running.InstanceStatuses).toEqual([]);
    const all = await ec2.send(new DescribeInstanceStatusCommand({ InstanceIds: [id], IncludeAllInstances: true }));
    expect(all.InstanceStatuses?.map(({ InstanceState }) => InstanceState?.Name)).toEqual(['stopped']);
  });
});

// "DescribeInstances", "Eventual consistency in the Amazon EC2 API", "List and filter using the CLI and API"
describe.concurrent('EC2 listings', () => {
  it('fail whole for one unknown id', async () => {
    const id = await launchOne();
    await expect(list({ InstanceIds: [id, UNKNOWN_INSTANCE] })).rejects.toMatchObject({
      name: 'InvalidInstanceID.NotFound',
      message: `The instance ID '${UNKNOWN_INSTANCE}' does not exist`,
    });
  });

  it('leave out unknown ids of a filter', async () => {
    const id = await launchOne();
    expect(await ids({ Filters: [{ Name: 'instance-id', Values: [id, UNKNOWN_INSTANCE] }] })).toEqual([id]);
  });

  it('refuse ids together with pages', async () => {
    const id = await launchOne();
    await expect(list({ InstanceIds: [id], MaxResults: 5 })).rejects.toMatchObject({
      name: 'InvalidParameterCombination',
    });
  });

  it('come in pages that together hold everything once', async () => {
    const Key = freshName('paged');
    const launched = await Promise.all(Array.from({ length: 7 }, () => launchOne(tagged(Key, 'x'))));
    const Filters = [{ Name: 'tag-key', Values: [Key] }];
    const first = await ec2.send(new DescribeInstancesCommand({ Filters, MaxResults: 5 }));
    const NextToken = first.NextToken ?? '';
    const second = await ec2.send(new DescribeInstancesCommand({ Filters, MaxResults: 5, NextToken }));
    const pages = [first, second].map(({ Reservations = [] }) =>
      Reservations.flatMap(({ Instances = [] }) => Instances),
    );
    expect(pages.map((page) => page.length)).toEqual([5, 2]);
    expect(second.NextToken).toBeUndefined();
    expect(new Set(pages.flat().map(({ InstanceId }) => InstanceId))).toEqual(new Set(launched));
  });

  it('filter by every condition, in any of its values, with wildcards', async () => {
    const Key = freshName('filtered');
    const web = await runningOne(tagged(Key, 'web-1'));
    const mail = await runningOne(tagged(Key, 'mail-1'));
    const byTag = (...Values: string[]) => ids({ Filters: [{ Name: `tag:${Key}`, Values }] });
    expect(await byTag('web-1')).toEqual([web]);
    expect(await byTag('web-1', 'mail-1')).toEqual([web, mail].sort());
    expect(await byTag('*-1')).toEqual([web, mail].sort());
    expect(await byTag('web-?')).toEqual([web]);
    expect(await byTag('WEB-1')).toEqual([]);
    expect(
      await ids({
        Filters: [
          { Name: `tag:${Key}`, Values: ['*'] },
          { Name: 'instance-state-name', Values: ['stopped'] },
        ],
      }),
    ).toEqual([]);
  });

  it(
    'refuse a filter that does not exist',
    exceptFor('moto', 'says that it is not implemented', async () => {
      await expect(list({ Filters: [{ Name: 'no-such-filter', Values: ['x'] }] })).rejects.toMatchObject({
        name: 'InvalidParameterValue',
      });
    }),
  );

  it(
    'refuse more than 200 values in a filter',
    exceptFor('moto', 'takes them', async () => {
      const Values = Array.from({ length: 201 }, (_none, index) => `i-${String(index).padStart(17, '0')}`);
      await expect(list({ Filters: [{ Name: 'instance-id', Values }] })).rejects.toMatchObject({
        name: 'FilterLimitExceeded',
      });
    }),
  );

  it(
    'refuse an id that is none',
    exceptFor('moto', 'says that it is not found', async () => {
      await expect(list({ InstanceIds: ['nonsense'] })).rejects.toMatchObject({ name: 'InvalidInstanceID.Malformed' });
    }),
  );
});

// "CreateTags", "DeleteTags", "DescribeTags"
describe.concurrent('EC2 tags', () => {
  it('are added, replaced and removed, of several resources in one call', async () => {
    const id = await launchOne();
    const { allocationId } = await allocate();
    const Resources = [id, allocationId];
    await ec2.send(new CreateTagsCommand({ Resources, Tags: [{ Key: 'a', Value: '1' }] }));
    await ec2.send(
      new CreateTagsCommand({
        Resources,
        Tags: [
          { Key: 'a', Value: '2' },
          { Key: 'b', Value: '' },
        ],
      }),
    );
    await ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: 'b' }] }));
    expect((await instanceOf(id)).Tags).toEqual([{ Key: 'a', Value: '2' }]);
    expect((await addressOf(allocationId)).Tags).toEqual([
      { Key: 'a', Value: '2' },
      { Key: 'b', Value: '' },
    ]);
  });

  it('stay when the value named for removal is another', async () => {
    const id = await launchOne();
    await ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'a', Value: '1' }] }));
    await ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: 'a', Value: '2' }] }));
    expect((await instanceOf(id)).Tags).toEqual([{ Key: 'a', Value: '1' }]);
  });

  it('are listed by resource and key', async () => {
    const id = await launchOne(tagged('role', 'web'));
    const Filters = [{ Name: 'resource-id', Values: [id] }];
    const { Tags } = await ec2.send(new DescribeTagsCommand({ Filters }));
    expect(Tags).toEqual([{ Key: 'role', Value: 'web', ResourceId: id, ResourceType: 'instance' }]);
  });

  it(
    'are refused on what is not there',
    exceptFor('moto', 'takes them', async () => {
      const command = new CreateTagsCommand({ Resources: [UNKNOWN_INSTANCE], Tags: [{ Key: 'a', Value: '1' }] });
      await expect(ec2.send(command)).rejects.toMatchObject({ name: 'InvalidInstanceID.NotFound' });
    }),
  );

  it(
    'are refused under the reserved prefix',
    exceptFor('moto', 'takes them', async () => {
      const id = await launchOne();
      const command = new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'aws:x', Value: '1' }] });
      await expect(ec2.send(command)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    }),
  );
});

// "Elastic IP addresses", "AssociateAddress", "DisassociateAddress", "ReleaseAddress"
describe.concurrent('EC2 Elastic IPs', () => {
  it('stand in the place of the public address of their holder', async () => {
    const id = await runningOne();
    const { allocationId, address } = await allocate();
    const association = await associate(allocationId, id);
    const instance = await instanceOf(id);
    expect(instance.PublicIpAddress).toBe(address);
    expect(await addressOf(allocationId)).toMatchObject({
      AllocationId: allocationId,
      AssociationId: association,
      InstanceId: id,
      PublicIp: address,
    });
  });

  it(
    'show the account as their owner',
    exceptFor('moto', 'names an account also for others', async () => {
      const id = await runningOne();
      const before = (await instanceOf(id)).NetworkInterfaces?.[0]?.Association?.IpOwnerId;
      const { allocationId } = await allocate();
      await associate(allocationId, id);
      const after = (await instanceOf(id)).NetworkInterfaces?.[0]?.Association?.IpOwnerId;
      expect([before, after]).toEqual(['amazon', '123456789012']);
    }),
  );

  it('are not taken from another instance when that is not allowed', async () => {
    const [holder, other] = [await runningOne(), await runningOne()];
    const { allocationId } = await allocate();
    await associate(allocationId, holder);
    await expect(associate(allocationId, other, { AllowReassociation: false })).rejects.toMatchObject({
      name: 'Resource.AlreadyAssociated',
    });
    expect((await addressOf(allocationId)).InstanceId).toBe(holder);
  });

  it(
    'are taken from another instance when nothing is said',
    exceptFor('moto', 'refuses it', async () => {
      const [holder, other] = [await runningOne(), await runningOne()];
      const { allocationId } = await allocate();
      const first = await associate(allocationId, holder);
      const second = await associate(allocationId, other);
      expect(second).not.toBe(first);
      expect(await addressOf(allocationId)).toMatchObject({ InstanceId: other, AssociationId: second });
    }),
  );

  it(
    'are no longer shown by the old holder after a move, which has another public address',
    exceptFor('moto', 'still shows them there', async () => {
      const [holder, other] = [await runningOne(), await runningOne()];
      const { allocationId, address } = await allocate();
      await associate(allocationId, holder);
      await associate(allocationId, other, { AllowReassociation: true });
      const { PublicIpAddress } = await instanceOf(holder);
      expect(PublicIpAddress).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
      expect(PublicIpAddress).not.toBe(address);
    }),
  );

  it('may be associated again with their holder', async () => {
    const id = await runningOne();
    const { allocationId } = await allocate();
    await associate(allocationId, id);
    await associate(allocationId, id, { AllowReassociation: true });
    expect((await addressOf(allocationId)).InstanceId).toBe(id);
  });

  it(
    'push out an Elastic IP that the instance has, which stays allocated',
    exceptFor('moto', 'leaves both associated', async () => {
      const id = await runningOne();
      const [first, second] = [await allocate(), await allocate()];
      await associate(first.allocationId, id);
      await associate(second.allocationId, id);
      const displaced = await addressOf(first.allocationId);
      expect(displaced.PublicIp).toBe(first.address);
      expect(displaced).not.toHaveProperty('AssociationId');
      expect((await addressOf(second.allocationId)).InstanceId).toBe(id);
    }),
  );

  it(
    'are not given to an instance that is pending',
    exceptFor('moto', 'starts instances at once', async () => {
      const id = await launchOne();
      const { allocationId } = await allocate();
      await expect(associate(allocationId, id)).rejects.toMatchObject({ name: 'IncorrectInstanceState' });
    }),
  );

  it('stay with a stopped instance', async () => {
    const id = await runningOne();
    const { allocationId } = await allocate();
    await associate(allocationId, id);
    await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    await reaches(id, 'stopped');
    expect((await addressOf(allocationId)).InstanceId).toBe(id);
  });

  it(
    'leave an instance that is terminated, and stay allocated',
    exceptFor('moto', 'leaves them associated', async () => {
      const id = await runningOne();
      const { allocationId, address } = await allocate();
      await associate(allocationId, id);
      await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
      await reaches(id, 'terminated');
      const freed = await addressOf(allocationId);
      expect(freed.PublicIp).toBe(address);
      expect(freed).not.toHaveProperty('AssociationId');
    }),
  );

  it('go by the association that is named, and by no earlier one', async () => {
    const id = await runningOne();
    const { allocationId } = await allocate();
    const first = await associate(allocationId, id);
    await ec2.send(new DisassociateAddressCommand({ AssociationId: first }));
    const second = await associate(allocationId, id);
    await expect(ec2.send(new DisassociateAddressCommand({ AssociationId: first }))).rejects.toMatchObject({
      name: 'InvalidAssociationID.NotFound',
    });
    expect((await addressOf(allocationId)).AssociationId).toBe(second);
  });

  it(
    'are not given to an instance with two network interfaces, unless one is named',
    exceptFor('moto', 'takes the first', async () => {
      const NetworkInterfaces = [{ DeviceIndex: 0 }, { DeviceIndex: 1 }];
      const id = await runningOne({ NetworkInterfaces });
      const { allocationId } = await allocate();
      await expect(associate(allocationId, id)).rejects.toMatchObject({ name: 'InvalidInstanceID' });
      const NetworkInterfaceId = (await instanceOf(id)).NetworkInterfaces?.[1]?.NetworkInterfaceId ?? '';
      await ec2.send(new AssociateAddressCommand({ AllocationId: allocationId, NetworkInterfaceId }));
      expect((await addressOf(allocationId)).NetworkInterfaceId).toBe(NetworkInterfaceId);
    }),
  );

  it('are found by instance and by tag', async () => {
    const id = await runningOne();
    const { allocationId } = await allocate();
    await associate(allocationId, id);
    const Value = freshName('pool');
    await ec2.send(new CreateTagsCommand({ Resources: [allocationId], Tags: [{ Key: 'pool', Value }] }));
    const found = async (Name: string, value: string) => {
      const { Addresses = [] } = await ec2.send(new DescribeAddressesCommand({ Filters: [{ Name, Values: [value] }] }));
      return Addresses.map(({ AllocationId }) => AllocationId);
    };
    expect(await found('instance-id', id)).toEqual([allocationId]);
    expect(await found('tag:pool', Value)).toEqual([allocationId]);
    expect(await found('instance-id', UNKNOWN_INSTANCE)).toEqual([]);
  });

  it('are refused when their id is not there', async () => {
    const id = await runningOne();
    await expect(associate('eipalloc-0fedcba9876543210', id)).rejects.toMatchObject({
      name: 'InvalidAllocationID.NotFound',
    });
    await expect(addressOf('eipalloc-0fedcba9876543210')).rejects.toMatchObject({
      name: 'InvalidAllocationID.NotFound',
    });
  });

  it(
    'are not released while they are associated',
    exceptFor('moto', 'releases them', async () => {
      const id = await runningOne();
      const { allocationId } = await allocate();
      const AssociationId = await associate(allocationId, id);
      const release = new ReleaseAddressCommand({ AllocationId: allocationId });
      await expect(ec2.send(release)).rejects.toMatchObject({ name: 'InvalidIPAddress.InUse' });
      await ec2.send(new DisassociateAddressCommand({ AssociationId }));
      await ec2.send(release);
      await expect(addressOf(allocationId)).rejects.toMatchObject({ name: 'InvalidAllocationID.NotFound' });
    }),
  );
});
