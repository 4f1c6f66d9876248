import { AssociateAddressCommand, DescribeAddressesCommand } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { allocate, withAddresses } from './pool-addresses.ts';

const PUB = 'Z0PUB';

const configuration = (whenEmpty: 'remove' | 'keep'): Configuration => ({
  owner: 'test',
  zones: { pub: { name: 'example.com', id: PUB } },
  roles: {
    mail: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], elasticIp: { pool: 'mail' }, whenEmpty },
    web: 'pub',
  },
});

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

async function open(whenEmpty: 'remove' | 'keep' = 'keep', addresses = 1): Promise<void> {
  world = await World.open(configuration(whenEmpty), {
    before: withAddresses(...Array<string>(addresses).fill('mail')),
  });
  await world.advance(5);
}

/** Elastic IP to the instance that has it, or `-`. */
async function associations(): Promise<Record<string, string>> {
  const { Addresses } = await world.user.ec2.send(new DescribeAddressesCommand({}));
  return Object.fromEntries((Addresses ?? []).map(({ PublicIp, InstanceId }) => [PublicIp ?? '', InstanceId || '-']));
}

async function address(): Promise<string> {
  return Object.keys(await associations())[0] ?? '';
}

describe('a pool of one address', () => {
  it('has its name from the deploy on where the role keeps it, held or not', async () => {
    await open('keep');
    expect(await world.zone(PUB)).toEqual([`mx1.example.com A 60 ${await address()}`]);
  });

  it('has no name before a member holds it where the role does not keep it', async () => {
    await open('remove');
    expect(await world.zone(PUB)).toEqual([]);
    await world.launch('mail');
    await world.advance(10);
    expect(await world.zone(PUB)).toEqual([`mx1.example.com A 60 ${await address()}`]);
  });

  it('goes to the oldest member, and to the next when that one dies, without a change of the record', async () => {
    await open();
    const [one = ''] = await world.launch('mail');
    await world.advance(10);
    const [two = ''] = await world.launch('mail');
    await world.advance(10);
    expect(Object.values(await associations())).toEqual([one]);
    const before = world.account.route53.batches.length;
    await world.terminate(one);
    await world.advance(5);
    expect(Object.values(await associations())).toEqual([two]);
    expect(await world.zone(PUB)).toEqual([`mx1.example.com A 60 ${await address()}`]);
    expect(world.account.route53.batches).toHaveLength(before);
    expect(world.journal).toContainEqual(
      expect.objectContaining({ kind: 'moved', role: 'mail', address: await address(), from: one, to: two }),
    );
  });

  it('leaves a holder that is stopped, by exactly the association that was read', async () => {
    await open();
    const [one = ''] = await world.launch('mail');
    await world.advance(10);
    const [two = ''] = await world.launch('mail');
    await world.advance(10);
    await world.stop(one);
    await world.advance(10);
    expect(Object.values(await associations())).toEqual([two]);
    await world.start(one);
    await world.advance(70);
    expect(Object.values(await associations())).toEqual([two]);
  });

  it('never leaves a holder that runs and serves, whoever else comes', async () => {
    await open();
    const [one = ''] = await world.launch('mail');
    await world.advance(10);
    await world.launch('mail', { count: 3 });
    world.emit(one, 'running', world.timeline.now() - 5_000);
    await world.advance(200);
    expect(Object.values(await associations())).toEqual([one]);
    expect(world.account.callCount('ec2', 'AssociateAddress')).toBe(1);
    expect(world.account.callCount('ec2', 'DisassociateAddress')).toBe(0);
  });

  it('stays where a person moved it, and that is said once', async () => {
    await open();
    const [one = ''] = await world.launch('mail');
    await world.advance(10);
    const [stranger = ''] = await world.launch('');
    await world.advance(5);
    const { Addresses } = await world.user.ec2.send(new DescribeAddressesCommand({}));
    await world.user.ec2.send(
      new AssociateAddressCommand({ AllocationId: Addresses?.[0]?.AllocationId, InstanceId: stranger }),
    );
    world.emit(one, 'running', world.timeline.now());
    await world.launch('mail');
    await world.advance(200);
    expect(Object.values(await associations())).toEqual([stranger]);
    expect(world.journal.filter((entry) => entry.kind === 'withheld' && 'instance' in entry)).toEqual([
      expect.objectContaining({ role: 'mail', reason: 'address-held', instance: stranger }),
    ]);
  });

  it('takes the record of the auto-assigned address along that its new holder loses', async () => {
    await open();
    const [one = ''] = await world.launch('mail web');
    await world.advance(10);
    expect(await world.zone(PUB)).toEqual([
      `mx1.example.com A 60 ${await address()}`,
      `web.example.com A 60 ${await address()}`,
    ]);
    expect(Object.values(await associations())).toEqual([one]);
  });

  it.each(['timeout-after', 'error-after', 'timeout-before', 'throttle'] as const)(
    'reaches its holder when the call answers with %s',
    async (effect) => {
      await open();
      world.account.faults.add({ service: 'ec2', operation: 'AssociateAddress', effect, times: 2 });
      const [one = ''] = await world.launch('mail');
      await world.advance(120);
      expect(Object.values(await associations())).toEqual([one]);
      expect(world.errors.filter((error) => error.includes('a pass failed'))).toEqual([]);
    },
  );

  it('does not evict an Elastic IP that a member already has: the next member takes it', async () => {
    await open();
    const [other = ''] = await allocate(world, 'elsewhere');
    const [one = ''] = await world.launch('');
    await world.advance(5);
    await world.user.ec2.send(new AssociateAddressCommand({ AllocationId: other, InstanceId: one }));
    await world.tag(one, 'mail');
    await world.advance(5);
    const [two = ''] = await world.launch('mail');
    await world.advance(20);
    expect(Object.values(await associations()).sort()).toEqual([one, two].sort());
    expect(await world.zone(PUB)).toEqual([`mx1.example.com A 60 ${await address()}`]);
  });
});

describe('a pool', () => {
  it('of two addresses gives each of the first two members one, and the third waits', async () => {
    await open('keep', 2);
    const members = await world.launch('mail', { count: 3 });
    await world.advance(20);
    const holders = Object.values(await associations());
    expect(holders.every((holder) => members.includes(holder))).toBe(true);
    expect(new Set(holders).size).toBe(2);
    expect((await world.zone(PUB)).map((set) => set.split(' ')[0])).toEqual(['mx1.example.com', 'mx2.example.com']);
  });

  it('without an address says so, and takes in one that is tagged later', async () => {
    await open('keep', 0);
    await world.launch('mail');
    await world.advance(70);
    expect(world.journal).toContainEqual(
      expect.objectContaining({ kind: 'withheld', role: 'mail', reason: 'pool-empty' }),
    );
    await allocate(world, 'mail');
    await world.advance(70);
    expect(await world.zone(PUB)).toEqual([`mx1.example.com A 60 ${await address()}`]);
  });

  it('is only ever associated and disassociated: no address is allocated or released', async () => {
    await open();
    const [one = ''] = await world.launch('mail', { count: 2 });
    await world.advance(10);
    const allocated = world.account.callCount('ec2', 'AllocateAddress');
    await world.terminate(one);
    await world.advance(10);
    await world.stack.delete();
    expect(world.account.callCount('ec2', 'AllocateAddress')).toBe(allocated);
    expect(world.account.callCount('ec2', 'ReleaseAddress')).toBe(0);
    expect(Object.values(await associations())).not.toContain('-');
  });
});
