import { describe, expect, it } from 'vitest';
import { CHANGES } from './capability-changes.ts';
import { HOLDERS } from './capability-holders.ts';
import { NAMES } from './capability-names.ts';
import { Play } from './capability-play.ts';
import { STANDING } from './capability-standing.ts';

/** Each row: a configuration and a fleet; after each step what a DNS client is told, and the exact batches sent for it. */
describe('a role may have', () => {
  it.each([...NAMES, ...HOLDERS, ...CHANGES, ...STANDING])('$title', async (row) => {
    const play = await Play.open(row);
    for (const { event, answers, batches } of row.steps) {
      await play.carryOut(event);
      const told = Object.fromEntries(Object.keys(answers).map((question) => [question, play.answer(question)]));
      const sent = inAnyOrder(play.batches());
      expect({ event, answers: told, batches: sent }).toEqual({ event, answers, batches: inAnyOrder(batches) });
    }
    await play.world.closeCleanly();
  });
});

/** Zones are worked on side by side, and the order within a batch says nothing but that deletes come before creates. */
function inAnyOrder(batches: readonly (readonly string[])[]): string[][] {
  return batches
    .map((lines) => {
      const isDeletesFirst = lines.every((line, index) => line.startsWith('+') || !lines[index - 1]?.startsWith('+'));
      expect(isDeletesFirst).toBe(true);
      return [...lines].sort();
    })
    .sort((one, other) => (one.join() < other.join() ? -1 : 1));
}
