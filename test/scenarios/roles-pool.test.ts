import { DescribeAddressesCommand } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import type { RoleObject } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { withAddresses } from './pool-addresses.ts';

const PUB = 'Z0PUB';
const SUBNET_A = 'subnet-0000000000000a001';
const SUBNET_B = 'subnet-0000000000000b001';

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

async function open(mail: Pick<RoleObject, 'elasticIp' | 'allow'>): Promise<void> {
  world = await World.open(
    {
      owner: 'test',
      zones: { pub: { name: 'example.com', id: PUB } },
      roles: { mail: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], whenEmpty: 'keep', ...mail } },
    },
    {
      before: withAddresses('mail'),
    },
  );
  await world.advance(5);
}

async function launch(subnetId: string, tags: Readonly<Record<string, string>> = {}): Promise<string> {
  const [instance = ''] = await world.launch('mail', { subnetId, tags });
  await world.advance(10);
  return instance;
}

async function holder(): Promise<string | undefined> {
  const { Addresses } = await world.user.ec2.send(new DescribeAddressesCommand({}));
  return Addresses?.[0]?.InstanceId;
}

describe('the address of a pool', () => {
  it('goes to the next in the zone of the last holder where the pool prefers that', async () => {
    await open({ elasticIp: { pool: 'mail', preferZone: true } });
    const one = await launch(SUBNET_B);
    await launch(SUBNET_A);
    const three = await launch(SUBNET_B);
    expect(await holder()).toBe(one);
    await world.terminate(one);
    await world.advance(10);
    expect(await holder()).toBe(three);
  });

  it('goes by priority when it is vacant, and is taken from nobody who serves', async () => {
    await open({ elasticIp: { pool: 'mail', succession: 'priority' } });
    const one = await launch(SUBNET_A);
    await launch(SUBNET_A);
    const three = await launch(SUBNET_A, { 'rolecall:priority': '5' });
    await world.advance(120);
    expect(await holder()).toBe(one);
    await world.terminate(one);
    await world.advance(10);
    expect(await holder()).toBe(three);
  });

  it('goes to the newest when it is vacant, and is taken from nobody who serves', async () => {
    await open({ elasticIp: { pool: 'mail', succession: 'newest' } });
    const one = await launch(SUBNET_A);
    await launch(SUBNET_A);
    const three = await launch(SUBNET_A);
    await world.advance(120);
    expect(await holder()).toBe(one);
    await world.terminate(one);
    await world.advance(10);
    expect(await holder()).toBe(three);
  });

  it('goes to no member that the role does not admit', async () => {
    await open({ elasticIp: { pool: 'mail' }, allow: { subnets: [SUBNET_B] } });
    await launch(SUBNET_A);
    const two = await launch(SUBNET_B);
    await world.advance(120);
    expect(await holder()).toBe(two);
  });
});
