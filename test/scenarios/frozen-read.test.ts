import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { HeldCall } from './held-call.ts';

const INT = 'Z0INT';
const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { int: { name: 'corp.internal', id: INT, private: true } },
  roles: { cache: 'int', db: 'int' },
};
const FROZEN_S = 200;

let world: World;
let skewMs = 0;
let held: HeldCall;

afterEach(async () => {
  await world.close();
});

/** Of Lambdas that read EC2, one whose clock is ahead may be frozen when it is about to store what it read. */
async function open(): Promise<void> {
  skewMs = 0;
  held = new HeldCall('Observe', ({ operation }) => operation === 'TransactWriteItems');
  world = await World.open(CONFIGURATION, {
    hooks: held.hooks,
    skewMs: (kind) => (kind === 'Observe' ? skewMs : 0),
  });
  await world.advance(5);
}

/** Its clock is ahead while it reads, as that of another is not. */
async function freezeOneThatIsAhead(): Promise<void> {
  skewMs = 3_000;
  held.arm();
  for (let steps = 0; steps < 40 && !held.isHolding; steps += 1) await world.advance(0.05);
  expect(held.isHolding).toBe(true);
  skewMs = 0;
}

async function thaw(): Promise<void> {
  await world.advance(FROZEN_S);
  held.letGoOn();
}

/** What the zone holds in each second of the next minute and a half. */
async function seen(): Promise<string[]> {
  const found = new Set<string>();
  for (let seconds = 0; seconds < 90; seconds += 1) {
    await world.advance(1);
    found.add((await world.zone(INT)).join(', '));
  }
  return [...found];
}

describe('a Lambda that was frozen for minutes with a read in hand', () => {
  it('does not take out by it who has changed since, though its clock was ahead', async () => {
    await open();
    const [one = ''] = await world.launch('cache');
    await world.advance(70);
    await world.tag(one, 'other');
    await freezeOneThatIsAhead();
    await world.tag(one, 'db');
    await world.advance(70);
    expect(await world.zone(INT)).toEqual(['db.corp.internal A 60 10.0.0.11']);
    await thaw();
    expect(await seen()).toEqual(['db.corp.internal A 60 10.0.0.11']);
  });

  it('does not make pending who was read to run, though its clock was ahead', async () => {
    await open();
    void world.launch('cache');
    await freezeOneThatIsAhead();
    await world.advance(70);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.11']);
    await thaw();
    expect(await seen()).toEqual(['cache.corp.internal A 60 10.0.0.11']);
  });

  it('reads once more, and goes by that', async () => {
    await open();
    const [one = ''] = await world.launch('cache');
    await world.advance(70);
    await world.tag(one, 'other');
    await freezeOneThatIsAhead();
    await world.tag(one, 'db');
    await world.advance(2);
    const before = world.account.callCount('ec2', 'DescribeInstances');
    await world.advance(6);
    held.letGoOn();
    await world.advance(3);
    expect(world.account.callCount('ec2', 'DescribeInstances') - before).toBe(1);
  });
});
