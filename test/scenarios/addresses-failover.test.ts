import {
  AssociateAddressCommand,
  DeleteTagsCommand,
  DescribeAddressesCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import type { ClientCall } from '../../local/in-process.ts';
import { World, type WorldOptions } from '../../local/simulation/world.ts';
import { withAddresses } from './pool-addresses.ts';

const PUB = 'Z0PUB';

const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { pub: { name: 'example.com', id: PUB } },
  roles: {
    mail: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], elasticIp: { pool: 'mail' }, whenEmpty: 'keep' },
    relay: { names: [{ zone: 'pub' }], elasticIp: { pool: 'relay' }, whenEmpty: 'keep' },
    gate: { names: [{ zone: 'pub' }], elasticIp: { pool: 'gate' } },
    web: 'pub',
  },
};

let world: World;
/** What happens to a call of λ reconcile; set by a test once the stack stands. */
let before: ((call: ClientCall) => Promise<void> | void) | undefined;
let after: ((call: ClientCall) => Promise<void> | void) | undefined;

afterEach(async () => {
  before = undefined;
  after = undefined;
  await world.closeCleanly();
});

async function open(pools: readonly string[] = ['mail']): Promise<void> {
  const options: WorldOptions = {
    hooks: (kind) => (kind === 'Reconcile' ? { before: (call) => before?.(call), after: (call) => after?.(call) } : {}),
    before: withAddresses(...pools),
  };
  world = await World.open(CONFIGURATION, options);
  await world.advance(5);
}

async function launch(role: string): Promise<string> {
  const [instance = ''] = await world.launch(role);
  await world.advance(10);
  return instance;
}

/** In the order of their allocation: the instance that has the address, or `-`. */
async function holders(): Promise<string[]> {
  const { Addresses } = await world.user.ec2.send(new DescribeAddressesCommand({}));
  return (Addresses ?? []).map(({ InstanceId }) => InstanceId || '-');
}

const isAssociate = ({ operation }: ClientCall) => operation === 'AssociateAddress';
const moved = () => world.journal.filter(({ kind }) => kind === 'moved');

describe('the failover of an address', () => {
  it('breaks no association where EC2 has already detached it from the holder that terminates', async () => {
    await open();
    const one = await launch('mail');
    const two = await launch('mail');
    await world.terminate(one);
    await world.advance(5);
    expect(await holders()).toEqual([two]);
    expect(world.account.callCount('ec2', 'DisassociateAddress')).toBe(0);
    expect(world.account.callCount('ec2', 'AssociateAddress')).toBe(2);
  });

  it('is journalled once where the answer to the association was lost, and is not made again', async () => {
    await open();
    const one = await launch('mail');
    const two = await launch('mail');
    let isLost = false;
    after = (call) => {
      if (isLost || !isAssociate(call)) return;
      isLost = true;
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    };
    await world.terminate(one);
    await world.advance(30);
    expect(isLost).toBe(true);
    expect(await holders()).toEqual([two]);
    expect(world.account.callCount('ec2', 'AssociateAddress')).toBe(2);
    expect(moved()).toMatchObject([{ to: one }, { from: one, to: two, reason: 'terminated' }]);
  });

  it('takes the records of the new holder along also where the answer was lost', async () => {
    await open();
    const one = await launch('mail');
    await launch('mail web');
    const shown = await world.zone(PUB);
    expect(shown).toHaveLength(2);
    let isLost = false;
    after = (call) => {
      if (isLost || !isAssociate(call)) return;
      isLost = true;
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    };
    await world.terminate(one);
    await world.advance(20);
    const [mail = ''] = shown;
    const address = mail.split(' ')[3] ?? '';
    expect(await world.zone(PUB)).toEqual([`mx1.example.com A 60 ${address}`, `web.example.com A 60 ${address}`]);
  });

  it('is no second one where the association was made and nothing after it: it is said by the next pass', async () => {
    await open();
    const one = await launch('mail');
    const two = await launch('mail');
    let isKilled = false;
    after = (call) => {
      if (isKilled || !isAssociate(call)) return;
      isKilled = true;
      return new Promise(() => undefined);
    };
    await world.terminate(one);
    await world.advance(120);
    expect(await holders()).toEqual([two]);
    expect(world.account.callCount('ec2', 'AssociateAddress')).toBe(2);
    expect(moved()).toMatchObject([{ to: one }, { from: one, to: two }]);
    // The one that was killed.
    expect(world.failures.splice(0)).toHaveLength(1);
  });

  it('goes to the next where the standby dies in between', async () => {
    await open();
    const one = await launch('mail');
    const two = await launch('mail');
    const three = await launch('mail');
    let isKilled = false;
    before = async (call) => {
      if (isKilled || !isAssociate(call)) return;
      isKilled = true;
      await world.terminate(two);
    };
    await world.terminate(one);
    await world.advance(10);
    expect(await holders()).toEqual([three]);
    expect(moved()).toMatchObject([{ to: one }, { from: one, to: three }]);
  });

  it('of one role is not held up by another role whose address EC2 will not have moved', async () => {
    await open(['mail', 'relay']);
    const [mail, relay] = [await launch('mail'), await launch('relay')];
    const [mailStandby, relayStandby] = [await launch('mail'), await launch('relay')];
    const { Addresses } = await world.user.ec2.send(new DescribeAddressesCommand({}));
    const mailAllocation = Addresses?.find(({ InstanceId }) => InstanceId === mail)?.AllocationId;
    before = (call) => {
      if (!isAssociate(call) || call.parameters['AllocationId'] !== mailAllocation) return;
      throw Object.assign(new Error('You are not authorized'), {
        name: 'UnauthorizedOperation',
        $metadata: { httpStatusCode: 403, attempts: 1 },
      });
    };
    await world.terminate(mail, relay);
    await world.advance(20);
    expect(await holders()).toEqual(['-', relayStandby]);
    expect(world.journal).toContainEqual(
      expect.objectContaining({ kind: 'withheld', role: 'mail', reason: 'access-denied', instance: mailStandby }),
    );
    before = undefined;
    await world.advance(120);
    expect(await holders()).toEqual([mailStandby, relayStandby]);
    expect(world.journal).toContainEqual(expect.objectContaining({ reason: 'access-denied', cleared: true }));
  });
});

