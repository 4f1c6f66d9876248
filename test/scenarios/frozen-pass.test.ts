import { afterEach, describe, expect, it } from 'vitest';
import { createRegistry } from '../../lib/aws/registry.ts';
import type { Configuration } from '../../lib/config/configuration.ts';
import type { CallHooks, ClientCall } from '../../local/in-process.ts';
import type { InvocationContext } from '../../local/runtime/lambda-host.ts';
import { type FunctionKind, World } from '../../local/simulation/world.ts';
import { HeldCall, isRoute53Write } from './held-call.ts';

const INT = 'Z0INT';
const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { int: { name: 'corp.internal', id: INT, private: true } },
  roles: { cache: 'int', queue: 'int', db: { names: [{ zone: 'int' }], holders: 1 } },
};
const QUEUE = 'queue.corp.internal A 60 10.0.0.11';

let world: World;

afterEach(async () => {
  await world.close();
});

const isIntent = ({ parameters }: ClientCall): boolean => JSON.stringify(parameters).includes('2#intent#');
const isSlot = ({ operation, parameters }: ClientCall): boolean =>
  operation === 'TransactWriteItems' && JSON.stringify(parameters).includes('slot#');
const isSettlement = (call: ClientCall): boolean =>
  call.operation === 'TransactWriteItems' && !isIntent(call) && JSON.stringify(call.parameters).includes('1#mark#');

/** One instance has its name in the zone already. */
async function openWith(...held: readonly HeldCall[]): Promise<string> {
  world = await World.open(CONFIGURATION, { hooks: (kind) => both(held, kind) });
  await world.advance(5);
  const [queue = ''] = await world.launch('queue');
  await world.advance(5);
  return queue;
}

function both(held: readonly HeldCall[], kind: FunctionKind): CallHooks {
  const hooks = held.map((each) => each.hooks(kind));
  return {
    before: async (call) => {
      for (const { before } of hooks) await before?.(call);
    },
  };
}

/** Another pass over the zone, beside the one that is held. */
async function anotherPass(hooks: CallHooks = {}): Promise<void> {
  await world.another('Reconcile', hooks)(world.wakeUp(INT), {} as InvocationContext);
}

/** All that the zone holds in the next seconds, each once. */
async function zoneFor(seconds: number): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  for (let tenth = 0; tenth < seconds * 10; tenth += 1) {
    await world.advance(0.1);
    seen.add((await world.zone(INT)).join(', '));
  }
  return seen;
}

const QUEUES = 'queue.corp.internal A 60 10.0.0.11 10.0.40.11';
const isAnswer = ({ parameters }: ClientCall): boolean => JSON.stringify(parameters).includes('SET #outcome');

/** Asks to give up a name, as `rolecall release` does. */
async function askToRelease(name: string): Promise<void> {
  const { dynamodb } = world.user;
  const table = world.stack.outputs['RegistryTable'] ?? '';
  const random = { id: () => 'r-1' };
  const registry = createRegistry(dynamodb, { table }, world.timeline, random);
  const atMs = world.timeline.now();
  const body = { kind: 'release', names: [name] } as const;
  await registry.putRequest({ id: 'r-1', group: INT, atMs, expiresAtMs: atMs + 60_000, body });
}

/** A pass is held, the name is given up by another that is held at its answer, and each goes on in turn; what the zone had then. */
async function releaseBeside(held: HeldCall): Promise<readonly string[]> {
  await openWith(held);
  held.arm();
  await world.launch('queue');
  await world.advance(5);
  await askToRelease('queue.corp.internal');
  const answer = new HeldCall('Reconcile', isAnswer);
  answer.arm();
  const released = anotherPass(answer.hooks('Reconcile'));
  await world.advance(1);
  expect([held.isHolding, answer.isHolding]).toEqual([true, true]);
  const before = await world.zone(INT);
  held.letGoOn();
  await world.advance(1);
  answer.letGoOn();
  await world.advance(1);
  await released;
  return before;
}

