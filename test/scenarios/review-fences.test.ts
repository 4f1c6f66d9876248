import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import type { InvocationContext } from '../../local/runtime/lambda-host.ts';
import { World, type WorldOptions } from '../../local/simulation/world.ts';

const INT = 'Z0INT';

const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { int: { name: 'corp.internal', id: INT, private: true } },
  roles: { cache: 'int', queue: 'int' },
};

let world: World;

afterEach(async () => {
  await world.close();
});

/** A world whose next batch to Route 53, once armed, waits at the door until it is let through or its Lambda is dead. */
async function openWithDoor(): Promise<{ arm: () => void; letThrough: () => void; thenDie: () => void }> {
  let release: () => void = () => {};
  let isArmed = false;
  let dies = false;
  const held = new WeakSet<object>();
  const options: WorldOptions = {
    hooks: (kind) => ({
      before: async (call) => {
        if (kind !== 'Reconcile' || call.operation !== 'ChangeResourceRecordSets' || !isArmed) return;
        isArmed = false;
        held.add(call);
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      },
      after: async (call) => {
        if (held.has(call) && dies) await new Promise<void>(() => {});
      },
    }),
  };
  world = await World.open(CONFIGURATION, options);
  await world.advance(5);
  return {
    arm: () => {
      isArmed = true;
    },
    letThrough: () => release(),
    thenDie: () => {
      dies = true;
    },
  };
}

describe('a batch that is held up while all that it would do has become wrong', () => {
  it.each(['lives', 'dies'])('is not accepted any more: its Lambda %s', async (fate) => {
    const door = await openWithDoor();
    await world.launch('queue');
    await world.advance(5);
    door.arm();
    const [one = ''] = await world.launch('cache');
    await world.advance(5);
    await world.terminate(one);
    await world.advance(1);
    await world.another('Reconcile', {})(world.wakeUp(INT), {} as InvocationContext);
    if (fate === 'dies') door.thenDie();
    door.letThrough();
    await world.advance(200);
    expect(await world.zone(INT)).toEqual(['queue.corp.internal A 60 10.0.0.11']);
  });

  it.each(['lives', 'dies'])('is not accepted as the first of a zone either: its Lambda %s', async (fate) => {
    const door = await openWithDoor();
    door.arm();
    const [one = ''] = await world.launch('cache');
    await world.advance(5);
    await world.terminate(one);
    await world.advance(1);
    await world.another('Reconcile', {})(world.wakeUp(INT), {} as InvocationContext);
    if (fate === 'dies') door.thenDie();
    door.letThrough();
    await world.advance(200);
    expect(await world.zone(INT)).toEqual([]);
  });
});

describe('a pass that goes on from an old view after another has found nothing to do', () => {
  it('leaves no address of an instance that is gone for longer than until the next sweep', async () => {
    let release: () => void = () => {};
    let isArmed = false;
    world = await World.open(CONFIGURATION, {
      hooks: (kind) => ({
        before: async ({ parameters }) => {
          if (kind !== 'Reconcile' || !isArmed || !JSON.stringify(parameters).includes('2#intent#')) return;
          isArmed = false;
          await new Promise<void>((resolve) => {
            release = resolve;
          });
        },
      }),
    });
    await world.advance(5);
    await world.launch('queue');
    await world.advance(5);
    isArmed = true;
    const [one = ''] = await world.launch('cache');
    await world.advance(5);
    expect(isArmed).toBe(false);
    await world.terminate(one);
    await world.advance(1);
    await world.another('Reconcile', {})(world.wakeUp(INT), {} as InvocationContext);
    release();
    await world.advance(62);
    expect(await world.zone(INT)).toEqual(['queue.corp.internal A 60 10.0.0.11']);
  });
});

describe('the deletion of the stack', () => {
  it('leaves nothing of a first batch that was planned before it and written down after it', async () => {
    let release: () => void = () => {};
    let isArmed = true;
    world = await World.open(CONFIGURATION, {
      hooks: (kind) => ({
        before: async ({ parameters }) => {
          if (kind !== 'Reconcile' || !isArmed || !JSON.stringify(parameters).includes('2#intent#')) return;
          isArmed = false;
          await new Promise<void>((resolve) => {
            release = resolve;
          });
        },
      }),
    });
    await world.advance(5);
    await world.launch('cache');
    await world.advance(3);
    expect(isArmed).toBe(false);
    await retire();
    release();
    await world.advance(90);
    expect(await world.zone(INT)).toEqual([]);
    expect(await world.serial(INT)).toBe(0);
  });
});

/** A Delete as CloudFormation sends it, where nobody takes the answer. */
async function retire(): Promise<void> {
  const request = {
    RequestType: 'Delete',
    ResponseURL: 'http://127.0.0.1:1/',
    StackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/Rolecall/1',
    RequestId: 'request',
    LogicalResourceId: 'Configuration',
    PhysicalResourceId: 'rolecall-configuration',
    ResourceProperties: {},
  };
  const handled = Promise.resolve(world.another('Configure', {})(request, {} as InvocationContext));
  await handled.catch(() => undefined);
}
