import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import type { CallHooks } from '../../local/in-process.ts';
import type { InvocationContext } from '../../local/runtime/lambda-host.ts';
import { World } from '../../local/simulation/world.ts';

const INT = 'Z0INT';

const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { int: { name: 'corp.internal', id: INT, private: true } },
  roles: { web: 'int', cache: 'int' },
};

const CHANGED: Configuration = { ...CONFIGURATION, roles: { web: { names: [{ zone: 'int', name: 'www' }] } } };

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

/** An Update as CloudFormation sends it, where nobody takes the answer. Ends when λ configure has ended, or has died. */
async function update(configuration: Configuration, hooks: CallHooks, died: Promise<void>): Promise<void> {
  const request = {
    RequestType: 'Update',
    ResponseURL: 'http://127.0.0.1:1/',
    StackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/Rolecall/1',
    RequestId: 'request',
    LogicalResourceId: 'Configuration',
    ResourceProperties: { Configuration: JSON.stringify(configuration), ZoneIds: { int: INT } },
  };
  const handled = Promise.resolve(world.another('Configure', hooks)(request, {} as InvocationContext));
  await Promise.race([handled.catch(() => undefined), died]);
}

async function play(diesAt: number): Promise<{ readonly zone: string[]; readonly calls: number }> {
  world = await World.open(CONFIGURATION);
  await world.advance(5);
  await world.launch('web cache');
  await world.advance(30);
  let calls = 0;
  let die: () => void = () => {};
  const died = new Promise<void>((resolve) => {
    die = resolve;
  });
  const before = async () => {
    calls += 1;
    if (calls !== diesAt) return;
    die();
    await new Promise<void>(() => {});
  };
  await update(CHANGED, { before }, died);
  if (diesAt > 0) await update(CHANGED, {}, new Promise(() => {}));
  await world.advance(90);
  return { zone: await world.zone(INT), calls };
}

describe('an Update whose Lambda dies at any of its calls and is invoked again', () => {
  it('changes what it should have changed', async () => {
    const { zone, calls } = await play(0);
    expect(zone).toEqual(['www.corp.internal A 60 10.0.0.11']);
    expect(calls).toBeGreaterThan(3);
    const others: string[] = [];
    for (let call = 1; call <= calls; call += 1) {
      await world.closeCleanly();
      const outcome = await play(call);
      if (JSON.stringify(outcome.zone) !== JSON.stringify(zone)) others.push(`${call}: ${outcome.zone.join(', ')}`);
    }
    expect(others).toEqual([]);
  });
});
