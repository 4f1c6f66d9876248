import { DescribeAddressesCommand } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { withAddresses } from './pool-addresses.ts';

const INT = 'Z0INT';
const PUB = 'Z0PUB';

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

const WEB: Configuration = {
  owner: 'test',
  zones: { int: { name: 'corp.internal', private: true, id: INT } },
  roles: { web: 'int' },
};

async function open(configuration: Configuration = WEB): Promise<void> {
  world = await World.open(configuration);
  await world.advance(5);
}

async function launch(role: string, count: number): Promise<string[]> {
  const ids = await world.launch(role, { count });
  await world.advance(10);
  return ids;
}

/** Up to the next sweep, and until what it woke is done. */
async function sweeps(count: number): Promise<void> {
  for (let sweep = 0; sweep < count; sweep += 1) await world.advance(60);
}

describe('an instance that EC2’s status checks call impaired', () => {
  it('is withdrawn after two sweeps, and back after two that find it well', async () => {
    await open();
    const [one = '', two = ''] = await launch('web', 2);
    await sweeps(1);
    const both = await world.zone(INT);
    expect(both).toEqual(['web.corp.internal A 60 10.0.0.11 10.0.0.12']);
    world.journal.length = 0;

    world.account.ec2.failStatusCheck(one);
    await sweeps(1);
    expect(await world.zone(INT)).toEqual(both);
    await sweeps(1);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.12']);

    world.account.ec2.passStatusCheck(one);
    await sweeps(1);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.12']);
    await sweeps(1);
    expect(await world.zone(INT)).toEqual(both);

    expect(two).not.toBe('');
    expect(
      world.journal.map((entry) => (entry.kind === 'change' ? [entry.reason, entry.instance] : entry.kind)),
    ).toEqual([
      ['sick', one],
      ['healthy', one],
    ]);
  });

  it('is not marked anew by each sweep while it stays so', async () => {
    await open();
    const [one = ''] = await launch('web', 2);
    world.account.ec2.failStatusCheck(one);
    await sweeps(3);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.12']);
    const sick = world.measurements.filter(({ name }) => name === 'MembersSick').map(({ value }) => value);
    expect([sick[0], sick.at(-1)]).toEqual([0, 1]);
    world.account.forgetCalls();
    world.journal.length = 0;
    await sweeps(5);
    expect(world.account.callCount('ec2', 'DescribeInstanceStatus')).toBe(5);
    expect(world.account.callCount('dynamodb', 'TransactWriteItems')).toBe(0);
    expect(world.account.callCount('dynamodb', 'BatchWriteItem')).toBe(0);
    expect(world.account.callCount('route53', 'ChangeResourceRecordSets')).toBe(0);
    expect(world.journal).toEqual([]);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.12']);
  });

  it('is not withdrawn by one bad read among good ones', async () => {
    await open();
    const [one = ''] = await launch('web', 2);
    await sweeps(1);
    const changes = world.account.callCount('route53', 'ChangeResourceRecordSets');
    for (let round = 0; round < 3; round += 1) {
      world.account.ec2.failStatusCheck(one);
      await sweeps(1);
      world.account.ec2.passStatusCheck(one);
      await sweeps(1);
    }
    expect(world.account.callCount('route53', 'ChangeResourceRecordSets')).toBe(changes);
  });

  it('stays in a name that nobody else serves, and returns to one whose last healthy member goes', async () => {
    await open();
    const [one = '', two = ''] = await launch('web', 2);
    world.account.ec2.failStatusCheck(one);
    await sweeps(3);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.12']);
    await world.terminate(two);
    await world.advance(5);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.11']);
  });

  it('stays, with all the others, when all are impaired', async () => {
    await open();
    for (const id of await launch('web', 3)) world.account.ec2.failStatusCheck(id);
    await sweeps(4);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.11 10.0.0.12 10.0.0.13']);
  });

  it('is not withdrawn while the read fails, and is not brought back by a failing one', async () => {
    await open();
    const [one = ''] = await launch('web', 2);
    await sweeps(1);
    const fail = () =>
      world.account.faults.add({ service: 'ec2', operation: 'DescribeInstanceStatus', effect: 'throttle' });
    fail();
    world.account.ec2.failStatusCheck(one);
    await sweeps(3);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.11 10.0.0.12']);

    world.account.faults.clear();
    await sweeps(2);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.12']);
    fail();
    world.account.ec2.passStatusCheck(one);
    await sweeps(3);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.12']);
  });

  it('is well again after a stop and a start', async () => {
    await open();
    const [one = ''] = await launch('web', 2);
    world.account.ec2.failStatusCheck(one);
    await sweeps(3);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.12']);
    await world.stop(one);
    await world.advance(30);
    world.account.ec2.passStatusCheck(one);
    await world.start(one);
    await world.advance(30);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.11 10.0.0.12']);
  });

  it('stays where its role does not ask, and EC2 is not asked either', async () => {
    await open({ ...WEB, defaults: { health: 'none' } });
    const [one = ''] = await launch('web', 2);
    world.account.forgetCalls();
    world.account.ec2.failStatusCheck(one);
    await sweeps(3);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.11 10.0.0.12']);
    expect(world.account.callCount('ec2', 'DescribeInstances')).toBe(3);
    expect(world.account.callCount('ec2', 'DescribeInstanceStatus')).toBe(0);
  });

  it('costs one call a sweep, and no write, while nothing changes', async () => {
    await open();
    const [one = ''] = await launch('web', 2);
    world.account.ec2.failStatusCheck(one);
    await sweeps(4);
    world.account.forgetCalls();
    await sweeps(5);
    expect(world.account.callCount('ec2', 'DescribeInstanceStatus')).toBe(5);
    expect(world.account.callCount('sqs', 'SendMessageBatch') + world.account.callCount('sqs', 'SendMessage')).toBe(0);
    expect(world.account.callCount('dynamodb', 'TransactWriteItems')).toBe(0);
  });
});

