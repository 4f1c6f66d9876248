import {
  AllocateAddressCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeAddressesCommand,
  DisassociateAddressCommand,
  ReleaseAddressCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration, RoleObject } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';

const PUB = 'Z0PUB';

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

function pooled(elasticIp: NonNullable<RoleObject['elasticIp']>): RoleObject {
  return { names: [{ zone: 'pub', name: '{role}{ordinal}' }], elasticIp };
}

function configuration(roles: Configuration['roles']): Configuration {
  return { owner: 'test', zones: { pub: { name: 'example.com', id: PUB } }, roles };
}

async function allocate(early: World, pool?: string): Promise<string> {
  const Tags = [{ Key: 'rolecall:pool', Value: pool ?? '' }];
  const tagged = pool === undefined ? {} : { TagSpecifications: [{ ResourceType: 'elastic-ip' as const, Tags }] };
  const { AllocationId = '' } = await early.user.ec2.send(new AllocateAddressCommand({ Domain: 'vpc', ...tagged }));
  return AllocationId;
}

/** A role `mail` with a pool of so many addresses by tag, and one holder. */
async function open(size: number, roles: Configuration['roles'] = {}): Promise<string> {
  world = await World.open(configuration({ mail: pooled({ pool: 'mail' }), ...roles }), {
    before: async (early) => {
      for (let count = 0; count < size; count += 1) await allocate(early, 'mail');
    },
  });
  await world.advance(5);
  const [one = ''] = await world.launch('mail');
  await world.advance(70);
  return one;
}

interface Shown {
  readonly AllocationId: string;
  readonly AssociationId: string;
  readonly PublicIp: string;
  readonly InstanceId: string;
}

/** In the order of their slots: by allocation id. */
async function addresses(): Promise<Shown[]> {
  const { Addresses = [] } = await world.user.ec2.send(new DescribeAddressesCommand({}));
  return Addresses.map(({ AllocationId = '', AssociationId = '', PublicIp = '', InstanceId }) => ({
    AllocationId,
    AssociationId,
    PublicIp,
    InstanceId: InstanceId || '-',
  })).sort((one, other) => (one.AllocationId < other.AllocationId ? -1 : 1));
}

async function first(): Promise<Shown> {
  const [shown] = await addresses();
  if (shown === undefined) throw new Error('there is no Elastic IP');
  return shown;
}

function calls(): number {
  return ['AssociateAddress', 'DisassociateAddress', 'AllocateAddress', 'ReleaseAddress']
    .flatMap((operation) => world.account.calls.filter((call) => call.operation === operation))
    .filter(({ caller }) => caller === 'Reconcile').length;
}

describe('an address of a pool that somebody disassociates', () => {
  it('is given to the holder of its slot again by the next sweep, by one call, and no record changes', async () => {
    const one = await open(1);
    const before = await world.zone(PUB);
    const { AssociationId } = await first();
    world.account.forgetCalls();
    await world.user.ec2.send(new DisassociateAddressCommand({ AssociationId }));
    await world.advance(70);
    expect((await first()).InstanceId).toBe(one);
    expect(calls()).toBe(1);
    expect(await world.zone(PUB)).toEqual(before);
    await world.advance(130);
    expect(calls()).toBe(1);
  });
});

