import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forgotten, member, nodes, say, tell, write } from './named-members.ts';
import { Stillness } from './stillness.ts';
import { Violated, type World } from './world.ts';

let world: World;

beforeEach(async () => {
  world = await nodes();
});

afterEach(async () => {
  await world.close();
});

function complaintOf(check: () => void): string {
  try {
    check();
  } catch (error) {
    if (error instanceof Violated) return error.message;
    throw error;
  }
  return 'none';
}

const LATE = 'when events came again';

describe('the checker of stillness', () => {
  it('complains of any batch, and of any news', async () => {
    const one = await member(world);
    const stillness = new Stillness(world);
    expect(complaintOf(() => stillness.assertHeld(LATE))).toBe('none');
    say(world, one, { cleared: true });
    expect(complaintOf(() => stillness.assertHeld(LATE))).toContain('is news when events came again');
    await write(world, 'DELETE', one.set);
    expect(complaintOf(() => stillness.assertHeld(LATE))).toBe('9 then zero changes: 1 batches when events came again');
  });

  it('lets the last trace of one go, with a word, of whose end an event is the first that tells', async () => {
    const one = await forgotten(world);
    say(world, one);
    const stillness = new Stillness(world);
    tell(world, one);
    await write(world, 'DELETE', one.set);
    say(world, one, { cleared: true });
    expect(complaintOf(() => stillness.assertHeld(LATE))).toBe('none');
  });

  it('complains where nobody was told of that end', async () => {
    const one = await forgotten(world);
    say(world, one);
    const stillness = new Stillness(world);
    await write(world, 'DELETE', one.set);
    expect(complaintOf(() => stillness.assertHeld(LATE))).toContain('1 batches');
  });

  it('complains where anything else goes besides', async () => {
    const one = await forgotten(world);
    say(world, one);
    const stillness = new Stillness(world);
    tell(world, one);
    await write(world, 'DELETE', one.set);
    await write(world, 'CREATE', { ...one.set, ttlSeconds: 61 });
    expect(complaintOf(() => stillness.assertHeld(LATE))).toContain('1 batches');
  });

  it('lets a claim go that was refused to one of whose end an event is the first that tells, and to no other', async () => {
    const one = await forgotten(world);
    say(world, one);
    const known = await forgotten(world);
    tell(world, known);
    const stillness = new Stillness(world);
    tell(world, one);
    const refused = { kind: 'refused', reason: 'not-allowed', role: 'node' } as const;
    world.journal.push({ ...refused, instance: one.id, cleared: true });
    expect(complaintOf(() => stillness.assertHeld(LATE))).toBe('none');
    world.journal.push({ ...refused, instance: known.id, cleared: true });
    expect(complaintOf(() => stillness.assertHeld(LATE))).toContain('is news when events came again');
  });
});
