import { AllocateAddressCommand } from '@aws-sdk/client-ec2';
import { createRegistry } from '../../lib/aws/registry.ts';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { type Budget, during, oneReadAndWrites, type Row, terminationBudget, zonesText } from './counting.ts';

/** Of roles with slots: numbered names, exclusive names, a pool of Elastic IPs. */
export async function slotCalls(): Promise<Row[]> {
  return [
    ...(await numbered(1)),
    ...(await numbered(2)),
    ...(await exclusive(1)),
    ...(await exclusive(2)),
    ...(await pool()),
  ];
}

const ZONES: Configuration['zones'] = {
  pub: { name: 'example.com', id: 'Z0PUB' },
  int: { name: 'corp.internal', id: 'Z0INT', private: true },
};

function zones(count: number): Configuration['zones'] {
  return Object.fromEntries(Object.entries(ZONES).slice(0, count));
}

async function numbered(zoneCount: number): Promise<Row[]> {
  const used = zones(zoneCount);
  const names = Object.keys(used).map((zone) => ({ zone, name: 'web{ordinal}' }));
  const world = await World.open({ zones: used, roles: { web: { names } } });
  await world.launch('web', { count: 2 });
  await world.advance(10);
  const [one = ''] = await world.launch('web');
  await world.advance(0.6);
  const where = zonesText(zoneCount);
  const launched = await during(world, 4);
  await world.terminate(one);
  const left = await during(world, 1);
  await world.closeCleanly();
  return [
    { work: `numbered names, ${where}: \`running\``, counts: launched, budget: oneReadAndWrites(zoneCount) },
    { work: `numbered names, ${where}: \`shutting-down\``, counts: left, budget: terminationBudget(zoneCount) },
  ];
}

/** The holder goes, and the one that stood by takes its names in the same write. */
async function exclusive(zoneCount: number): Promise<Row[]> {
  const used = zones(zoneCount);
  const names = Object.keys(used).map((zone) => ({ zone }));
  const world = await World.open({ zones: used, roles: { db: { names, holders: 1 } } });
  const [one = ''] = await world.launch('db');
  await world.advance(10);
  await world.launch('db');
  await world.advance(10);
  await world.terminate(one);
  const counts = await during(world, 1);
  await world.closeCleanly();
  const work = `exclusive name, ${zonesText(zoneCount)}: \`shutting-down\`, another takes it`;
  return [{ work, counts, budget: terminationBudget(zoneCount) }];
}

/** The one address of a pool is moved as asked; then its holder is terminated while the other stands by. */
async function pool(): Promise<Row[]> {
  const world = await World.open(
    {
      zones: zones(1),
      roles: {
        mail: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], elasticIp: { pool: 'mail' }, whenEmpty: 'keep' },
      },
    },
    {
      before: async ({ user }) => {
        const Tags = [{ Key: 'rolecall:pool', Value: 'mail' }];
        const TagSpecifications = [{ ResourceType: 'elastic-ip' as const, Tags }];
        await user.ec2.send(new AllocateAddressCommand({ Domain: 'vpc', TagSpecifications }));
      },
    },
  );
  await world.launch('mail');
  await world.advance(10);
  const [next = ''] = await world.launch('mail');
  await world.advance(10);
  const table = world.stack.outputs['RegistryTable'] ?? '';
  const registry = createRegistry(world.user.dynamodb, { table }, world.timeline, { id: () => 'bench' });
  const atMs = world.timeline.now();
  const body = { kind: 'move', role: 'mail', to: next } as const;
  await registry.putRequest({ id: 'move', group: 'addresses', atMs, expiresAtMs: atMs + 300_000, body });
  // The sweep finds the request, as no message wakes its group here.
  const move = await during(world, 65);
  await world.advance(5);
  await world.terminate(next);
  const failover = await during(world, 5);
  await world.closeCleanly();
  const moved = world.journal.filter(({ kind }) => kind === 'moved').length;
  if (moved !== 3) throw new Error(`the address moved ${moved} times, not three times`);
  const budget: Budget = { text: 'no record changes', holds: ({ writes }) => writes === 0 };
  return [
    { work: 'Elastic IP move, as asked', counts: move, budget },
    { work: 'Elastic IP failover, from `shutting-down` on', counts: failover, budget },
  ];
}
