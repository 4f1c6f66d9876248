import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { HeldCall } from './held-call.ts';

const INT = 'Z0INT';
const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { int: { name: 'corp.internal', id: INT, private: true } },
  roles: { web: 'int' },
};
const BOTH = ['web.corp.internal A 60 10.0.0.11 10.0.0.12'];
const THE_OTHER = ['web.corp.internal A 60 10.0.0.12'];

let world: World;

afterEach(async () => {
  await world.close();
});

/** Two members; the sweep of the first minute is held up where it asks for the instances. */
async function openWith(held: HeldCall): Promise<string> {
  world = await World.open(CONFIGURATION, { hooks: held.hooks });
  await world.advance(5);
  const [one = ''] = await world.launch('web', { count: 2 });
  await world.advance(30);
  held.arm();
  await world.advance(35);
  expect(held.isHolding).toBe(true);
  expect(await world.zone(INT)).toEqual(BOTH);
  return one;
}

const isDescribe = ({ operation }: { readonly operation: string }) => operation === 'DescribeInstances';

describe('an instance that EC2 does not list to a sweep that was frozen', () => {
  it('is not absent where another sweep has begun since: the one that follows is the first that counts', async () => {
    const held = new HeldCall('Sweep', isDescribe);
    const one = await openWith(held);
    await world.advance(62);
    world.account.ec2.unlisted.add(one);
    held.letGoOn();
    await world.advance(60);
    expect(await world.zone(INT)).toEqual(BOTH);
    await world.advance(60);
    expect(await world.zone(INT)).toEqual(THE_OTHER);
  });

  it('is not absent after the sweep that follows soon on it', async () => {
    const held = new HeldCall('Sweep', isDescribe);
    const one = await openWith(held);
    await world.advance(30);
    world.account.ec2.unlisted.add(one);
    held.letGoOn();
    await world.advance(30);
    expect(await world.zone(INT)).toEqual(BOTH);
    await world.advance(60);
    expect(await world.zone(INT)).toEqual(THE_OTHER);
  });
});
