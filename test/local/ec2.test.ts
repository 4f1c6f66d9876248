import { describe, expect, it } from 'vitest';
import { autoAddress, launchOne, started, toldStates } from './ec2-model.ts';

describe('the life of an instance', () => {
  it('goes from pending to running, and tells both', async () => {
    const { timeline, events, model } = started();
    const id = launchOne(model);
    expect(model.fleet.find(id)?.state).toBe('pending');
    await timeline.advance(700);
    expect(model.fleet.find(id)?.state).toBe('running');
    expect(events).toEqual([
      {
        version: '0',
        id: expect.any(String),
        'detail-type': 'EC2 Instance State-change Notification',
        source: 'aws.ec2',
        account: '123456789012',
        time: '2026-11-21T08:00:00Z',
        region: 'us-east-1',
        resources: [`arn:aws:ec2:us-east-1:123456789012:instance/${id}`],
        detail: { 'instance-id': id, state: 'pending' },
      },
      expect.objectContaining({ detail: { 'instance-id': id, state: 'running' } }),
    ]);
  });

  it('shows a public address from running on, not before', async () => {
    const { timeline, model } = started();
    const id = launchOne(model);
    expect(autoAddress(model, id)).toBeUndefined();
    await timeline.advance(700);
    expect(autoAddress(model, id)).toBe('203.0.113.11');
  });

  it('has no public address in a subnet that assigns none, nor when the launch asked for none', async () => {
    const { timeline, model } = started();
    const inPrivateSubnet = launchOne(model, { subnetId: 'subnet-0000000000000a002' });
    const without = launchOne(model, { publicAddress: false });
    await timeline.advance(700);
    expect(model.fleet.find(inPrivateSubnet)?.state).toBe('running');
    expect(autoAddress(model, inPrivateSubnet)).toBeUndefined();
    expect(autoAddress(model, without)).toBeUndefined();
  });

  it('keeps its private address over a stop, and comes back with another public one', async () => {
    const { timeline, events, model } = started();
    const id = launchOne(model);
    await timeline.advance(5_000);
    const before = model.fleet.find(id);
    model.fleet.stop([id]);
    expect(autoAddress(model, id)).toBeUndefined();
    const neighbour = launchOne(model);
    await timeline.advance(5_000);
    expect(model.fleet.find(id)?.state).toBe('stopped');
    model.fleet.start([id]);
    await timeline.advance(700);
    const after = model.fleet.find(id);
    expect(before?.autoPublicAddress).toBe('203.0.113.11');
    expect(autoAddress(model, neighbour)).toBe('203.0.113.11');
    expect(after?.autoPublicAddress).toBe('203.0.113.12');
    expect(after?.interfaces).toEqual(before?.interfaces);
    expect(before?.launchTimeMs).toBe(Date.UTC(2026, 10, 21, 8, 0, 0));
    expect(after?.launchTimeMs).toBe(Date.UTC(2026, 10, 21, 8, 0, 10));
    expect(toldStates(events)).toEqual([
      'pending',
      'running',
      'stopping',
      'pending',
      'running',
      'stopped',
      'pending',
      'running',
    ]);
  });

  it('gives its addresses back as soon as it shuts down, and the next launch gets them', async () => {
    const { timeline, model } = started();
    const id = launchOne(model, { zone: 'us-east-1a' });
    await timeline.advance(700);
    model.fleet.terminate([id]);
    expect(autoAddress(model, id)).toBeUndefined();
    expect(model.fleet.find(id)?.interfaces[0]?.privateAddress).toBeUndefined();
    const next = launchOne(model, { zone: 'us-east-1a' });
    await timeline.advance(700);
    expect(autoAddress(model, next)).toBe('203.0.113.11');
    expect(model.fleet.find(next)?.interfaces[0]?.privateAddress).toBe('10.0.0.11');
  });

  it('gives a freed address again only after its rest', async () => {
    const { timeline, model } = started({ quarantineMs: 60_000 });
    const first = launchOne(model);
    await timeline.advance(700);
    model.fleet.terminate([first]);
    const second = launchOne(model);
    await timeline.advance(60_000);
    const third = launchOne(model);
    await timeline.advance(700);
    expect(autoAddress(model, second)).toBe('203.0.113.12');
    expect(autoAddress(model, third)).toBe('203.0.113.11');
  });

  it('ends in termination also when it never ran, and never runs afterwards', async () => {
    const { timeline, events, model } = started();
    const id = launchOne(model);
    model.fleet.terminate([id]);
    await timeline.advance(10_000);
    expect(toldStates(events)).toEqual(['pending', 'shutting-down', 'terminated']);
    expect(() => model.fleet.start([id])).toThrow('is not in a state from which it can be started');
  });

  it('is listed for an hour after its end, its tags for a shorter while', async () => {
    const { timeline, model } = started();
    const id = launchOne(model, { tags: { 'rolecall:role': 'web' } });
    await timeline.advance(700);
    model.fleet.terminate([id]);
    await timeline.advance(500_000);
    expect(model.listedInstance(id)?.tags).toEqual({ 'rolecall:role': 'web' });
    await timeline.advance(500_000);
    expect(model.listedInstance(id)).toMatchObject({ state: 'terminated', tags: {} });
    await timeline.advance(3_600_000);
    expect(model.listedInstance(id)).toBeUndefined();
    expect(model.listedInstances()).toEqual([]);
  });

  it('changes nothing by a reboot, and tells nothing', async () => {
    const { timeline, events, model } = started();
    const id = launchOne(model);
    await timeline.advance(700);
    const before = model.fleet.find(id);
    model.fleet.reboot([id]);
    await timeline.advance(10_000);
    expect(model.fleet.find(id)).toEqual(before);
    expect(toldStates(events)).toEqual(['pending', 'running']);
  });

  it('is warned of a spot interruption two minutes before, under an ARN with its zone and no account', async () => {
    const { timeline, events, model } = started();
    const id = launchOne(model, { spot: true, zone: 'us-east-1b' });
    await timeline.advance(700);
    model.interruptSpot(id);
    expect(events.at(-1)).toMatchObject({
      'detail-type': 'EC2 Spot Instance Interruption Warning',
      resources: [`arn:aws:ec2:us-east-1b:instance/${id}`],
      detail: { 'instance-id': id, 'instance-action': 'terminate' },
    });
    await timeline.advance(119_000);
    expect(model.fleet.find(id)?.state).toBe('running');
    await timeline.advance(1_000);
    expect(model.fleet.find(id)).toMatchObject({
      state: 'shutting-down',
      stateReason: { code: 'Server.SpotInstanceTermination' },
    });
  });

  it('does not fail when an interrupted instance was terminated in the meantime', async () => {
    const { timeline, events, model } = started();
    const id = launchOne(model, { spot: true });
    await timeline.advance(700);
    model.interruptSpot(id, 'stop');
    model.fleet.terminate([id]);
    await timeline.advance(200_000);
    expect(toldStates(events)).toEqual(['pending', 'running', 'shutting-down', 'terminated']);
  });

  it('is recommended for a rebalance by an event', async () => {
    const { events, model } = started();
    const id = launchOne(model);
    model.recommendRebalance(id);
    expect(events.at(-1)).toMatchObject({
      'detail-type': 'EC2 Instance Rebalance Recommendation',
      detail: { 'instance-id': id },
    });
  });
});

