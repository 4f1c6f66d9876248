import type { Chance } from './chance.ts';
import { givenToOneWhoComes, givenToOneWhoGoes, givenUnseen } from './ordeals-of-addresses.ts';
import { dieOfRemoval, forgetInTwoZones, goOnOnceKnown } from './ordeals-of-hooks.ts';
import { deletedAndGone, endUnderWrite, reweigh, seatedLate, sickTogether, staleLists } from './ordeals-of-members.ts';
import { addedLate, endedWhileAdded } from './ordeals-of-passes.ts';
import { end } from './people.ts';
import { GROUP_OF_ORDEALS } from './ordeal.ts';
import { settingOfOrdeals } from './setting.ts';
import type { Life } from './watch.ts';
import type { World } from './world.ts';

/** Each begins with nobody there, and ends when nothing more is to come of it. */
const ORDEALS = {
  reweigh,
  sickTogether,
  endUnderWrite,
  seatedLate,
  staleLists,
  deletedAndGone,
  givenToOneWhoComes,
  givenToOneWhoGoes,
  goOnOnceKnown,
  forgetInTwoZones,
  dieOfRemoval,
} as const;

const HOW_MANY = 3;
/** Until all who were there are gone, and nothing of them is left: two sweeps, and what they put off. */
const CLEARED_S = 150;

/** What hardly ever comes about by chance, one thing after another; after each all must be as it should be. */
export async function undergo(world: World, chance: Chance, { invariants, hooks }: Life): Promise<void> {
  await world.through(world.configuring);
  await world.through(world.configure(settingOfOrdeals(world.setting)));
  furnishHooks(world);
  const names = Object.keys(ORDEALS) as (keyof typeof ORDEALS)[];
  for (let count = 0; count < HOW_MANY; count += 1) {
    const [name] = names.splice(chance.between(0, names.length - 1), 1);
    if (name === undefined) break;
    await undergoOne(name, ORDEALS[name]);
  }
  // Not drawn with the others, so that the seeds have those which they had without it.
  await undergoOne('addedLate', addedLate);
  await undergoOne('endedWhileAdded', endedWhileAdded);
  await undergoOne('givenUnseen', givenUnseen);

  async function undergoOne(name: string, ordeal: (world: World, chance: Chance) => Promise<void>): Promise<void> {
    await clear(world);
    invariants.assertConverged();
    world.note(`ordeal ${name}`);
    world.count(`ordeal ${name}`);
    await ordeal(world, chance);
    await hooks.nobodyWaits();
    await world.advance(CLEARED_S);
    invariants.assertConverged();
  }
}

async function clear(world: World): Promise<void> {
  const states = new Set(['pending', 'running', 'stopping', 'stopped']);
  const there = world.account.ec2.fleet.instances.current().filter(({ state }) => states.has(state));
  end(
    world,
    there.map(({ id }) => id),
  );
  await world.advance(CLEARED_S);
}

function furnishHooks({ account: { scalingGroups } }: World): void {
  scalingGroups.create(GROUP_OF_ORDEALS);
  const hook = { group: GROUP_OF_ORDEALS, heartbeatSeconds: 600, defaultResult: 'CONTINUE' } as const;
  scalingGroups.putHook({ ...hook, name: 'leave', transition: 'terminating' });
  scalingGroups.putHook({ ...hook, name: 'ready', transition: 'launching' });
}
