import { ListResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { type Crash, crashing, WAYS } from './dying-calls.ts';

const INT = 'Z0INT';

function owned(owner: string): Configuration {
  return {
    owner,
    zones: { int: { name: 'corp.internal', id: INT, private: true } },
    roles: { web: { names: [{ zone: 'int' }] } },
  };
}

interface Outcome {
  readonly zone: readonly string[];
  readonly serials: readonly string[];
  readonly lost: number;
  readonly calls: number;
  readonly loose: number;
}

/** Two run; the owner changes while one of them dies. */
async function play(crash?: Crash): Promise<Outcome> {
  const count = { calls: 0, isArmed: false };
  const hooks = crashing(crash, count);
  const world = await World.open(owned('one'), { hooks: (kind) => (kind === 'Configure' ? {} : hooks(kind)) });
  try {
    await world.advance(5);
    const [one = ''] = await world.launch('web', { count: 2 });
    await world.advance(10);
    count.isArmed = true;
    await world.update(owned('two'));
    await world.terminate(one);
    await world.advance(10);
    const { calls } = count;
    await world.advance(400);
    const batches = world.account.route53.batches.length;
    await world.advance(120);
    const listed = await world.user.route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: INT }));
    return {
      zone: await world.zone(INT),
      serials: (listed.ResourceRecordSets ?? []).flatMap(({ Name = '' }) =>
        Name.includes('._rolecall.') ? [Name] : [],
      ),
      lost: world.measurements.filter(({ name }) => name === 'ZonesLost').at(-1)?.value ?? -1,
      calls,
      loose: world.account.route53.batches.length - batches,
    };
  } finally {
    await world.close();
  }
}

describe('a Lambda that dies at any of its calls while the owner changes', async () => {
  const { calls, ...expected } = await play();

  it('is tried at every call of a script that ends as it should', () => {
    expect(expected).toEqual({
      zone: ['web.corp.internal A 60 10.0.0.12'],
      serials: ['two._rolecall.corp.internal.'],
      lost: 0,
      loose: 0,
    });
    expect(calls).toBeGreaterThan(15);
  });

  for (const way of WAYS) {
    it(`leaves the serial under the new owner alone, and nothing to do: ${way} the effect`, async () => {
      const others: string[] = [];
      for (let call = 1; call <= calls; call += 1) {
        const { calls: _counted, ...outcome } = await play({ call, way });
        if (JSON.stringify(outcome) !== JSON.stringify(expected)) others.push(`${call}: ${JSON.stringify(outcome)}`);
      }
      expect(others).toEqual([]);
    });
  }
});
