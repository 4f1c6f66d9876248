import { AssociateAddressCommand, DescribeAddressesCommand } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { withAddresses } from './pool-addresses.ts';

const PUB = 'Z0PUB';

const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { pub: { name: 'example.com', id: PUB } },
  roles: {
    gate: { names: [{ zone: 'pub' }], elasticIp: { pool: 'gate' }, whenEmpty: 'keep' },
    web: { names: [{ zone: 'pub' }] },
  },
};

let world: World;

beforeEach(async () => {
  world = await World.open(CONFIGURATION, { before: withAddresses('gate') });
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

async function give(instance: string): Promise<void> {
  const { Addresses = [] } = await world.user.ec2.send(new DescribeAddressesCommand({}));
  const [address] = Addresses;
  const association = { AllocationId: address?.AllocationId, InstanceId: instance, AllowReassociation: true };
  await world.user.ec2.send(new AssociateAddressCommand(association));
}

function said(): string[] {
  return world.journal.flatMap((entry) =>
    entry.kind === 'withheld' && entry.reason === 'address-held'
      ? [`${entry.instance} ${entry.cleared === true ? 'has it no more' : 'has it'}`]
      : [],
  );
}

describe('an address that hands gave to an instance that is no member', () => {
  it('is said to be with the next one to whom they give it, by the next sweep', async () => {
    await launch('gate');
    const [one, other] = [await launch('web'), await launch('web')];
    await give(one);
    await world.advance(70);
    expect(said()).toEqual([`${one} has it`]);
    await give(other);
    await world.advance(70);
    expect(said().slice(1).sort()).toEqual([`${one} has it no more`, `${other} has it`].sort());
  });

  it('is said once, and no sweep has work for that', async () => {
    await launch('gate');
    const one = await launch('web');
    await give(one);
    await world.advance(130);
    const associations = world.account.callCount('ec2', 'AssociateAddress');
    const reads = readsOfReconcile();
    await world.advance(130);
    expect(said()).toEqual([`${one} has it`]);
    expect(world.account.callCount('ec2', 'AssociateAddress')).toBe(associations);
    expect(readsOfReconcile()).toBe(reads);
  });
});

function readsOfReconcile(): number {
  return world.account.calls.filter(
    ({ caller, operation }) => caller === 'Reconcile' && operation === 'DescribeAddresses',
  ).length;
}