describe('a name that was given up', () => {
  it('is left as it is also by a pass that read the work before', async () => {
    await releaseBeside(new HeldCall('Reconcile', isIntent));
    expect([...(await zoneFor(70))]).toEqual([QUEUE]);
  });

  it('is given up only after a batch that was on its way, or instead of it', async () => {
    const before = await releaseBeside(new HeldCall('Reconcile', isRoute53Write));
    expect(before).toEqual([QUEUES]);
    expect([...(await zoneFor(70))]).toEqual([QUEUES]);
  });
});

/** The holder of an exclusive role stops, and the pass that would give its slot to the other member is held. */
async function frozenAtSeat(): Promise<{ readonly held: HeldCall; readonly holder: string }> {
  const held = new HeldCall('Reconcile', isSlot);
  await openWith(held);
  const [holder = ''] = await world.launch('db');
  await world.advance(10);
  await world.launch('db');
  await world.advance(10);
  held.arm();
  await world.stop(holder);
  await world.advance(5);
  return { held, holder };
}

describe('a pass that was frozen between what it read and what it writes', () => {
  it('adds nobody who ended meanwhile, where another pass found nothing to do', async () => {
    const held = new HeldCall('Reconcile', isIntent);
    await openWith(held);
    held.arm();
    const [one = ''] = await world.launch('cache');
    await world.advance(5);
    expect(held.isHolding).toBe(true);
    await world.terminate(one);
    await world.advance(1);
    await anotherPass();
    held.letGoOn();
    expect([...(await zoneFor(70))]).toEqual([QUEUE]);
  });

  it('takes out nobody who runs again, where another pass found nothing to do', async () => {
    const held = new HeldCall('Reconcile', isIntent);
    const queue = await openWith(held);
    held.arm();
    await world.stop(queue);
    await world.advance(5);
    expect(held.isHolding).toBe(true);
    expect(await world.zone(INT)).toEqual([QUEUE]);
    await world.start(queue);
    await world.advance(5);
    await anotherPass();
    held.letGoOn();
    expect([...(await zoneFor(70))]).toEqual([QUEUE]);
  });

  it('displaces no holder who runs again, where another pass found nothing to do', async () => {
    const { held, holder } = await frozenAtSeat();
    expect(held.isHolding).toBe(true);
    await world.start(holder);
    await world.advance(5);
    await anotherPass();
    held.letGoOn();
    expect([...(await zoneFor(70))]).toEqual([`db.corp.internal A 60 10.0.40.11, ${QUEUE}`]);
  });

  it('gives the slot of one who stays away to another', async () => {
    const { held } = await frozenAtSeat();
    held.letGoOn();
    await world.advance(1);
    expect(await world.zone(INT)).toEqual(['db.corp.internal A 60 10.0.80.11', QUEUE]);
  });

  it('writes what it planned, where no other pass was at work', async () => {
    const held = new HeldCall('Reconcile', isIntent);
    const queue = await openWith(held);
    held.arm();
    await world.terminate(queue);
    await world.advance(5);
    expect(await world.zone(INT)).toEqual([QUEUE]);
    held.letGoOn();
    await world.advance(0.1);
    expect(await world.zone(INT)).toEqual([]);
  });

  it('is seen by a pass that finds nothing to do, and read the work before it went on', async () => {
    const intent = new HeldCall('Reconcile', isIntent);
    const write = new HeldCall('Reconcile', isRoute53Write);
    await openWith(intent, write);
    intent.arm();
    const [one = ''] = await world.launch('cache');
    await world.advance(5);
    await world.terminate(one);
    await world.advance(1);
    const settlement = new HeldCall('Reconcile', isSettlement);
    settlement.arm();
    const settled = anotherPass(settlement.hooks('Reconcile'));
    await world.advance(1);
    expect(settlement.isHolding).toBe(true);
    write.arm();
    intent.letGoOn();
    await world.advance(1);
    expect(write.isHolding).toBe(true);
    settlement.letGoOn();
    await world.advance(1);
    await settled;
    write.letGoOn();
    expect([...(await zoneFor(70))]).toEqual([QUEUE]);
  });
});
