import { describe, expect, it } from 'vitest';
import type { CallHooks } from '../../local/in-process.ts';
import { type FunctionKind, World } from '../../local/simulation/world.ts';
import { configurationOf, INT, PUB, type Script, SCRIPTS } from './crash-scripts.ts';

const WAYS = ['before', 'after', 'unanswered'] as const;

interface Crash {
  readonly call: number;
  readonly way: (typeof WAYS)[number];
}

interface Outcome {
  readonly state: string;
  readonly calls: number;
}

/** One call, counted over all Lambdas from the script's beginning on, is where a Lambda dies. */
function crashing(crash: Crash | undefined, count: { calls: number; isArmed: boolean }) {
  const dying = new WeakSet<object>();
  const never = () => new Promise<void>(() => {});
  return (kind: FunctionKind): CallHooks => ({
    before: async (call) => {
      if (!count.isArmed || kind === 'Configure') return;
      count.calls += 1;
      if (count.calls !== crash?.call) return;
      if (crash.way === 'before') await never();
      dying.add(call);
    },
    after: async (call) => {
      if (!dying.has(call)) return;
      if (crash?.way === 'after') await never();
      throw Object.assign(new Error('the answer was lost'), { name: 'TimeoutError' });
    },
  });
}

/** The zones, and how many Elastic IPs are held: ids and serials differ from run to run. */
async function stateOf(world: World): Promise<string> {
  const held = world.account.ec2.elasticIps.addresses.current().filter(({ association }) => association !== undefined);
  return JSON.stringify([await world.zone(PUB), await world.zone(INT), held.length]);
}

async function run(script: Script, crash?: Crash): Promise<Outcome> {
  const count = { calls: 0, isArmed: false };
  const world = await World.open(configurationOf(script), {
    hooks: crashing(crash, count),
    before: async ({ account }) => {
      for (let made = 0; made < (script.addresses ?? 0); made += 1)
        account.ec2.allocateAddress({ 'rolecall:pool': 'eip' });
    },
  });
  try {
    await world.advance(2);
    const running =
      script.running === 0 ? [] : await world.launch(Object.keys(script.roles)[0] ?? '', { count: script.running });
    await world.advance(10);
    count.isArmed = true;
    await script.play(world, running);
    // Without a crash the events alone bring everything right; what hands did is found by the next sweep.
    await world.advance(crash === undefined ? 65 : 5);
    const { calls } = count;
    if (crash !== undefined) await world.advance(240);
    return { state: await stateOf(world), calls };
  } finally {
    await world.close();
  }
}

/** Each so many-th of all calls and ways: 1 tries every one. */
const EVERY = Number(process.env['CRASH_EVERY'] ?? 8);
/** Of a longer script, what follows is mostly a sweep that has nothing to do. */
const MOST_CALLS = EVERY === 1 ? Number.POSITIVE_INFINITY : 36;

describe('a Lambda that dies at a call', { timeout: 1_000_000 / EVERY }, () => {
  it.each(SCRIPTS)('leaves the same state behind: $title', async (script) => {
    const { state, calls } = await run(script);
    expect(calls).toBeGreaterThan(8);
    const differing: string[] = [];
    let tried = 0;
    for (let call = 1; call <= Math.min(calls, MOST_CALLS); call += 1) {
      for (const [place, way] of WAYS.entries()) {
        if ((call * WAYS.length + place) % EVERY !== 0) continue;
        tried += 1;
        const outcome = await run(script, { call, way });
        if (outcome.state !== state) differing.push(`${way} ${call}: ${outcome.state} instead of ${state}`);
      }
    }
    expect(tried).toBeGreaterThan(3);
    expect(differing).toEqual([]);
  });
});