describe('an address that somebody takes out of its pool', () => {
  it('by its tag leaves the name with the next sweep, and stays with the instance that has it', async () => {
    const one = await open(1);
    const { AllocationId, PublicIp } = await first();
    expect(await world.zone(PUB)).toEqual([`mail1.example.com A 60 ${PublicIp}`]);
    world.account.forgetCalls();
    await world.user.ec2.send(new DeleteTagsCommand({ Resources: [AllocationId], Tags: [{ Key: 'rolecall:pool' }] }));
    await world.advance(70);
    expect(await world.zone(PUB)).toEqual([]);
    expect((await first()).InstanceId).toBe(one);
    expect(calls()).toBe(0);
    expect(world.journal).toContainEqual(
      expect.objectContaining({ kind: 'withheld', role: 'mail', reason: 'pool-empty' }),
    );
  });

  it('leaves the others of the pool with their numbers', async () => {
    const one = await open(2);
    const [two = ''] = await world.launch('mail');
    await world.advance(70);
    const [, second] = await addresses();
    const { AllocationId } = await first();
    await world.user.ec2.send(new DeleteTagsCommand({ Resources: [AllocationId], Tags: [{ Key: 'rolecall:pool' }] }));
    await world.advance(70);
    expect(await world.zone(PUB)).toEqual([`mail2.example.com A 60 ${second?.PublicIp}`]);
    expect((await addresses()).map(({ InstanceId }) => InstanceId)).toEqual([one, two]);
  });

  it('by releasing it leaves the name with the next sweep, and the other goes to the member that lost it', async () => {
    const one = await open(2);
    const [left, kept] = await addresses();
    expect([left?.InstanceId, kept?.InstanceId]).toEqual([one, '-']);
    await world.user.ec2.send(new DisassociateAddressCommand({ AssociationId: left?.AssociationId }));
    await world.user.ec2.send(new ReleaseAddressCommand({ AllocationId: left?.AllocationId }));
    await world.advance(130);
    expect(await addresses()).toMatchObject([{ AllocationId: kept?.AllocationId, InstanceId: one }]);
    expect(await world.zone(PUB)).toEqual([`mail2.example.com A 60 ${kept?.PublicIp}`]);
  });

  it('and into the pool of another role is held there once its instance lets it go', async () => {
    const one = await open(1, { relay: pooled({ pool: 'relay' }) });
    const [relay = ''] = await world.launch('relay');
    await world.advance(10);
    const { AllocationId, PublicIp } = await first();
    const Tags = [{ Key: 'rolecall:pool', Value: 'relay' }];
    await world.user.ec2.send(new CreateTagsCommand({ Resources: [AllocationId], Tags }));
    await world.advance(130);
    expect((await first()).InstanceId).toBe(one);
    await world.terminate(one);
    await world.advance(70);
    expect((await first()).InstanceId).toBe(relay);
    expect(await world.zone(PUB)).toEqual([`relay1.example.com A 60 ${PublicIp}`]);
  });
});

describe('a pool by allocation ids', () => {
  it('has exactly those, tagged or not, and follows the configuration', async () => {
    const zones = { pub: { name: 'example.com', id: PUB } };
    const ids: string[] = [];
    world = await World.open(
      { owner: 'test', zones, roles: { web: 'pub' } },
      {
        before: async (early) => {
          ids.push(await allocate(early), await allocate(early, 'mail'), await allocate(early, 'mail'));
        },
      },
    );
    const [untagged = '', tagged = '', other = ''] = ids;
    const poolOf = (...allocationIds: string[]) => configuration({ web: 'pub', mail: pooled({ allocationIds }) });
    await world.update(poolOf(untagged));
    const [one = ''] = await world.launch('mail');
    await world.advance(10);
    const [two = ''] = await world.launch('mail');
    await world.advance(70);
    const holderOf = async (id: string) =>
      (await addresses()).find(({ AllocationId }) => AllocationId === id)?.InstanceId;
    expect([await holderOf(untagged), await holderOf(tagged), await holderOf(other)]).toEqual([one, '-', '-']);

    await world.update(poolOf(untagged, tagged));
    await world.advance(70);
    expect([await holderOf(untagged), await holderOf(tagged), await holderOf(other)]).toEqual([one, two, '-']);

    world.account.forgetCalls();
    await world.update(poolOf(tagged));
    await world.advance(70);
    expect([await holderOf(untagged), await holderOf(tagged), await holderOf(other)]).toEqual([one, two, '-']);
    expect(calls()).toBe(0);
    expect(await world.zone(PUB)).toHaveLength(1);
  });
});
