import { describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { type Crash, crashing, WAYS } from './dying-calls.ts';

const PUB = 'Z0PUB';
const INT = 'Z0INT';

const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { pub: { name: 'example.com', id: PUB }, int: { name: 'corp.internal', id: INT, private: true } },
  roles: { web: { names: [{ zone: 'pub' }, { zone: 'int' }] } },
};

interface Outcome {
  readonly zones: readonly string[][];
  readonly calls: number;
  readonly loose: number;
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
