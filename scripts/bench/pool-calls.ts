import { AllocateAddressCommand, CreateTagsCommand } from '@aws-sdk/client-ec2';
import { createRegistry } from '../../lib/aws/registry.ts';
import { World } from '../../local/simulation/world.ts';
import { type Budget, during, type Row } from './counting.ts';

const ADDRESSES = 2;
const MEMBERS = 3;
/** Until everything has settled that a change of the fleet sets off, sweeps among it. */
const REST_SECONDS = 130;
const NO_RECORD_CHANGES: Budget = { text: 'no record changes', holds: ({ writes }) => writes === 0 };

/** A pool of two addresses and three members: each way in which a holder may lose its address. */
export async function poolCalls(): Promise<Row[]> {
  const fleet = await openFleet('mail');
  const rows: Row[] = [];
  const lose = async (work: string, how: (holder: string) => Promise<unknown>, seconds: number) => {
    const from = await fleet.holder();
    await how(from);
    const counts = await during(fleet.world, seconds);
    await fleet.settled(from);
    rows.push({ work: `pool of 2, 3 members: ${work}`, counts, budget: NO_RECORD_CHANGES });
  };
  await lose('the holder is terminated', (holder) => fleet.world.terminate(holder), 5);
  await fleet.replace();
  await lose('the holder is stopped', (holder) => fleet.world.stop(holder), 5);
  await fleet.replace();
  await lose('the holder is drained, until it has', (holder) => drain(fleet.world, holder), 150);
  await fleet.replace();
  // The sweep finds the request, as no message wakes its group here.
  await lose('the holder is moved away from, as asked', () => fleet.askToMove(), 65);
  await fleet.world.closeCleanly();
  return [...rows, await addressFollows()];
}

/** Its members are in another role by their own public addresses: what EC2 takes from a new holder leaves that name. */
async function addressFollows(): Promise<Row> {
  const fleet = await openFleet('mail web');
  const from = await fleet.holder();
  const before = await fleet.world.zone('Z0PUB');
  await fleet.world.terminate(from);
  const counts = await during(fleet.world, 5);
  await fleet.settled(from);
  const after = await fleet.world.zone('Z0PUB');
  await fleet.world.closeCleanly();
  if (before.join() === after.join()) throw new Error('the name has not followed');
  const budget: Budget = { text: '1 write for the removal, 1 for the address', holds: ({ writes }) => writes <= 2 };
  return { work: 'the same with a second role by auto-assigned addresses: the holder is terminated', counts, budget };
}

async function drain(world: World, instance: string): Promise<void> {
  const Tags = [{ Key: 'rolecall:drain', Value: 'true' }];
  await world.user.ec2.send(new CreateTagsCommand({ Resources: [instance], Tags }));
}

async function openFleet(roles: string) {
  const world = await World.open(
    {
      zones: { pub: { name: 'example.com', id: 'Z0PUB' } },
      roles: {
        mail: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], elasticIp: { pool: 'mail' }, whenEmpty: 'keep' },
        web: 'pub',
      },
    },
    { before: async ({ user }) => await allocate(user) },
  );
  await world.launch(roles, { count: MEMBERS });
  await world.advance(REST_SECONDS);
  const registry = createRegistry(
    world.user.dynamodb,
    { table: world.stack.outputs['RegistryTable'] ?? '' },
    world.timeline,
    { id: () => 'bench' },
  );
  const slots = async () => (await registry.readRole('mail')).slots;
  const holders = async () => (await slots()).flatMap(({ holder }) => holder ?? []);
  return {
    world,
    holder: async () => (await holders())[0] ?? '',
    /** Throws where the address has not gone to another. */
    settled: async (former: string) => {
      const now = await holders();
      const associated = (await slots()).filter((slot) => slot.associated === slot.holder);
      if (now.length !== ADDRESSES || now.includes(former) || associated.length !== ADDRESSES)
        throw new Error(`the addresses are with ${now.join(' and ')}, after ${former}`);
    },
    replace: async () => {
      await world.launch(roles);
      await world.advance(REST_SECONDS);
    },
    askToMove: async () => {
      const [slot] = await slots();
      const { members } = await registry.readRole('mail');
      const seated = await holders();
      const to = members.find(
        ({ instanceId, phase, drains }) => phase === 'serving' && drains === undefined && !seated.includes(instanceId),
      );
      if (slot === undefined || to === undefined) throw new Error('there is nobody to move the address to');
      const atMs = world.timeline.now();
      const body = { kind: 'move', role: 'mail', to: to.instanceId, address: slot.allocationId } as const;
      await registry.putRequest({ id: 'move', group: 'addresses', atMs, expiresAtMs: atMs + 300_000, body });
    },
  };
}

async function allocate({ ec2 }: World['user']): Promise<void> {
  const Tags = [{ Key: 'rolecall:pool', Value: 'mail' }];
  const TagSpecifications = [{ ResourceType: 'elastic-ip' as const, Tags }];
  for (let count = 0; count < ADDRESSES; count += 1)
    await ec2.send(new AllocateAddressCommand({ Domain: 'vpc', TagSpecifications }));
}
