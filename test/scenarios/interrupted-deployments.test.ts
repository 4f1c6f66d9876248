import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import type { ClientCall } from '../../local/in-process.ts';
import type { InvocationContext } from '../../local/runtime/lambda-host.ts';
import { World } from '../../local/simulation/world.ts';
import { HeldCall } from './held-call.ts';

const INT = 'Z0INT';
const BOTH: Configuration = {
  owner: 'test',
  zones: { int: { name: 'corp.internal', id: INT, private: true } },
  roles: { cache: { names: [{ zone: 'int', name: '{role}-{ordinal}' }] }, web: 'int' },
};
const WEB_ALONE: Configuration = { ...BOTH, roles: { web: 'int' } };
const CACHE = 'cache-1.corp.internal A 60 10.0.0.11';
const WEB = 'web.corp.internal A 60 10.0.40.11';

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

/** The last thing that a deployment writes before the groups are woken. */
const isStored = ({ operation, parameters }: ClientCall): boolean => {
  const text = JSON.stringify(parameters);
  return operation === 'PutItem' && text.includes('"installation"') && !text.includes('changing');
};

/** A deployment is held up before the configuration is stored; a pass over the zone is not. */
async function deployBesidePass(
  before: Configuration,
  after: Configuration,
): Promise<{ readonly held: HeldCall; readonly updating: Promise<unknown> }> {
  const held = new HeldCall('Configure', isStored);
  world = await World.open(before, { hooks: held.hooks });
  await world.advance(5);
  await world.launch('cache');
  await world.advance(5);
  await world.launch('web');
  await world.advance(5);
  held.arm();
  const updating = world.update(after);
  // One that dies is never answered: CloudFormation gives it up long after the test.
  updating.catch(() => {});
  await world.advance(1);
  expect(held.isHolding).toBe(true);
  await world.another('Reconcile', {})(world.wakeUp(INT), {} as InvocationContext);
  return { held, updating };
}

describe('a role that a deployment takes away while a pass looks at its zone', () => {
  it('loses its names at once', async () => {
    const { held, updating } = await deployBesidePass(BOTH, WEB_ALONE);
    held.letGoOn();
    await updating;
    await world.advance(5);
    expect(await world.zone(INT)).toEqual([WEB]);
  });

  it('loses its names at once where the deployment dies as the configuration is stored', async () => {
    const { held } = await deployBesidePass(BOTH, WEB_ALONE);
    held.letGoOn({ dies: true });
    await world.advance(5);
    expect(await world.zone(INT)).toEqual([WEB]);
  });

  it('has its names again where the deployment died before that, and is taken back', async () => {
    await deployBesidePass(BOTH, WEB_ALONE);
    expect(await world.zone(INT)).toEqual([WEB]);
    await world.update(BOTH);
    await world.advance(5);
    expect(await world.zone(INT)).toEqual([CACHE, WEB]);
  });
});

describe('a role that a deployment brings, which dies before the configuration is stored', () => {
  it('is gone again where the deployment is taken back', async () => {
    await deployBesidePass(WEB_ALONE, BOTH);
    expect(await world.zone(INT)).toEqual([CACHE, WEB]);
    await world.update(WEB_ALONE);
    await world.advance(5);
    expect(await world.zone(INT)).toEqual([WEB]);
    await world.launch('cache');
    await world.advance(65);
    expect(await world.zone(INT)).toEqual([WEB]);
  });

  it('has its names where the same deployment is made again', async () => {
    await deployBesidePass(WEB_ALONE, BOTH);
    await world.update(BOTH);
    await world.advance(5);
    expect(await world.zone(INT)).toEqual([CACHE, WEB]);
  });
});
