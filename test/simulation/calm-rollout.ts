import type { Chance } from './chance.ts';
import { launch, restart, terminate } from './people.ts';
import type { World } from './world.ts';

/** Two sweeps, and what they put off. */
const AFTERWARDS_S = 150;
const DEEDS = { launch, restart, terminate };

/**
 * When all is calm another version is rolled out while instances come and go: no call fails, so nothing is late on account of
 * what one version leaves for the other.
 */
export async function rollOutInCalm(world: World, chance: Chance, mayStay: boolean): Promise<void> {
  world.note('rollout when calm');
  world.count('rollout when calm');
  world.rollouts.begin();
  for (let count = chance.between(8, 16); count > 0; count -= 1) {
    DEEDS[chance.weighed({ launch: 3, restart: 1, terminate: 3 })](world, chance);
    await world.advance(chance.pick([0.5, 3, 10, 20] as const) * (0.5 + chance.next()));
  }
  world.rollouts.end(mayStay && chance.happens(0.5) ? 'other' : 'this');
  await world.advance(AFTERWARDS_S);
}