describe('Elastic IPs in time', () => {
  it('take the place of the public address, which goes to another', async () => {
    const { timeline, model } = started();
    const holder = launchOne(model);
    await timeline.advance(700);
    const { allocationId } = model.allocateAddress({});
    model.elasticIps.associate({ allocationId, instanceId: holder, allowReassociation: false });
    expect(autoAddress(model, holder)).toBeUndefined();
    const next = launchOne(model);
    await timeline.advance(700);
    expect(autoAddress(model, next)).toBe('203.0.113.11');
  });

  it('leave an instance with a new public address, without any event', async () => {
    const { timeline, events, model } = started();
    const holder = launchOne(model);
    await timeline.advance(700);
    const { allocationId } = model.allocateAddress({});
    const association = model.elasticIps.associate({ allocationId, instanceId: holder, allowReassociation: false });
    const told = events.length;
    const other = launchOne(model);
    await timeline.advance(700);
    model.elasticIps.disassociate(association);
    expect(autoAddress(model, other)).toBe('203.0.113.11');
    expect(autoAddress(model, holder)).toBe('203.0.113.13');
    expect(toldStates(events.slice(told))).toEqual(['pending', 'running']);
  });

  it('stay with a stopped instance and leave one that shuts down', async () => {
    const { timeline, model } = started();
    const holder = launchOne(model);
    await timeline.advance(700);
    const { allocationId } = model.allocateAddress({});
    model.elasticIps.associate({ allocationId, instanceId: holder, allowReassociation: false });
    model.fleet.stop([holder]);
    await timeline.advance(1_500);
    expect(model.elasticIps.find(allocationId)?.association?.instanceId).toBe(holder);
    model.fleet.start([holder]);
    await timeline.advance(700);
    expect(autoAddress(model, holder)).toBeUndefined();
    model.fleet.terminate([holder]);
    expect(model.elasticIps.find(allocationId)).toMatchObject({ allocationId });
    expect(model.elasticIps.find(allocationId)).not.toHaveProperty('association');
  });

  it('count how often they were mapped to where they are already', async () => {
    const { timeline, model } = started();
    const instanceId = launchOne(model);
    await timeline.advance(700);
    const { allocationId } = model.allocateAddress({});
    const association = model.elasticIps.associate({ allocationId, instanceId, allowReassociation: false });
    expect(model.elasticIps.repeatedAssociations).toBe(0);
    expect(model.elasticIps.associate({ allocationId, instanceId, allowReassociation: false })).toBe(association);
    expect(model.elasticIps.repeatedAssociations).toBe(1);
  });
});

