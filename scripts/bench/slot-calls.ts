import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { during, oneReadAndWrites, type Row, terminationBudget, zonesText } from './counting.ts';

/** Of roles with slots and no pool: numbered names, exclusive names. */
export async function slotCalls(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const zoneCount of [1, 2, 3]) rows.push(...(await numbered(zoneCount)));
  for (const zoneCount of [1, 2, 3]) rows.push(...(await exclusive(zoneCount)));
  return rows;
}

const ZONES: Configuration['zones'] = {
  pub: { name: 'example.com', id: 'Z0PUB' },
  int: { name: 'corp.internal', id: 'Z0INT', private: true },
  more: { name: 'example.net', id: 'Z0MORE' },
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
