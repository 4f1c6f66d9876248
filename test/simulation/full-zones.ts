import type { Chance } from './chance.ts';
import type { World } from './world.ts';

/** For a while zones have room for so many sets more than they all have now, or for none. */
export function fillUp(world: World, chance: Chance): void {
  const { route53 } = world.account;
  const sizes = route53.zones().map(({ current }) => current.size);
  route53.mostRecordSets = Math.max(...sizes) + chance.pick([0, 0, 1, 3] as const);
  const forMs = chance.between(20_000, 300_000);
  world.note(`full: ${route53.mostRecordSets} sets a zone, for ${forMs} ms`);
  world.count('zone full');
  // Refused batches are halved and sent again.
  for (const { trouble } of world.other === undefined ? [world] : [world, world.other]) trouble.disturb(forMs + 10_000);
  world.timeline.after(forMs, () => makeRoom(world));
}

export function makeRoom({ account: { route53 } }: World): void {
  route53.mostRecordSets = MOST_RECORD_SETS;
}

/** "Quotas" (Amazon Route 53 Developer Guide). */
const MOST_RECORD_SETS = 10_000;
