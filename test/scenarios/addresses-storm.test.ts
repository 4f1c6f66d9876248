import { CreateTagsCommand, DescribeAddressesCommand } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import { World } from '../../local/simulation/world.ts';
import { withAddresses } from './pool-addresses.ts';

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

/** A role with one Elastic IP for each of these names. */
async function open(names: readonly string[]): Promise<void> {
  world = await World.open(
    {
      owner: 'test',
      zones: { pub: { name: 'example.com', id: 'Z0PUB' } },
      roles: Object.fromEntries(
        names.map((role) => [
          role,
          { names: [{ zone: 'pub' }], elasticIp: { pool: role }, whenEmpty: 'keep' as const },
        ]),
      ),
    },
    {
      before: withAddresses(...names),
    },
  );
  await world.advance(5);
}

function numbered(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_none, index) => `${prefix}${String(index).padStart(2, '0')}`);
}

/** The roles whose addresses were asked to be associated, in the order of the calls. */
async function associated(): Promise<string[]> {
  const { Addresses = [] } = await world.user.ec2.send(new DescribeAddressesCommand({}));
  const poolOf = new Map(Addresses.map(({ AllocationId, Tags = [] }) => [AllocationId, Tags[0]?.Value ?? '']));
  return world.account.calls
    .filter(({ operation }) => operation === 'AssociateAddress')
    .map(({ parameters }) => poolOf.get(String(parameters['AllocationId'])) ?? '');
}

function times(): number[] {
  return world.account.calls.filter(({ operation }) => operation === 'AssociateAddress').map(({ atMs }) => atMs);
}

describe('twenty roles that fail over at once', () => {
  it('are served in the order of their need, none refused by EC2, whatever they are called', async () => {
    const [draining, stopped, terminated] = [numbered('a', 7), numbered('b', 7), numbered('c', 6)];
    const names = [...draining, ...stopped, ...terminated];
    await open(names);
    const first = new Map<string, string>();
    for (const role of names) first.set(role, (await world.launch(role))[0] ?? '');
    await world.advance(60);
    for (const role of names) await world.launch(role);
    await world.advance(60);
    const of = (roles: readonly string[]) => roles.map((role) => first.get(role) ?? '');
    // All of it is known before EC2 answers again.
    const answerAgain = world.account.faults.add({
      service: 'ec2',
      operation: 'DescribeAddresses',
      effect: 'error-before',
    });
    const Tags = [{ Key: 'rolecall:drain', Value: 'true' }];
    await world.user.ec2.send(new CreateTagsCommand({ Resources: of(draining), Tags }));
    await world.stop(...of(stopped));
    await world.terminate(...of(terminated));
    await world.advance(5);
    answerAgain();
    world.account.ec2.throttling = true;
    world.account.forgetCalls();
    await world.advance(60);

    const order = await associated();
    expect(order.slice(0, 6).sort()).toEqual(terminated);
    expect(order.slice(6, 13).sort()).toEqual(stopped);
    expect(order.slice(13).sort()).toEqual(draining);
    const { Addresses = [] } = await world.user.ec2.send(new DescribeAddressesCommand({}));
    expect(Addresses.filter(({ InstanceId = '' }) => InstanceId === '' || of(names).includes(InstanceId))).toEqual([]);
  });
});

describe('seventy-five roles that come in waves', () => {
  it('share one pace over many passes, so that EC2 refuses no call', async () => {
    const names = numbered('r', 75);
    await open(names);
    for (let wave = 0; wave < 5; wave += 1) {
      for (const role of names.slice(wave * 15, (wave + 1) * 15)) await world.launch(role);
      await world.advance(0.3);
    }
    world.account.ec2.throttling = true;
    await world.advance(30);
    // One that is refused would be made again.
    expect((await associated()).sort()).toEqual(names);
    const [begun = 0] = times();
    for (const [index, atMs] of times().entries())
      expect(index + 1).toBeLessThanOrEqual(20 + Math.ceil(((atMs - begun) / 1000) * 5));
    expect(world.journal.filter(({ kind }) => kind === 'moved')).toHaveLength(75);
  });
});
