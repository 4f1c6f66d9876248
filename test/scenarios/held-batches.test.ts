import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import type { ClientCall } from '../../local/in-process.ts';
import type { InvocationContext } from '../../local/runtime/lambda-host.ts';
import { World } from '../../local/simulation/world.ts';
import { HeldCall, isRoute53Write } from './held-call.ts';
import { retire } from './stack-deletion.ts';

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

async function openWith(held: HeldCall): Promise<void> {
  world = await World.open(CONFIGURATION, { hooks: held.hooks });
  await world.advance(5);
}

const isIntent = ({ parameters }: ClientCall): boolean => JSON.stringify(parameters).includes('2#intent#');

const readsSerial = ({ operation, parameters }: ClientCall): boolean =>
  operation === 'ListResourceRecordSets' && JSON.stringify(parameters).includes('_rolecall');

describe('a batch that is held up while all that it would do has become wrong', () => {
  it.each(['lives', 'dies'])('is not accepted any more: its Lambda %s', async (fate) => {
    const held = new HeldCall('Reconcile', isRoute53Write);
    await openWith(held);
    await world.launch('queue');
    await world.advance(5);
    held.arm();
    const [one = ''] = await world.launch('cache');
    await world.advance(5);
    await world.terminate(one);
    await world.advance(1);
    await world.another('Reconcile', {})(world.wakeUp(INT), {} as InvocationContext);
    held.letGoOn({ dies: fate === 'dies' });
    await world.advance(200);
    expect(await world.zone(INT)).toEqual(['queue.corp.internal A 60 10.0.0.11']);
  });

  it.each(['lives', 'dies'])('is not accepted as the first of a zone either: its Lambda %s', async (fate) => {
    const held = new HeldCall('Reconcile', isRoute53Write);
    await openWith(held);
    held.arm();
    const [one = ''] = await world.launch('cache');
    await world.advance(5);
    await world.terminate(one);
    await world.advance(1);
    await world.another('Reconcile', {})(world.wakeUp(INT), {} as InvocationContext);
    held.letGoOn({ dies: fate === 'dies' });
    await world.advance(200);
    expect(await world.zone(INT)).toEqual([]);
  });
});

describe('a pass that was refused, and is held up while it looks at the zone', () => {
  it('takes nothing for drift that another pass has written meanwhile', async () => {
    const written = new HeldCall('Reconcile', isRoute53Write);
    const looked = new HeldCall('Reconcile', readsSerial);
    const configuration: Configuration = { ...CONFIGURATION, defaults: { drift: 'report' } };
    world = await World.open(configuration, {
      hooks: (kind) => ({
        before: async (call) => {
          await written.hooks(kind).before?.(call);
          await looked.hooks(kind).before?.(call);
        },
      }),
    });
    const pass = () => world.another('Reconcile', {})(world.wakeUp(INT), {} as InvocationContext);
    await world.launch('cache');
    await world.advance(5);
    written.arm();
    await world.launch('cache');
    await world.advance(2);
    expect(written.isHolding).toBe(true);
    await pass();
    looked.arm();
    written.letGoOn();
    await world.advance(1);
    expect(looked.isHolding).toBe(true);
    await world.launch('cache');
    await world.advance(2);
    await pass();
    await world.launch('cache');
    await world.advance(2);
    looked.letGoOn();
    await world.advance(70);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.11 10.0.0.12 10.0.40.11 10.0.80.11']);
    expect(new Set(world.journal.map(({ kind }) => kind))).toEqual(new Set(['change']));
  });
});

describe('the deletion of the stack', () => {
  it('leaves nothing of a first batch that was planned before it and written down after it', async () => {
    const held = new HeldCall('Reconcile', isIntent);
    held.arm();
    await openWith(held);
    await world.launch('cache');
    await world.advance(3);
    expect(held.isHolding).toBe(true);
    await retire(world);
    held.letGoOn();
    await world.advance(90);
    expect(await world.zone(INT)).toEqual([]);
    expect(await world.serial(INT)).toBe(0);
  });
});
