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
