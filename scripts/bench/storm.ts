import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Configuration } from '../../lib/config/configuration.ts';
import type { ClientCall } from '../../local/in-process.ts';
import type { AcceptedBatch } from '../../local/route53/model.ts';
import { World } from '../../local/simulation/world.ts';
import { addressesIn, growthOf, launchInSubnets, until } from './fleet.ts';
import { STORMS, type Storm } from './storms.ts';
import { figure, median, type Part, percentile, type Table, verdict } from './table.ts';

const run = promisify(execFile);
const ROW_SCRIPT = fileURLToPath(new URL('storm-row.ts', import.meta.url));
const ZONE_ID = 'Z0INT';
/** One sweep has found nothing to do. */
const REST_SECONDS = 90;
/** Several times what the longest takes: whoever gave up the table need not end the row too. */
const ROW_LIMIT_MS = 900_000;
const CHANGES_AT_ONCE = 1_500;
const CHANGES_PER_SECOND = 100;
const HELD_BACK_SECONDS = 30;
/** How long each call of a function takes: the account itself answers at once in virtual time. */
const ROUND_TRIP_MS: Readonly<Record<string, number>> = { dynamodb: 10, sqs: 10, ec2: 100, route53: 100 };

export const storm: Part = { name: 'storm', title: 'Storms of terminations', limitSeconds: 1500, measure };

interface Fleet extends Storm {
  /** Nothing is written before all of it is marked. */
  readonly isHeldBack?: true;
  readonly budget?: { readonly text: string; readonly holds: (figures: Figures) => boolean };
}

interface Figures {
  readonly accepted: number;
  readonly refused: number;
  readonly elements: number;
  /** Of the changes that the bucket had to give until the last was accepted. */
  readonly used: number;
  readonly seconds: { readonly first: number; readonly p50: number; readonly p99: number; readonly last: number };
}

async function measure(progress: (done: string) => void): Promise<Table> {
  const rows: string[][] = [];
  for (const [index, { label }] of STORM_FLEETS.entries()) {
    const { stdout } = await run(process.execPath, ['--import', 'tsx', ROW_SCRIPT, String(index)], {
      timeout: ROW_LIMIT_MS,
    });
    rows.push(cells(stdout));
    progress(label);
  }
  const seconds = ['first, s', 'p50, s', 'p99, s', 'last, s'];
  return {
    columns: ['Terminations at once', 'calls', 'throttled', ...seconds, 'elements', 'rate used', 'Budget', ''],
    rows,
  };
}

function cells(stdout: string): string[] {
  const read: unknown = JSON.parse(stdout);
  if (!Array.isArray(read)) throw new Error(`a row of cells was expected, not ${stdout}`);
  return read.map(String);
}

const OWN_NAMES_BUDGET: NonNullable<Fleet['budget']> = {
  text: '100 requests, 90 % used, first 2 s',
  holds: ({ accepted, refused, used, seconds }) => accepted + refused <= 100 && used >= 0.9 && seconds.first <= 2,
};

const ALL_MARKED_BUDGET: NonNullable<Fleet['budget']> = {
  text: '15 requests',
  holds: ({ accepted, refused }) => accepted + refused <= 15,
};

const LARGEST = 10_000;

/** Each storm; the largest that has shared names once more with nothing written before all of it is marked. */
export const STORM_FLEETS: readonly Fleet[] = STORMS.flatMap((each): Fleet[] => {
  if (each.size < LARGEST) return [each];
  if (each.membersOfAName === 1) return [{ ...each, budget: OWN_NAMES_BUDGET }];
  const label = `${each.label}, all marked before the first pass`;
  return [each, { ...each, label, isHeldBack: true, budget: ALL_MARKED_BUDGET }];
});

/** Role to how many members. */
function rolesOf({ size, membersOfAName }: Storm): Readonly<Record<string, number>> {
  if (membersOfAName === 1) return { web: size };
  const count = Math.ceil(size / membersOfAName);
  const membersOf = (index: number) => Math.min(membersOfAName, size - index * membersOfAName);
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`web${index}`, membersOf(index)]));
}

