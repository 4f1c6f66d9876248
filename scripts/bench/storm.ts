import type { Configuration } from '../../lib/config/configuration.ts';
import type { ClientCall } from '../../local/in-process.ts';
import type { AcceptedBatch } from '../../local/route53/model.ts';
import { World } from '../../local/simulation/world.ts';
import { addressesIn, growthOf, launchInSubnets, until } from './fleet.ts';
import { figure, median, type Part, percentile, type Table, verdict } from './table.ts';

const ZONE_ID = 'Z0INT';
/** One sweep has found nothing to do. */
const REST_SECONDS = 90;
const CHANGES_AT_ONCE = 1_500;
const CHANGES_PER_SECOND = 100;
const HELD_BACK_SECONDS = 30;
/** As many as a record set may hold. */
const MEMBERS_OF_A_NAME = 400;
/** How long each call of a function takes: the account itself answers at once in virtual time. */
const ROUND_TRIP_MS: Readonly<Record<string, number>> = { dynamodb: 10, sqs: 10, ec2: 100, route53: 100 };

export const storm: Part = { name: 'storm', title: 'Storms of terminations', measure };

interface Fleet {
  readonly label: string;
  readonly size: number;
  readonly configuration: Configuration;
  /** Role to how many members. */
  readonly roles: Readonly<Record<string, number>>;
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

async function measure(): Promise<Table> {
  const fleets = [
    ...[1, 100, 1_000, 3_000, 10_000].map(ownNames),
    ...[1, 100, 1_000, 10_000].map((size) => sharedNames(size)),
    allMarkedFirst(sharedNames(10_000)),
  ];
  const rows: string[][] = [];
  for (const fleet of fleets) rows.push(await terminateAll(fleet));
  const seconds = ['first, s', 'p50, s', 'p99, s', 'last, s'];
  return {
    columns: ['Terminations at once', 'calls', 'throttled', ...seconds, 'elements', 'rate used', 'Budget', ''],
    rows,
  };
}

function ownNames(size: number): Fleet {
  return {
    label: `${figure(size)}, a name each`,
    size,
    configuration: inOneZone({ web: { names: [{ zone: 'int', name: '{instanceId}' }] } }),
    roles: { web: size },
    ...(size < 10_000
      ? {}
      : {
          budget: {
            text: '100 requests, 90 % used, first 2 s',
            holds: ({ accepted, refused, used, seconds }) =>
              accepted + refused <= 100 && used >= 0.9 && seconds.first <= 2,
          },
        }),
  };
}

function sharedNames(size: number): Fleet {
  const names = Array.from({ length: Math.ceil(size / MEMBERS_OF_A_NAME) }, (_, index) => `web${index}`);
  const membersOf = (index: number) => Math.min(MEMBERS_OF_A_NAME, size - index * MEMBERS_OF_A_NAME);
  return {
    label: `${figure(size)}, shared names`,
    size,
    configuration: inOneZone(Object.fromEntries(names.map((name) => [name, 'int']))),
    roles: Object.fromEntries(names.map((name, index) => [name, membersOf(index)])),
  };
}

function allMarkedFirst(fleet: Fleet): Fleet {
  return {
    ...fleet,
    label: `${fleet.label}, all marked before the first pass`,
    isHeldBack: true,
    budget: { text: '15 requests', holds: ({ accepted, refused }) => accepted + refused <= 15 },
  };
}

function inOneZone(roles: Configuration['roles']): Configuration {
  return { zones: { int: { name: 'corp.internal', id: ZONE_ID, private: true } }, roles };
}

/** Launches a fleet, without throttling as that alone would take most of the time, and terminates all of it in one call. */
async function terminateAll({ label, size, configuration, roles, isHeldBack, budget }: Fleet): Promise<string[]> {
  let isHeld = false;
  const world = await openWorld(configuration, () => isHeld);
  const instances: string[] = [];
  for (const [role, count] of Object.entries(roles)) instances.push(...(await launchInSubnets(world, role, count)));
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