describe('an instance with several network interfaces', () => {
  it('gets the address at its primary one, in one call', async () => {
    await open();
    const Tags = [{ Key: 'rolecall:role', Value: 'mail' }];
    const { Instances } = await world.user.ec2.send(
      new RunInstancesCommand({
        MinCount: 1,
        MaxCount: 1,
        InstanceType: 't3.micro',
        NetworkInterfaces: [{ DeviceIndex: 0 }, { DeviceIndex: 1 }],
        TagSpecifications: [{ ResourceType: 'instance', Tags }],
      }),
    );
    const instance = Instances?.[0];
    await world.advance(10);
    const { Addresses } = await world.user.ec2.send(new DescribeAddressesCommand({}));
    expect(Addresses?.[0]).toMatchObject({
      InstanceId: instance?.InstanceId,
      NetworkInterfaceId: instance?.NetworkInterfaces?.[0]?.NetworkInterfaceId,
    });
    expect(world.account.callCount('ec2', 'AssociateAddress')).toBe(1);
  });
});

describe('a storm of failovers', () => {
  it('stays within what EC2 admits of mutating calls', async () => {
    await open(Array.from({ length: 60 }, () => 'mail'));
    await world.launch('mail', { count: 60 });
    await world.advance(30);
    expect(await holders()).not.toContain('-');
    const times = world.account.calls
      .filter(({ operation }) => operation === 'AssociateAddress')
      .map(({ atMs }) => atMs);
    expect(times).toHaveLength(60);
    const first = times[0] ?? 0;
    // A bucket of 50 that 5 a second refill: "Request throttling for the Amazon EC2 API".
    for (const [index, atMs] of times.entries())
      expect(index + 1).toBeLessThanOrEqual(50 + ((atMs - first) / 1000) * 5);
    expect(times.at(-1)).toBeGreaterThan(first + 1_000);
  });
});

describe('an address that was moved by hand', () => {
  it("to another member is not fought over, and is that member's when the holder goes", async () => {
    await open();
    const one = await launch('mail');
    const two = await launch('mail');
    const { Addresses } = await world.user.ec2.send(new DescribeAddressesCommand({}));
    const AllocationId = Addresses?.[0]?.AllocationId;
    await world.user.ec2.send(new AssociateAddressCommand({ AllocationId, InstanceId: two }));
    await world.advance(130);
    expect(await holders()).toEqual([two]);
    await world.terminate(one);
    await world.advance(70);
    expect(await holders()).toEqual([two]);
    expect(world.account.callCount('ec2', 'AssociateAddress')).toBe(2);
    expect(moved()).toHaveLength(1);
  });

  it('to the holder of another names that holder by it once its own holder goes, and no idle address', async () => {
    await open(['gate', 'gate']);
    const one = await launch('gate');
    const two = await launch('gate');
    const { Addresses = [] } = await world.user.ec2.send(new DescribeAddressesCommand({}));
    const first = Addresses.find(({ InstanceId }) => InstanceId === one);
    const AllocationId = first?.AllocationId;
    await world.user.ec2.send(new AssociateAddressCommand({ AllocationId, InstanceId: two, AllowReassociation: true }));
    await world.user.ec2.send(new DeleteTagsCommand({ Resources: [one], Tags: [{ Key: 'rolecall:role' }] }));
    await world.advance(130);
    const gate = () =>
      world.account.route53
        .zone(PUB)
        .current.sorted()
        .find(({ name }) => name.startsWith('gate.'));
    expect(gate()?.values).toEqual([first?.PublicIp]);
    const three = await launch('gate');
    await world.advance(70);
    expect([...(await holders())].sort()).toEqual([three, two].sort());
    expect(gate()?.values).toHaveLength(2);
  });
});
