import { CreateTagsCommand, DescribeAddressesCommand } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { rebalance } from './drain-signals.ts';
import { withAddresses } from './pool-addresses.ts';

const PUB = 'Z0PUB';

const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { pub: { name: 'example.com', id: PUB } },
  roles: {
    mail: {
      names: [{ zone: 'pub', name: 'mx{ordinal}' }],
      elasticIp: { pool: 'mail' },
      whenEmpty: 'keep',
      drainOn: ['tag', 'rebalance'],
    },
  },
};

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

async function open(count: number): Promise<string[]> {
  world = await World.open(CONFIGURATION, {
    before: withAddresses('mail'),
  });
  const ids: string[] = [];
  for (let launched = 0; launched < count; launched += 1) {
    ids.push(...(await world.launch('mail')));
    await world.advance(10);
  }
  return ids;
}

async function holder(): Promise<string | undefined> {
  const { Addresses } = await world.user.ec2.send(new DescribeAddressesCommand({}));
  return Addresses?.[0]?.InstanceId;
}

async function drain(instanceId: string): Promise<void> {
  const Tags = [{ Key: 'rolecall:drain', Value: 'true' }];
  await world.user.ec2.send(new CreateTagsCommand({ Resources: [instanceId], Tags }));
}

describe('the holder of an Elastic IP', () => {
  it('that is drained gives it to the next, and is drained only then; no record changes', async () => {
    const [first = '', second] = await open(2);
    expect(await holder()).toBe(first);
    const before = await world.zone(PUB);
    const batches = world.account.route53.batches.length;
    await drain(first);
    await world.advance(20);
    expect(await holder()).toBe(second);
    expect(await world.zone(PUB)).toEqual(before);
    expect(world.account.route53.batches).toHaveLength(batches);
    const kinds = world.journal.map(({ kind }) => kind).filter((kind) => kind === 'moved' || kind === 'drained');
    expect(kinds).toEqual(['moved', 'moved', 'drained']);
  });

  it('that is drained with nobody to follow leaves its slot vacant', async () => {
    const [only = ''] = await open(1);
    await drain(only);
    await world.advance(20);
    expect(world.journal.filter(({ kind }) => kind === 'drained')).toMatchObject([{ role: 'mail', instance: only }]);
  });

  it('keeps it as the last of its role under a rebalance recommendation, and has not drained', async () => {
    const [only = ''] = await open(1);
    rebalance(world, only);
    await world.advance(130);
    expect(await holder()).toBe(only);
    expect(world.journal.filter(({ kind }) => kind === 'drained')).toEqual([]);
    const [next] = await world.launch('mail');
    await world.advance(90);
    expect(await holder()).toBe(next);
    expect(world.journal.filter(({ kind }) => kind === 'drained')).toMatchObject([
      { instance: only, asked: ['rebalance'] },
    ]);
  });
});
