import { describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import type { CallHooks } from '../../local/in-process.ts';
import { type FunctionKind, World } from '../../local/simulation/world.ts';

const PUB = 'Z0PUB';
const INT = 'Z0INT';

const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { pub: { name: 'example.com', id: PUB }, int: { name: 'corp.internal', id: INT, private: true } },
  roles: { web: { names: [{ zone: 'pub' }, { zone: 'int' }] } },
};

const WAYS = ['before', 'after', 'unanswered'] as const;

interface Crash {
  readonly call: number;
  readonly way: (typeof WAYS)[number];
}

interface Outcome {
  readonly zones: readonly string[][];
  readonly calls: number;
  readonly loose: number;
}

/** One call, counted over all Lambdas, is where a Lambda dies: before its effect, after it, or by a lost answer. */
function crashing(
  crash: Crash | undefined,
  count: { calls: number; isArmed: boolean },
): (kind: FunctionKind) => CallHooks {
  const dying = new WeakSet<object>();
  const never = () => new Promise<void>(() => {});
  return () => ({
    before: async (call) => {
      if (!count.isArmed) return;
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

/** Two run; one dies while a third is launched. */
async function play(crash?: Crash): Promise<Outcome> {
  const count = { calls: 0, isArmed: false };
  const world = await World.open(CONFIGURATION, { hooks: crashing(crash, count) });
  try {
    await world.advance(5);
    const [one = ''] = await world.launch('web', { count: 2 });
    await world.advance(10);
    count.isArmed = true;
    await world.terminate(one);
    await world.launch('web');
    await world.advance(15);
    const { calls } = count;
    count.isArmed = crash !== undefined;
    await world.advance(600);
    const zones = [await world.zone(PUB), await world.zone(INT)];
    const batches = world.account.route53.batches.length;
    await world.advance(120);
    return { zones, calls, loose: world.account.route53.batches.length - batches };
  } finally {
    await world.close();
  }
}

const EXPECTED = [['web.example.com A 60 203.0.113.11 203.0.113.12'], ['web.corp.internal A 60 10.0.0.12 10.0.40.11']];

describe('a Lambda that dies at any of its calls', async () => {
  const { zones, calls } = await play();

  it('is tried at every call of a script that ends as it should', () => {
    expect(zones).toEqual(EXPECTED);
    expect(calls).toBeGreaterThan(20);
  });

  for (const way of WAYS) {
    it(`leaves the same zones behind, with nothing left to do: ${way} the effect`, async () => {
      const others: string[] = [];
      for (let call = 1; call <= calls; call += 1) {
        const outcome = await play({ call, way });
        const isSame = JSON.stringify(outcome.zones) === JSON.stringify(zones) && outcome.loose === 0;
        if (!isSame) others.push(`${call}: ${JSON.stringify(outcome)}`);
      }
      expect(others).toEqual([]);
    });
  }
});
