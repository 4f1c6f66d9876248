import { expect, it } from 'vitest';
import { createHistory } from '../../lib/aws/registry/history.ts';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { type Crash, crashing, WAYS } from './dying-calls.ts';

const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { int: { name: 'corp.internal', id: 'Z0INT', private: true } },
  roles: { cache: 'int' },
};

/** What the stored journal says of an instance that claims a role which nobody configured. */
async function play(crash?: Crash): Promise<{ readonly calls: number; readonly said: readonly string[] }> {
  const count = { calls: 0, isArmed: false };
  const world = await World.open(CONFIGURATION, { hooks: crashing(crash, count) });
  try {
    await world.advance(5);
    count.isArmed = true;
    await world.launch('nobody');
    await world.advance(5);
    const { calls } = count;
    await world.advance(crash === undefined ? 0 : 200);
    const table = world.stack.outputs['RegistryTable'] ?? '';
    const history = createHistory(world.user.dynamodb, { table }, world.timeline, { id: () => 'x' });
    const stored = await history.readJournal(0, world.timeline.now());
    return {
      calls,
      said: stored.flatMap(({ entry }) => (entry.kind === 'refused' ? [`${entry.role} ${entry.reason}`] : [])),
    };
  } finally {
    await world.close();
  }
}

it.each(WAYS)('a refused claim is said once, though a Lambda dies: %s the effect of any call', async (way) => {
  const { calls, said } = await play();
  expect(said).toEqual(['nobody unknown-role']);
  expect(calls).toBeGreaterThanOrEqual(4);
  const others: string[] = [];
  for (let call = 1; call <= calls; call += 1) {
    const outcome = await play({ call, way });
    if (outcome.said.join() !== said.join()) others.push(`${call}: ${outcome.said.join()}`);
  }
  expect(others).toEqual([]);
});
