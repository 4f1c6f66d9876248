import { OUTPUTS, type TargetAddress } from '../../lib/cli/target-address.ts';
import { clientSettings } from '../../local/in-process.ts';
import type { World } from '../../local/simulation/world.ts';
import type { Surroundings, Terminal } from '../../lib/cli/surroundings.ts';
import { type Outcome, rolecallIn } from './cli.ts';

/** The world as a target: no sockets, and on virtual time. */
export function targetOf(world: World): TargetAddress {
  const { outputs } = world.stack;
  const [RegistryTable = '', EventsQueue = '', WorkQueue = '', LaterQueue = ''] = OUTPUTS.map((name) => outputs[name]);
  return {
    kind: 'local',
    name: 'the world',
    account: '123456789012',
    region: world.account.region,
    outputs: { RegistryTable, EventsQueue, WorkQueue, LaterQueue },
    // Nobody moves the time on while the SDK would pause for a retry.
    settings: clientSettings(world.account, 'cli', { maxAttempts: 1 }),
  };
}

let ids = 0;

/** One command line against the world: it takes no virtual time but what it waits. */
export async function rolecallOn(world: World, ...args: string[]): Promise<Outcome> {
  return await rolecallAs(world, {}, ...args);
}

/** The same, in other surroundings. */
export async function rolecallAs(world: World, given: Partial<Surroundings>, ...args: string[]): Promise<Outcome> {
  const random = { id: () => `cli-${(ids += 1)}` };
  const clock = {
    now: () => world.timeline.now(),
    sleep: async (milliseconds: number) => await world.advance(milliseconds / 1000),
  };
  return await rolecallIn('/', args, { target: targetOf(world), clock, random, ...given });
}

/** What a person looks at; its timers go with the world's time. */
export function terminalOn(world: World, seen: Omit<Terminal, 'every'>): Terminal {
  return {
    ...seen,
    every: (milliseconds, tick) => {
      let isStopped = false;
      const next = () => {
        world.timeline.after(milliseconds, () => {
          if (isStopped) return;
          tick();
          next();
        });
      };
      next();
      return () => {
        isStopped = true;
      };
    },
  };
}

/** A clock that is ahead of the world: what has stood still there for so long. */
export function laterBy(world: World, seconds: number): Surroundings['clock'] {
  return { now: () => world.timeline.now() + seconds * 1000, sleep: async (ms) => await world.advance(ms / 1000) };
}
