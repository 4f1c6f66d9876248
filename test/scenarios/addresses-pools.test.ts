import { type Address, CreateTagsCommand, DescribeAddressesCommand } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import { createRegistry } from '../../lib/aws/registry.ts';
import type { Configuration } from '../../lib/config/configuration.ts';
import type { RequestBody, RequestOutcome } from '../../lib/model/request.ts';
import { World } from '../../local/simulation/world.ts';
import { allocate, withAddresses } from './pool-addresses.ts';

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
    before: withAddresses(...Object.keys(configuration.roles).flatMap((pool) => Array<string>(addresses).fill(pool))),
  });
  await world.advance(5);
}

async function launch(role = 'mail'): Promise<string> {
  const [instance = ''] = await world.launch(role);
  await world.advance(10);
  return instance;
}

/** In the order of their slots: by allocation id. */
async function inOrder(): Promise<Address[]> {
  const { Addresses = [] } = await world.user.ec2.send(new DescribeAddressesCommand({}));
  return Addresses.sort((one, other) => ((one.AllocationId ?? '') < (other.AllocationId ?? '') ? -1 : 1));
}

/** Who has them; `-` for nobody. */
async function holders(): Promise<string[]> {
  return (await inOrder()).map(({ InstanceId }) => InstanceId || '-');
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
    await allocate(world, 'mail');
    await world.advance(70);
    expect(said('pool-too-small')).toEqual([
      expect.not.objectContaining({ cleared: true }),
      expect.objectContaining({ cleared: true }),
    ]);
    expect(await holders()).not.toContain('-');
  });

  it('is no longer while who stands by is not listed by EC2', async () => {
    await open(1);
    await launch();
    const standby = await launch();
    expect(said('pool-too-small')).toHaveLength(1);
    world.account.ec2.unlisted.add(standby);
    await world.advance(70);
    expect(said('pool-too-small')).toHaveLength(1);
    await world.advance(60);
    expect(said('pool-too-small')).toEqual([
      expect.not.objectContaining({ cleared: true }),
      expect.objectContaining({ cleared: true }),
    ]);
    world.account.ec2.unlisted.delete(standby);
    await world.advance(70);
    expect(said('pool-too-small').slice(2)).toEqual([expect.not.objectContaining({ cleared: true })]);
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

/** A pool of two addresses, and three members: the third stands by. */
async function threeMembers(): Promise<[string, string, string]> {
  await open(2);
  const members: [string, string, string] = [await launch(), await launch(), await launch()];
  await world.advance(70);
  expect(await holders()).toEqual(members.slice(0, 2));
  world.account.forgetCalls();
  return members;
}

function calls(operation: string): number {
  return world.account.callCount(operation.startsWith('Change') ? 'route53' : 'ec2', operation);
}

async function addressAt(index: number): Promise<string> {
  return (await inOrder())[index]?.PublicIp ?? '';
}

describe('a pool of two addresses with three members', () => {
  it.each([
    ['terminates', (id: string) => world.terminate(id), 0],
    ['stops', (id: string) => world.stop(id), 1],
    [
      'is drained',
      async (id: string) => {
        const Tags = [{ Key: 'rolecall:drain', Value: 'true' }];
        await world.user.ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));
      },
      1,
    ],
  ] as const)(
    'gives the third its first address when the holder %s, and no record changes',
    async (_how, act, freed) => {
      const [one, two, three] = await threeMembers();
      const before = await world.zone(PUB);
      await act(one);
      await world.advance(90);
      expect(await holders()).toEqual([three, two]);
      expect(await world.zone(PUB)).toEqual(before);
      expect(before.map((set) => set.split(' ')[0])).toEqual(['mx1.example.com', 'mx2.example.com']);
      expect(calls('ChangeResourceRecordSets')).toBe(0);
      expect(calls('AssociateAddress')).toBe(1);
      expect(calls('DisassociateAddress')).toBe(freed);
    },
  );

  it('moves the address that a move names, and no record changes', async () => {
    const [one, , three] = await threeMembers();
    const address = await addressAt(1);
    expect(await request({ kind: 'move', role: 'mail', address, to: three })).toMatchObject({ kind: 'done' });
    expect(await holders()).toEqual([one, three]);
    expect(calls('ChangeResourceRecordSets')).toBe(0);
    expect(calls('AssociateAddress')).toBe(1);
    expect(calls('DisassociateAddress')).toBe(0);
  });

  it('refuses a move that does not say which address', async () => {
    const [one, two, three] = await threeMembers();
    expect(await request({ kind: 'move', role: 'mail', to: three })).toMatchObject({ kind: 'refused' });
    expect(await holders()).toEqual([one, two]);
    expect(calls('AssociateAddress')).toBe(0);
  });

  it.each([
    ['is throttled', 'throttle', 3],
    ['has its answer lost', 'timeout-after', 1],
  ] as const)('completes a move that %s, and says it once', async (_how, effect, sent) => {
    const [one, two, three] = await threeMembers();
    const times = effect === 'throttle' ? 2 : 1;
    world.account.faults.add({ service: 'ec2', operation: 'AssociateAddress', effect, times });
    const address = await addressAt(0);
    expect(await request({ kind: 'move', role: 'mail', address, to: three }, 130)).toMatchObject({ kind: 'done' });
    expect(await holders()).toEqual([three, two]);
    expect(calls('AssociateAddress')).toBe(sent);
    expect(world.journal.filter((entry) => entry.kind === 'moved' && entry.to === three)).toMatchObject([
      { address, from: one },
    ]);
  });

  it.each(['empty', 'failing'] as const)(
    'moves nothing and empties nothing on an %s DescribeInstances',
    async (how) => {
      const members = await threeMembers();
      const before = await world.zone(PUB);
      if (how === 'empty') for (const id of members) world.account.ec2.unlisted.add(id);
      else
        world.account.faults.add({ service: 'ec2', operation: 'DescribeInstances', effect: 'error-before', times: 99 });
      await world.advance(300);
      expect(calls('DescribeInstances')).toBeGreaterThan(3);
      expect(await holders()).toEqual(members.slice(0, 2));
      expect(await world.zone(PUB)).toEqual(before);
      expect(calls('AssociateAddress') + calls('DisassociateAddress')).toBe(0);
      expect(calls('ChangeResourceRecordSets')).toBe(0);
    },
  );
});

describe('many roles with an address each', () => {
  it('fail over at once at the pace that EC2 admits', async () => {
    const names = Array.from({ length: 26 }, (_none, index) => `mail${String(index).padStart(2, '0')}`);
    const roles = Object.fromEntries(
      names.map((role) => [role, { names: [{ zone: 'pub' }], elasticIp: { pool: role }, whenEmpty: 'keep' as const }]),
    );
    await open(1, { ...CONFIGURATION, roles });
    const first: string[] = [];
    for (const role of names) first.push(...(await world.launch(role)));
    await world.advance(60);
    for (const role of names) await world.launch(role);
    await world.advance(60);
    expect((await holders()).sort()).toEqual([...first].sort());
    world.account.forgetCalls();
    await world.terminate(...first);
    await world.advance(60);
    expect((await holders()).filter((id) => id === '-' || first.includes(id))).toEqual([]);
    const times = world.account.calls
      .filter(({ operation }) => operation === 'AssociateAddress')
      .map(({ atMs }) => atMs);
    expect(times).toHaveLength(26);
    expect((times[25] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(1_000);
    for (const atMs of times)
      expect(times.filter((other) => other >= atMs && other < atMs + 1_000).length).toBeLessThanOrEqual(25);
    expect(calls('ChangeResourceRecordSets')).toBe(0);
  });
});
