import type { Chance } from './chance.ts';
import type { World } from './world.ts';

/** EC2 says of most calls for a while that there is no such instance, though there is. */
export function findNothing(world: World, chance: Chance): void {
  const forMs = chance.between(5_000, 120_000);
  world.note(`EC2 finds nothing for ${forMs} ms`);
  world.trouble.notFoundUntilMs = world.timeline.now() + forMs;
  world.trouble.disturb(forMs + 75_000);
  world.chronicle.misreadAtMs = world.timeline.now() + forMs;
}

/** Some of those that run fail their status checks from now on. */
export function sickenSome(world: World, chance: Chance): void {
  const { fleet } = world.account.ec2;
  const running = fleet.instances.current().filter(({ state }) => state === 'running');
  for (const { id } of chance.some(running, chance.pick([0.3, 0.6, 1] as const))) {
    fleet.setImpaired(id, true);
    world.chronicle.touch(id);
    world.note(`sick for good: ${id}`);
    world.count('sick at the end');
  }
}
