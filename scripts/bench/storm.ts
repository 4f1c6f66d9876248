import type { Configuration } from '../../lib/config/configuration.ts';
import type { ClientCall } from '../../local/in-process.ts';
import type { AcceptedBatch } from '../../local/route53/model.ts';
import { World } from '../../local/simulation/world.ts';
import { figure, type Part, type Table } from './table.ts';

const ZONE_ID = 'Z0INT';
const MEMBERS_OF_A_SHARED_NAME = 200;
/** The buckets of "Quotas" (Amazon Route 53 Developer Guide) are full again after less. */
const REST_SECONDS = 90;
const PATIENCE_SECONDS = 900;
/** How long each call of a function takes: the account itself answers at once in virtual time. */
const ROUND_TRIP_MS: Readonly<Record<string, number>> = { dynamodb: 10, sqs: 10, ec2: 100, route53: 100 };

export const storm: Part = { name: 'storm', title: 'Storms of terminations', measure };

interface Fleet {
  readonly label: string;
  readonly size: number;
  readonly configuration: Configuration;
  /** Role to how many members. */
  readonly roles: Readonly<Record<string, number>>;
}

async function measure(): Promise<Table> {
  const fleets = [...[1, 100, 1_000, 3_000].map(ownNames), ...[200, 1_000].map(sharedNames)];
  const rows: string[][] = [];
  for (const fleet of fleets) rows.push(await terminateAll(fleet));
  return {
    columns: ['Terminations at once', 'accepted', 'refused', 'elements a request', 'first, s', 'half, s', 'last, s'],
    rows,
  };
}

function ownNames(size: number): Fleet {
  return {
    label: `${figure(size)}, a name each`,
    size,
    configuration: inOneZone({ web: { names: [{ zone: 'int', name: '{instanceId}' }] } }),
    roles: { web: size },
  };
}

function sharedNames(size: number): Fleet {
  const names = Array.from({ length: size / MEMBERS_OF_A_SHARED_NAME }, (_, index) => `web${index}`);
  return {
    label: `${figure(size)}, ${names.length} shared name${names.length === 1 ? '' : 's'}`,
    size,
    configuration: inOneZone(Object.fromEntries(names.map((name) => [name, 'int']))),
    roles: Object.fromEntries(names.map((name) => [name, MEMBERS_OF_A_SHARED_NAME])),
  };
}

function inOneZone(roles: Configuration['roles']): Configuration {
  return { zones: { int: { name: 'corp.internal', id: ZONE_ID, private: true } }, roles };
}

/** Launches a fleet, rests until the buckets are full, and terminates all of it in one call. */
async function terminateAll({ label, size, configuration, roles }: Fleet): Promise<string[]> {
  const world = await openWorld(configuration);
  const instances: string[] = [];
  for (const [role, count] of Object.entries(roles))
    instances.push(...(await world.launch(role, { count, publicAddress: false })));
  await until(world, () => addressesIn(world) === size);
  await world.advance(REST_SECONDS);
  world.account.forgetCalls();
  const batchesBefore = world.account.route53.batches.length;
  const startedAtMs = world.timeline.now();
  await world.terminate(...instances);
  await until(world, () => addressesIn(world) === 0);
  const sent = world.account.callCount('route53', 'ChangeResourceRecordSets');
  const batches = world.account.route53.batches.slice(batchesBefore);
  await world.closeCleanly();
  return [label, ...figuresOf(batches, sent, startedAtMs)];
}

/** Calls take their time once the stack is there: nothing advances the clock before. */
async function openWorld(configuration: Configuration): Promise<World> {
  let opened: World | undefined;
  const pause = async ({ service }: ClientCall) => await opened?.timeline.sleep(ROUND_TRIP_MS[service] ?? 0);
  opened = await World.open(configuration, { route53: { throttling: true }, hooks: () => ({ before: pause }) });
  return opened;
}

function figuresOf(batches: readonly AcceptedBatch[], sent: number, startedAtMs: number): string[] {
  const removals = batches
    .map((batch) => ({ removed: -growthOf(batch), seconds: (batch.atMs - startedAtMs) / 1000 }))
    .filter(({ removed }) => removed > 0);
  const total = removals.reduce((sum, { removed }) => sum + removed, 0);
  let gone = 0;
  const half = removals.find(({ removed }) => {
    gone += removed;
    return gone * 2 >= total;
  });
  const elements = batches.reduce((sum, { changes }) => sum + elementsOf(changes), 0);
  return [
    figure(batches.length),
    figure(sent - batches.length),
    figure(elements / batches.length),
    ...[removals[0], half, removals.at(-1)].map((each) => figure(each?.seconds ?? Number.NaN)),
  ];
}

function elementsOf(changes: AcceptedBatch['changes']): number {
  return changes.reduce((sum, { set }) => sum + set.values.length, 0);
}

/** By how many addresses the zone grew. */
function growthOf({ changes }: AcceptedBatch): number {
  return changes
    .filter(({ set }) => set.type === 'A')
    .reduce((sum, { action, set }) => (action === 'DELETE' ? sum - set.values.length : sum + set.values.length), 0);
}

function addressesIn(world: World): number {
  return world.account.route53.batches.reduce((sum, batch) => sum + growthOf(batch), 0);
}

async function until(world: World, isReached: () => boolean): Promise<void> {
  for (let seconds = 0; !isReached(); seconds += 1) {
    if (seconds > PATIENCE_SECONDS)
      throw new Error(`the zone holds ${addressesIn(world)} addresses and no change comes`);
    await world.advance(1);
  }
}
