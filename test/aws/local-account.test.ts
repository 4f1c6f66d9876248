import {
  AllocateAddressCommand,
  CreateTagsCommand,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { createCompute } from '../../lib/aws/ec2.ts';
import { createWorkQueue } from '../../lib/aws/work-queue.ts';
import { type Observation, parseEvent } from '../../lib/events/parse.ts';
import { Account } from '../../local/account.ts';
import { clientsFor } from '../../local/in-process.ts';
import { VirtualTimeline } from '../../local/timeline.ts';

const START_MS = Date.UTC(2026, 10, 21, 8);

function started(pageSize = 1_000) {
  const timeline = new VirtualTimeline(START_MS);
  const account = new Account({ timeline, lifecycle: { pageSize } });
  const clients = clientsFor(account, 'test');
  const observed: Observation[] = [];
  account.events.onEvent((event) => observed.push(parseEvent(event)));
  return { timeline, account, clients, observed, compute: createCompute(clients.ec2) };
}

type Started = ReturnType<typeof started>;

async function launch({ clients }: Started, count = 1): Promise<string[]> {
  const answer = await clients.ec2.send(
    new RunInstancesCommand({
      MinCount: count,
      MaxCount: count,
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'rolecall:role', Value: 'web' }] }],
    }),
  );
  return (answer.Instances ?? []).flatMap(({ InstanceId }) => InstanceId ?? []);
}

async function allocate({ clients }: Started): Promise<{ allocationId: string; publicIpv4: string }> {
  const answer = await clients.ec2.send(
    new AllocateAddressCommand({
      TagSpecifications: [{ ResourceType: 'elastic-ip', Tags: [{ Key: 'rolecall:pool', Value: 'web' }] }],
    }),
  );
  return { allocationId: answer.AllocationId ?? '', publicIpv4: answer.PublicIp ?? '' };
}

describe('instances of the local account', () => {
  test('are described from pending to terminated', async () => {
    const world = started();
    const [id = ''] = await launch(world);
    expect(await world.compute.describe([id])).toMatchObject([{ instanceId: id, state: 'pending' }]);
    await world.timeline.advance(1_000);
    const [running] = await world.compute.describe([id]);
    expect(running).toMatchObject({
      state: 'running',
      launchTimeMs: START_MS,
      tags: { 'rolecall:role': 'web' },
    });
    expect(running?.privateIpv4).toMatch(/^10\.|^172\.|^192\.168\./);
    expect(running?.publicIpv4).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    await world.clients.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    const [leaving] = await world.compute.describe([id]);
    expect(leaving?.state).toBe('shutting-down');
    expect(leaving).not.toHaveProperty('publicIpv4');
  });

  test('are all found, though on many pages', async () => {
    const world = started(5);
    const ids = await launch(world, 12);
    expect(ids).toHaveLength(12);
    expect((await world.compute.describeTagged()).map(({ instanceId }) => instanceId)).toEqual(ids.sort());
    expect(world.account.callCount('ec2', 'DescribeInstances')).toBe(3);
  });

  test('are not shown in part when a later page fails', async () => {
    const world = started(5);
    await launch(world, 12);
    let pages = 0;
    world.account.faults.add({
      service: 'ec2',
      operation: 'DescribeInstances',
      effect: 'throttle',
      when: () => ++pages === 3,
    });
    await expect(world.compute.describeTagged()).rejects.toMatchObject({ kind: 'throttled' });
  });

  test('tell their changes by events that are understood', async () => {
    const world = started();
    const [id = ''] = await launch(world);
    await world.timeline.advance(1_000);
    await world.clients.ec2.send(
      new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'rolecall:role', Value: 'mail' }] }),
    );
    await world.clients.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    await world.timeline.advance(2_000);
    expect(world.observed.filter(({ kind }) => kind === 'ignored')).toEqual([]);
    expect(world.observed.flatMap((each) => (each.kind === 'instance-state' ? [each.state] : []))).toEqual([
      'pending',
      'running',
      'stopping',
      'stopped',
    ]);
    expect(world.observed.filter(({ kind }) => kind === 'tags-changed').at(-1)).toMatchObject({
      instanceId: id,
      changedKeys: ['rolecall:role'],
      tags: { 'rolecall:role': 'mail' },
      account: '123456789012',
      region: 'us-east-1',
    });
  });
});

