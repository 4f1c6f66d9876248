import type { Chance } from './chance.ts';
import { claimsOf } from './rendering.ts';
import { GROUP, type HookKeeper } from './scaling.ts';
import type { World } from './world.ts';

/** Longer than it takes for the events to be told of. */
const UNABLE_MS = 3_000;
/** Two sweeps, and what they put off. */
const AFTERWARDS_S = 150;

/**
 * When all is calm the group lets some go once more: what was said of time-outs is not excused by any trouble then. That an
 * instance waits at a hook is told by its message alone, which no sweep replaces: in half of the cases the Lambdas that are
 * told of it first cannot store anything, and the message comes again.
 */
export async function letGoInCalm(world: World, chance: Chance, hooks: HookKeeper): Promise<void> {
  const { scalingGroups, autoscaling, ec2, faults } = world.account;
  const running = ec2.fleet.instances.current().filter(({ state }) => state === 'running');
  const leaving = running.filter((each) => claimsOf(each).length > 0 && !autoscaling.isWaiting(each.id)).slice(0, 3);
  if (leaving.length === 0) return;
  if (chance.happens(0.5)) {
    const untilMs = world.timeline.now() + UNABLE_MS;
    const when = ({ caller = '' }: { readonly caller?: string }) =>
      caller.startsWith('Observe') && world.timeline.now() < untilMs;
    faults.add({ service: 'dynamodb', effect: 'error-before', when });
    world.count('told of a hook while unable');
  }
  for (const { id } of leaving) {
    scalingGroups.attach(GROUP, [id]);
    world.note(`scaled in when calm: ${id}`);
    world.count('scaled in when calm');
    world.chronicle.touch(id);
    scalingGroups.remove(id, 'EC2');
  }
  await hooks.nobodyWaits();
  faults.clear();
  await world.advance(AFTERWARDS_S);
}
