import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import {
  type Budget,
  during,
  ONE_READ,
  oneReadAndWrites,
  type Row,
  TERMINATED_BUDGET,
  terminationBudget,
  zonesText,
} from './counting.ts';
import { hookCalls } from './hook-calls.ts';
import { poolCalls } from './pool-calls.ts';
import { slotCalls } from './slot-calls.ts';
import { figure, type Part, type Table, verdict } from './table.ts';

export const calls: Part = { name: 'calls', title: 'Calls per event', limitSeconds: 300, measure };

async function measure(progress: (done: string) => void): Promise<Table> {
  const rows: Row[] = [];
  for (const [what, count] of Object.entries(COUNTS)) {
    rows.push(...(await count()));
    progress(what);
  }
  return {
    columns: ['Work', 'EC2', 'Route 53 reads', 'Route 53 writes', 'DynamoDB', 'SQS', 'Auto Scaling', 'Budget', ''],
    rows: rows.map(({ work, counts, budget }) => [
      work,
      ...[counts.ec2, counts.reads, counts.writes, counts.dynamodb, counts.sqs, counts.autoScaling].map(figure),
      budget?.text ?? '–',
      verdict(budget?.holds(counts)),
    ]),
  };
}

const COUNTS: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  'one life': oneLife,
  'terminations in 1 zone': () => terminations(1),
  'terminations in 2 zones': () => terminations(2),
  'terminations in 3 zones': () => terminations(3),
  'a spot warning': spotDrain,
  slots: slotCalls,
  pools: poolCalls,
  hooks: hookCalls,
  'an idle sweep over 5 instances': async () => [await idleSweep(5)],
  'an idle sweep over 1,000 instances': async () => [await idleSweep(1000)],
};

const ZONES: Configuration['zones'] = {
  pub: { name: 'example.com', id: 'Z0PUB' },
  int: { name: 'corp.internal', id: 'Z0INT', private: true },
  more: { name: 'example.net', id: 'Z0MORE' },
};

function zones(count: number): Configuration {
  const keys = Object.keys(ZONES).slice(0, count);
  return {
    zones: Object.fromEntries(Object.entries(ZONES).slice(0, count)),
    roles: { web: { names: keys.map((zone) => ({ zone })) } },
  };
}

/** A launch, a stop and a start in a public and a private zone that have already been written to. */
async function oneLife(): Promise<Row[]> {
  const world = await World.open(zones(2));
  await world.launch('web');
  await world.advance(10);
  const rows: Row[] = [];
  const [one = ''] = await world.launch('web');
  rows.push({ work: 'launch: tags and `pending`, one batch', counts: await during(world, 0.6), budget: ONE_READ });
  rows.push({ work: 'launch: `running`, 2 zones', counts: await during(world, 4), budget: oneReadAndWrites(2) });
  await world.stop(one);
  rows.push({ work: 'stop: `stopping`, 2 zones', counts: await during(world, 1) });
  rows.push({ work: 'stop: `stopped`', counts: await during(world, 4) });
  await world.start(one);
  rows.push({ work: 'start: `pending`', counts: await during(world, 0.6), budget: ONE_READ });
  rows.push({ work: 'start: `running`, 2 zones', counts: await during(world, 4), budget: oneReadAndWrites(2) });
  await world.closeCleanly();
  return rows;
}

async function terminations(zoneCount: number): Promise<Row[]> {
  const world = await World.open(zones(zoneCount));
  const [one = ''] = await world.launch('web', { count: 2 });
  await world.advance(10);
  await world.terminate(one);
  const budget = terminationBudget(zoneCount);
  const afterwards = TERMINATED_BUDGET;
  const where = zonesText(zoneCount);
  const rows: Row[] = [
    { work: `termination: \`shutting-down\`, ${where}`, counts: await during(world, 1), budget },
    { work: `termination: \`terminated\`, ${where}`, counts: await during(world, 4), budget: afterwards },
  ];
  await world.closeCleanly();
  return rows;
}

/** A spot warning takes a member out; the rest is waiting for INSYNC and the TTL. */
async function spotDrain(): Promise<Row[]> {
  const world = await World.open(zones(1));
  const [one = ''] = await world.launch('web', { count: 2 });
  await world.advance(10);
  world.account.ec2.interruptSpot(one);
  const withdrawn = await during(world, 0.9);
  const waited = await during(world, 100);
  await world.closeCleanly();
  if (!world.journal.some(({ kind }) => kind === 'drained')) throw new Error('the member has not drained');
  const budget: Budget = { text: '0 EC2, 1 write', holds: ({ ec2, writes }) => ec2 === 0 && writes <= 1 };
  const afterwards: Budget = { text: '0 EC2, no write', holds: ({ ec2, writes }) => ec2 + writes === 0 };
  return [
    { work: 'spot warning, 1 zone: out of its name', counts: withdrawn, budget },
    { work: 'spot warning, 1 zone: until it has drained', counts: waited, budget: afterwards },
  ];
}

/** One zone, a name for each instance, so that the zone has as many pages as there are instances for. */
async function idleSweep(instances: number): Promise<Row> {
  const world = await World.open({
    zones: { int: { name: 'corp.internal', id: 'Z0INT', private: true } },
    roles: { web: { names: [{ zone: 'int', name: '{instanceId}' }] } },
  });
  await world.launch('web', { count: instances });
  // Longer than all of them take, and up to the middle between two sweeps.
  await world.advance(150);
  const counts = await during(world, 60, () => true);
  const published = (await world.zone('Z0INT')).length;
  await world.closeCleanly();
  if (published === 0) throw new Error('nothing was published');
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const most = Math.floor((4 * instances) / 1000) + 4 + 10;
  const budget: Budget = { text: `${most} in all`, holds: () => total <= most };
  return { work: `idle sweep, ${figure(instances)} instances, 1 zone`, counts, budget };
}
