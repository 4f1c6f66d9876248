import {
  AssociateAddressCommand,
  CreateTagsCommand,
  DescribeAddressesCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { withAddresses } from './pool-addresses.ts';

const PUB = 'Z0PUB';

const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { pub: { name: 'example.com', id: PUB } },
  roles: {
    mail: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], elasticIp: { pool: 'mail' }, whenEmpty: 'keep' },
    gate: { names: [{ zone: 'pub' }], elasticIp: { pool: 'gate' } },
  },
};

let world: World;

beforeEach(async () => {
  world = await World.open(CONFIGURATION, {
    before: withAddresses('mail', 'mail', 'gate', 'gate'),
  });
  await world.advance(5);
});

afterEach(async () => {
  await world.closeCleanly();
});

async function launch(role: string): Promise<string> {
  const [instance = ''] = await world.launch(role);
  await world.advance(10);
  return instance;
}

async function addressOf(instance: string) {
  const { Addresses = [] } = await world.user.ec2.send(new DescribeAddressesCommand({}));
  return Addresses.find(({ InstanceId }) => InstanceId === instance);
}

async function give(address: Awaited<ReturnType<typeof addressOf>>, instance: string): Promise<void> {
  const { AllocationId } = address ?? {};
  await world.user.ec2.send(
    new AssociateAddressCommand({ AllocationId, InstanceId: instance, AllowReassociation: true }),
  );
}

function records(): Record<string, readonly string[]> {
  const sets = world.account.route53.zone(PUB).current.sorted();
  const ours = sets.filter(({ type }) => type === 'A');
  return Object.fromEntries(ours.map(({ name, values }) => [name, [...values].sort()]));
}

const saidOf = (instance: string) =>
  world.journal.filter((entry) => entry.kind === 'withheld' && entry.instance === instance);

describe('hands that give the address of one holder of a pool to another', () => {
  it('make the two change slots: who lost its address gets the one that was left', async () => {
    const one = await launch('mail');
    const two = await launch('mail');
    const [first, second] = [await addressOf(one), await addressOf(two)];
    const before = records();
    await give(first, two);
    expect(await addressOf(one)).toBeUndefined();
    await world.advance(70);
    expect((await addressOf(two))?.PublicIp).toBe(first?.PublicIp);
    expect((await addressOf(one))?.PublicIp).toBe(second?.PublicIp);
    expect(records()).toEqual(before);
    expect(saidOf(one)).toEqual([]);
  });

  it('leave nothing to be done after that', async () => {
    const one = await launch('mail');
    const two = await launch('mail');
    await give(await addressOf(one), two);
    await world.advance(130);
    const calls = world.account.callCount('ec2', 'AssociateAddress');
    const batches = world.account.route53.batches.length;
    await world.advance(130);
    expect(world.account.callCount('ec2', 'AssociateAddress')).toBe(calls);
    expect(world.account.route53.batches).toHaveLength(batches);
  });

  it('do not make a later failover rob anyone: the address of the one that ends is the other slot’s', async () => {
    const one = await launch('gate');
    const two = await launch('gate');
    const [first, second] = [await addressOf(one), await addressOf(two)];
    await give(first, two);
    await world.advance(70);
    await world.terminate(two);
    await world.advance(10);
    expect((await addressOf(one))?.PublicIp).toBe(second?.PublicIp);
    expect(records()['gate.example.com.']).toEqual([second?.PublicIp]);
    const three = await launch('gate');
    await world.advance(10);
    expect((await addressOf(three))?.PublicIp).toBe(first?.PublicIp);
  });
});

describe('hands that give the address of a holder to a member that stands by', () => {
  it('leave the holder waiting until another slot is nobody’s, which it then takes', async () => {
    const one = await launch('gate');
    const two = await launch('gate');
    const standby = await launch('gate');
    const [first, second] = [await addressOf(one), await addressOf(two)];
    await give(first, standby);
    await world.advance(70);
    expect(await addressOf(one)).toBeUndefined();
    expect(world.journal.filter(({ reason }) => reason === 'address-held')).toHaveLength(1);
    await world.terminate(two);
    await world.advance(10);
    expect((await addressOf(standby))?.PublicIp).toBe(first?.PublicIp);
    expect((await addressOf(one))?.PublicIp).toBe(second?.PublicIp);
    expect(records()['gate.example.com.']).toHaveLength(2);
  });
});

describe('a standby that hands gave the address of a holder', () => {
  it('is drained only once the address is with the one who waited for it', async () => {
    const one = await launch('gate');
    await launch('gate');
    const standby = await launch('gate');
    const first = await addressOf(one);
    await give(first, standby);
    await world.advance(70);
    const Tags = [{ Key: 'rolecall:drain', Value: 'yes' }];
    await world.user.ec2.send(new CreateTagsCommand({ Resources: [standby], Tags }));
    await world.advance(150);
    expect((await addressOf(one))?.PublicIp).toBe(first?.PublicIp);
    expect(await addressOf(standby)).toBeUndefined();
    expect(world.journal.filter((entry) => entry.kind === 'drained' && entry.instance === standby)).toHaveLength(1);
  });
});

describe('hands that give the address of a holder to an instance that is no member', () => {
  it('do not make the slots change', async () => {
    const one = await launch('gate');
    const { Instances } = await world.user.ec2.send(
      new RunInstancesCommand({ ImageId: 'ami-1', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }),
    );
    const stranger = Instances?.[0]?.InstanceId ?? '';
    await world.advance(10);
    const first = await addressOf(one);
    await give(first, stranger);
    await world.advance(130);
    expect((await addressOf(stranger))?.PublicIp).toBe(first?.PublicIp);
    expect(await addressOf(one)).toBeUndefined();
    expect(records()['gate.example.com.']).toEqual([first?.PublicIp]);
  });
});
