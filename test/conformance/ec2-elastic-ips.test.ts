import {
  AssociateAddressCommand,
  CreateTagsCommand,
  DescribeAddressesCommand,
  DisassociateAddressCommand,
  ReleaseAddressCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { exceptFor, freshName } from './endpoint.ts';
import {
  addressOf,
  allocate,
  associate,
  ec2,
  instanceOf,
  launchOne,
  reaches,
  runningOne,
  UNKNOWN_INSTANCE,
} from './ec2-calls.ts';

// Concurrent, because most of the time goes into waiting for instances.
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

  it(
    'are given to an instance or to a network interface, not to both',
    exceptFor('moto', 'takes the instance', async () => {
      const id = await runningOne();
      const { allocationId } = await allocate();
      const NetworkInterfaceId = (await instanceOf(id)).NetworkInterfaces?.[0]?.NetworkInterfaceId ?? '';
      await expect(associate(allocationId, id, { NetworkInterfaceId })).rejects.toMatchObject({
        name: expect.stringMatching(/^InvalidParameter/),
      });
      expect(await addressOf(allocationId)).not.toHaveProperty('AssociationId');
    }),
  );

  it('leave an instance with a public address of its own when they go', async () => {
    const id = await runningOne();
    const { allocationId, address } = await allocate();
    const AssociationId = await associate(allocationId, id);
    await ec2.send(new DisassociateAddressCommand({ AssociationId }));
    const { PublicIpAddress } = await instanceOf(id);
    expect(PublicIpAddress).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect(PublicIpAddress).not.toBe(address);
  });

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