function configurationOf(fleet: Storm): Configuration {
  if (fleet.membersOfAName === 1) return inOneZone({ web: { names: [{ zone: 'int', name: '{instanceId}' }] } });
  return inOneZone(Object.fromEntries(Object.keys(rolesOf(fleet)).map((role) => [role, 'int'])));
}

function inOneZone(roles: Configuration['roles']): Configuration {
  return { zones: { int: { name: 'corp.internal', id: ZONE_ID, private: true } }, roles };
}

/** Launches a fleet, without throttling as that alone would take most of the time, and terminates all of it in one call. */
export async function terminateAll(fleet: Fleet): Promise<string[]> {
  const { label, size, isHeldBack, budget } = fleet;
  let isHeld = false;
  const world = await openWorld(configurationOf(fleet), () => isHeld);
  const instances: string[] = [];
  for (const [role, count] of Object.entries(rolesOf(fleet)))
    instances.push(...(await launchInSubnets(world, role, count)));
  await until(world, () => addressesIn(world) === size);
  await world.advance(REST_SECONDS);
  world.account.route53.throttling = true;
  world.account.forgetCalls();
  const batchesBefore = world.account.route53.batches.length;
  isHeld = isHeldBack === true;
  let startedAtMs = world.timeline.now();
  await world.terminate(...instances);
  if (isHeldBack === true) {
    await world.advance(HELD_BACK_SECONDS);
    isHeld = false;
    startedAtMs = world.timeline.now();
  }
  await until(world, () => addressesIn(world) === 0);
  const sent = world.account.callCount('route53', 'ChangeResourceRecordSets');
  const batches = world.account.route53.batches.slice(batchesBefore);
  await world.closeCleanly();
  const figures = figuresOf(batches, sent, startedAtMs);
  return [label, ...cellsOf(figures), budget?.text ?? '–', verdict(budget?.holds(figures))];
}

/** Calls take their time once the stack is there: nothing advances the clock before. */
async function openWorld(configuration: Configuration, isHeld: () => boolean): Promise<World> {
  let opened: World | undefined;
  const pause = async ({ service }: ClientCall) => await opened?.timeline.sleep(ROUND_TRIP_MS[service] ?? 0);
  opened = await World.open(configuration, {
    hooks: (kind) => ({
      before: async (call) => {
        if (kind === 'Reconcile' && isHeld()) throw Object.assign(new Error('held back'), { name: 'TimeoutError' });
        await pause(call);
      },
    }),
  });
  return opened;
}

function figuresOf(batches: readonly AcceptedBatch[], sent: number, startedAtMs: number): Figures {
  const removals = batches
    .map((batch) => ({ removed: -growthOf(batch), seconds: (batch.atMs - startedAtMs) / 1000 }))
    .filter(({ removed }) => removed > 0);
  const times = removals.flatMap(({ removed, seconds }) => Array<number>(removed).fill(seconds));
  const elements = batches.reduce((sum, { changes }) => sum + elementsOf(changes), 0);
  const changes = batches.reduce((sum, batch) => sum + batch.changes.length, 0);
  const last = times.at(-1) ?? Number.NaN;
  return {
    accepted: batches.length,
    refused: sent - batches.length,
    elements: elements / batches.length,
    used: changes / (CHANGES_AT_ONCE + CHANGES_PER_SECOND * last),
    seconds: { first: times[0] ?? Number.NaN, p50: median(times), p99: percentile(times, 0.99), last },
  };
}

function cellsOf({ accepted, refused, elements, used, seconds }: Figures): string[] {
  return [
    ...[accepted + refused, refused, seconds.first, seconds.p50, seconds.p99, seconds.last, elements].map(figure),
    `${Math.round(used * 100)} %`,
  ];
}

function elementsOf(changes: AcceptedBatch['changes']): number {
  return changes.reduce((sum, { set }) => sum + set.values.length, 0);
}
