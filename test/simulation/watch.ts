import { Hearsay } from './hearsay.ts';
import { Invariants } from './invariants.ts';
import { HookKeeper } from './scaling.ts';
import type { World } from './world.ts';

/** A world with all that watches over it. */
export interface Life {
  readonly world: World;
  readonly invariants: Invariants;
  readonly hooks: HookKeeper;
}

export function watched(world: World): Life {
  const invariants = new Invariants(world);
  world.onStep = () => invariants.check();
  world.onEnded = (invocation, result) => invariants.ended(invocation, result);
  const hooks = new HookKeeper(world);
  world.onToldOfHook = (token) => hooks.told(token);
  const hearsay = new Hearsay(world);
  world.onSaid = (entry) => hearsay.check(entry);
  return { world, invariants, hooks };
}