describe('tags in time', () => {
  it('are told whole after each change, with a rising version', () => {
    const { events, model } = started();
    const id = launchOne(model, { tags: { 'rolecall:role': 'web', Name: 'one' } });
    model.createTags([id], { 'rolecall:role': 'mail' });
    model.deleteTags([id], [{ key: 'Name' }]);
    expect(events.filter((event) => event['detail-type'] === 'Tag Change on Resource')).toMatchObject([
      {
        source: 'aws.tag',
        resources: [`arn:aws:ec2:us-east-1:123456789012:instance/${id}`],
        detail: {
          'changed-tag-keys': ['rolecall:role', 'Name'],
          tags: { 'rolecall:role': 'web', Name: 'one' },
          service: 'ec2',
          'resource-type': 'instance',
          version: 1,
        },
      },
      { detail: { 'changed-tag-keys': ['rolecall:role'], tags: { 'rolecall:role': 'mail', Name: 'one' }, version: 2 } },
      { detail: { 'changed-tag-keys': ['Name'], tags: { 'rolecall:role': 'mail' }, version: 3 } },
    ]);
  });

  it('are not told when nothing changes', () => {
    const { events, model } = started();
    const id = launchOne(model, { tags: { Name: 'one' } });
    const told = events.length;
    model.createTags([id], { Name: 'one' });
    model.deleteTags([id], [{ key: 'Name', value: 'two' }]);
    expect(events).toHaveLength(told);
  });

  it('stay as they were when one of the resources is not there', () => {
    const { model } = started();
    const id = launchOne(model);
    expect(() => model.createTags([id, 'i-0123456789abcdef0'], { Name: 'one' })).toThrow('does not exist');
    expect(model.fleet.find(id)?.tags).toEqual({});
  });
});

describe('reads that lag', () => {
  it('show an instance as it was, and not at all at first', async () => {
    const { timeline, model } = started();
    model.readLagMs = 2_000;
    const id = launchOne(model);
    expect(model.listedInstance(id)).toBeUndefined();
    await timeline.advance(2_000);
    expect(model.listedInstance(id)?.state).toBe('pending');
    expect(model.fleet.find(id)?.state).toBe('running');
    await timeline.advance(700);
    expect(model.listedInstance(id)?.state).toBe('running');
  });
});
