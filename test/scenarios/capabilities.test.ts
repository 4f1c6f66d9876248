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
      expect({ event, answers: told, batches: play.batches() }).toEqual({ event, answers, batches });
    }
    await play.world.closeCleanly();
  });
});