describe('the impaired holder of an Elastic IP', () => {
  const MAIL: Configuration = {
    owner: 'test',
    zones: { pub: { name: 'example.com', id: PUB } },
    roles: { mail: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], elasticIp: { pool: 'mail' }, whenEmpty: 'keep' } },
  };

  async function openPool(): Promise<void> {
    world = await World.open(MAIL, {
      before: withAddresses('mail'),
    });
    await world.advance(5);
  }

  async function holder(): Promise<string | undefined> {
    const { Addresses } = await world.user.ec2.send(new DescribeAddressesCommand({}));
    return Addresses?.[0]?.InstanceId;
  }

  it('gives it to a standby that is well, by no change of a record, and does not get it back', async () => {
    await openPool();
    const [one = ''] = await launch('mail', 1);
    const [two = ''] = await launch('mail', 1);
    expect(await holder()).toBe(one);
    const records = await world.zone(PUB);
    const changes = world.account.callCount('route53', 'ChangeResourceRecordSets');
    world.account.ec2.failStatusCheck(one);
    await sweeps(3);
    expect(await holder()).toBe(two);
    world.account.ec2.passStatusCheck(one);
    await sweeps(4);
    expect(await holder()).toBe(two);
    expect(await world.zone(PUB)).toEqual(records);
    expect(world.account.callCount('route53', 'ChangeResourceRecordSets')).toBe(changes);
    expect(
      world.journal.flatMap((entry) => (entry.kind === 'moved' ? [[entry.reason, entry.from, entry.to]] : [])),
    ).toEqual([
      ['launched', undefined, one],
      ['sick', one, two],
    ]);
  });

  it('keeps it while there is no standby, or only an impaired one', async () => {
    await openPool();
    const [one = ''] = await launch('mail', 1);
    world.account.ec2.failStatusCheck(one);
    await sweeps(3);
    expect(await holder()).toBe(one);
    const [two = ''] = await launch('mail', 1);
    world.account.ec2.failStatusCheck(two);
    await sweeps(1);
    // Well for one sweep at most: a new member counts as well until two reads say otherwise.
    const given = await holder();
    await sweeps(4);
    expect(await holder()).toBe(given);
    expect(world.account.callCount('ec2', 'DisassociateAddress')).toBeLessThanOrEqual(1);
  });
});
