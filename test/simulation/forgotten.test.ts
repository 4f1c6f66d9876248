import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyOf } from '../../local/route53/resource-record-set.ts';
import { violationOf } from './checked.ts';
import { Invariants } from './invariants.ts';
import { forget, forgotten, member, nodes, say, tell, write } from './named-members.ts';
import { ZONES } from './setting.ts';
import type { World } from './world.ts';

let world: World;

beforeEach(async () => {
  world = await nodes();
});

afterEach(async () => {
  await world.close();
});

const complaint = () => violationOf(() => new Invariants(world).assertConverged());

describe('the checker of what the zones should hold, of the last member of a role, of whose end there is no proof', () => {
  it('lets its name have its private address as long as it is said that it stays', async () => {
    const last = await forgotten(world);
    expect(complaint()).toBe('9 convergence');
    say(world, last);
    expect(complaint()).toBe('none');
    say(world, last, { cleared: true });
    expect(complaint()).toBe('9 convergence');
  });

  it('does so where the name got the address after that end, but not of one that never had it', async () => {
    const last = await member(world);
    const another = await member(world);
    await forget(world, last);
    await forget(world, another);
    await write(world, 'DELETE', another.set);
    world.chronicle.entered(ZONES.int.id, keyOf(last.set), last.set.values[0] ?? '');
    say(world, { ...another, set: last.set });
    expect(complaint()).toBe('9 convergence');
    say(world, { ...another, set: last.set }, { cleared: true });
    say(world, last);
    expect(complaint()).toBe('none');
  });

  it('does not where a Lambda was told of the end', async () => {
    const last = await forgotten(world);
    say(world, last);
    tell(world, last);
    expect(complaint()).toBe('9 convergence');
  });

  it('does not where the role has a member', async () => {
    say(world, await forgotten(world));
    await member(world);
    expect(complaint()).toBe('9 convergence');
  });
});
