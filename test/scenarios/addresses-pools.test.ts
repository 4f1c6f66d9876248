import { AllocateAddressCommand, DescribeAddressesCommand } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import { createRegistry } from '../../lib/aws/registry.ts';
import type { Configuration } from '../../lib/config/configuration.ts';
import type { RequestBody, RequestOutcome } from '../../lib/model/request.ts';
import { World } from '../../local/simulation/world.ts';

const PUB = 'Z0PUB';
const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { pub: { name: 'example.com', id: PUB } },
  roles: { mail: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], elasticIp: { pool: 'mail' }, whenEmpty: 'keep' } },
};

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

async function open(addresses: number, configuration = CONFIGURATION): Promise<void> {
  world = await World.open(configuration, {
    before: async (early) => {
      for (const role of Object.keys(configuration.roles))
        for (let count = 0; count < addresses; count += 1) await allocate(role, early);
    },
  });
  await world.advance(5);
}

async function allocate(pool: string, early = world): Promise<void> {
  const TagSpecifications = [{ ResourceType: 'elastic-ip' as const, Tags: [{ Key: 'rolecall:pool', Value: pool }] }];
  await early.user.ec2.send(new AllocateAddressCommand({ Domain: 'vpc', TagSpecifications }));
}

async function launch(role = 'mail'): Promise<string> {
  const [instance = ''] = await world.launch(role);
  await world.advance(10);
  return instance;
}

/** Who has the addresses, in their order; `-` for nobody. */
async function holders(): Promise<string[]> {
  const { Addresses = [] } = await world.user.ec2.send(new DescribeAddressesCommand({}));
  return Addresses.map(({ InstanceId }) => InstanceId || '-');
}

/** The sweep of the next minute finds the request, where no message wakes the group. */
async function request(body: RequestBody, seconds = 70): Promise<RequestOutcome | undefined> {
  const table = world.stack.outputs['RegistryTable'] ?? '';
  const registry = createRegistry(world.user.dynamodb, { table }, world.timeline, { id: () => 'x' });
  const atMs = world.timeline.now();
  await registry.putRequest({ id: 'r-1', group: 'addresses', atMs, expiresAtMs: atMs + 300_000, body });
  await world.advance(seconds);
  return (await registry.readRequest('addresses', 'r-1'))?.outcome;
}

function said(reason: string) {
  return world.journal.filter((entry) => entry.kind === 'withheld' && entry.reason === reason);
}

describe('a pool that is too small', () => {
  it('is said once when a member is left without an address, and once more when it is not', async () => {
    await open(2);
    const members = [await launch(), await launch()];
    await world.advance(70);
    expect(said('pool-too-small')).toEqual([]);
    members.push(await launch());
    await world.advance(130);
    expect(said('pool-too-small')).toEqual([
      expect.objectContaining({ role: 'mail', name: 'mail', type: 'EIP', reason: 'pool-too-small' }),
    ]);
    await world.terminate(members[2] ?? '');
    await world.advance(10);
    expect(said('pool-too-small')).toEqual([
      expect.not.objectContaining({ cleared: true }),
      expect.objectContaining({ role: 'mail', cleared: true }),
    ]);
  });

  it('is no longer when an address is added to it', async () => {
    await open(1);
    await launch();
    await launch();
    expect(said('pool-too-small')).toHaveLength(1);
    await allocate('mail');
    await world.advance(70);
    expect(said('pool-too-small')).toEqual([
      expect.not.objectContaining({ cleared: true }),
      expect.objectContaining({ cleared: true }),
    ]);
    expect(await holders()).not.toContain('-');
  });

  it('is counted by the sweep as long as it stands', async () => {
    await open(1);
    await launch();
    await launch();
    world.measurements.splice(0);
    await world.advance(60);
    expect(world.measurements).toContainEqual({ name: 'PoolsTooSmall', value: 1 });
  });
});

describe('a request that is none for addresses', () => {
  it('is refused at once, and touches nothing', async () => {
    await open(1);
    const one = await launch();
    world.account.forgetCalls();
    expect(await request({ kind: 'release', names: ['mx1.example.com'] })).toEqual({
      kind: 'refused',
      message: 'the addresses take the request move, and nothing is known here of release; ask a zone',
    });
    expect(world.account.callCount('route53', 'ChangeResourceRecordSets')).toBe(0);
    expect(await holders()).toEqual([one]);
  });
});
