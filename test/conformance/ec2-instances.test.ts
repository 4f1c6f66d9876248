import {
  DescribeInstancesCommand,
  DescribeInstanceStatusCommand,
  RebootInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { exceptFor, freshName } from './endpoint.ts';
import {
  ec2,
  ids,
  instanceOf,
  launch,
  launchOne,
  list,
  reaches,
  runningOne,
  tagged,
  UNKNOWN_INSTANCE,
} from './ec2-calls.ts';

// Concurrent, because most of the time goes into waiting for instances.
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
