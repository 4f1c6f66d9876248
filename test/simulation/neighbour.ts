import { keyOf } from '../../local/route53/resource-record-set.ts';
import { Chance } from './chance.ts';
import { doSomething, furnish, instances, launch } from './people.ts';
import { claimsOf } from './rendering.ts';
import { type Life, watched } from './watch.ts';
import { World } from './world.ts';

/** Far from any seed that is simulated by itself. */
const ANOTHER_SEED = 0x4000_0000;

/** Another Rolecall, with a table, functions, instances and people of its own, that publishes in the same zones. */
export class Neighbour {
  readonly life: Life;
  readonly #chance: Chance;

  private constructor(life: Life, chance: Chance) {
    this.life = life;
    this.#chance = chance;
  }

  static async moveIn(first: World, base: unknown): Promise<Neighbour> {
    const chance = new Chance(first.seed, 'neighbour');
    const world = new World(first.seed ^ ANOTHER_SEED, base, first);
    first.other = world;
    world.other = first;
    inherit(world, first);
    const life = watched(world);
    await world.deploy(() => furnish(world, chance));
    world.trouble.isActive = true;
    first.count('another Rolecall in our zones');
    return new Neighbour(life, chance);
  }

  act(): void {
    if (!this.#chance.happens(0.7)) return;
    if (this.#chance.happens(0.4)) this.#covet();
    else doSomething(this.life.world, this.#chance);
    this.life.invariants.accept();
  }

  /** One more of a role that the first has, too. */
  #covet(): void {
    const { world } = this.life;
    const roles = instances(world.other ?? world, 'running').flatMap(claimsOf);
    const role = this.#chance.pick(roles.filter((each) => each in world.setting.roles));
    if (role !== undefined) launch(world, this.#chance, role);
  }
}

/** What hands had put into the zones before. */
function inherit(world: World, { account, chronicle }: World): void {
  for (const { id, current } of account.route53.zones()) {
    for (const set of current.sorted()) {
      const hold = chronicle.holdsOf(id).get(keyOf(set));
      if (hold === 'foreign' || hold === 'contested') world.chronicle.handChange(id, 'CREATE', set, false);
    }
  }
}