describe('Elastic IPs of the local account', () => {
  test('are taken by one instance, and not from it', async () => {
    const world = started();
    const [first = '', second = ''] = await launch(world, 2);
    const { allocationId, publicIpv4 } = await allocate(world);
    expect(await world.compute.associate(allocationId, { instanceId: first }, { mayTake: false })).toMatchObject({
      kind: 'not-ready',
    });
    await world.timeline.advance(1_000);
    expect(await world.compute.describeAddresses()).toEqual([
      { allocationId, publicIpv4, pool: 'web', serviceManaged: false },
    ]);
    expect(await world.compute.associate(allocationId, { instanceId: first }, { mayTake: false })).toMatchObject({
      kind: 'associated',
    });
    expect(await world.compute.associate(allocationId, { instanceId: second }, { mayTake: false })).toMatchObject({
      kind: 'already-associated',
    });
    expect(await world.compute.describe([first])).toMatchObject([{ publicIpv4 }]);
    expect(await world.compute.describeAddresses()).toMatchObject([{ allocationId, instanceId: first }]);
  });

  test('are freed by the association that was read, once and again', async () => {
    const world = started();
    const [first = '', second = ''] = await launch(world, 2);
    await world.timeline.advance(1_000);
    const { allocationId } = await allocate(world);
    await world.compute.associate(allocationId, { instanceId: first }, { mayTake: false });
    const [{ associationId = '' } = {}] = await world.compute.describeAddresses();
    expect(await world.compute.disassociate(associationId)).toEqual({ kind: 'done' });
    expect(await world.compute.associate(allocationId, { instanceId: second }, { mayTake: false })).toMatchObject({
      kind: 'associated',
    });
    expect(await world.compute.disassociate(associationId)).toMatchObject({ kind: 'done' });
    expect(await world.compute.describeAddresses()).toMatchObject([{ instanceId: second }]);
  });

  test('tell a change of their pool by an event that is understood', async () => {
    const world = started();
    const { allocationId } = await allocate(world);
    await world.clients.ec2.send(
      new CreateTagsCommand({ Resources: [allocationId], Tags: [{ Key: 'rolecall:pool', Value: 'mail' }] }),
    );
    expect(world.observed.at(-1)).toMatchObject({ kind: 'address-tags-changed', allocationId });
  });

  test('are not known to be associated when the answer is lost', async () => {
    const world = started();
    const [id = ''] = await launch(world);
    await world.timeline.advance(1_000);
    const { allocationId } = await allocate(world);
    world.account.faults.add({ service: 'ec2', operation: 'AssociateAddress', effect: 'error-after', times: 1 });
    expect(await world.compute.associate(allocationId, { instanceId: id }, { mayTake: false })).toMatchObject({
      kind: 'unknown',
    });
    expect(await world.compute.describeAddresses()).toMatchObject([{ instanceId: id }]);
  });
});

describe('queues of the local account', () => {
  async function queues({ clients, account }: Started) {
    const work = await clients.sqs.send(
      new CreateQueueCommand({ QueueName: 'work.fifo', Attributes: { FifoQueue: 'true' } }),
    );
    const later = await clients.sqs.send(new CreateQueueCommand({ QueueName: 'later' }));
    const urls = { workQueueUrl: work.QueueUrl ?? '', laterQueueUrl: later.QueueUrl ?? '' };
    const random = { id: () => account.newId() };
    const receive = async (url: string) => {
      const answer = await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }));
      return (answer.Messages ?? []).map(({ Body }) => parseEvent(JSON.parse(Body ?? '')));
    };
    return { urls, receive, queue: createWorkQueue(clients.sqs, urls, random) };
  }

  test('bring each wake-up to its group', async () => {
    const world = started();
    const { urls, receive, queue } = await queues(world);
    await queue.wake([
      { kind: 'wake', group: 'Z0AAA', attempt: 0 },
      { kind: 'wake', group: 'addresses', attempt: 0 },
    ]);
    expect(await receive(urls.workQueueUrl)).toEqual([
      { kind: 'wake', group: 'Z0AAA', attempt: 0 },
      { kind: 'wake', group: 'addresses', attempt: 0 },
    ]);
  });

  test('bring a delayed message when its time has come', async () => {
    const world = started();
    const { urls, receive, queue } = await queues(world);
    const message = { kind: 'read-again', instanceIds: ['i-0123456789abcdef0'], attempt: 1 } as const;
    await queue.later(message, 4);
    await world.timeline.advance(3_000);
    expect(await receive(urls.laterQueueUrl)).toEqual([]);
    await world.timeline.advance(1_000);
    expect(await receive(urls.laterQueueUrl)).toEqual([message]);
  });
});
