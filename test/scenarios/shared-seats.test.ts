import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World, type WorldOptions } from '../../local/simulation/world.ts';
import { type Crash, crashing, WAYS } from './dying-calls.ts';

const PUB = 'Z0PUB';
const INT = 'Z0INT';
const SUBNET = 'subnet-0000000000000a001';

const ZONES: Configuration['zones'] = {
  pub: { name: 'example.com', id: PUB, private: true },
  int: { name: 'corp.internal', id: INT, private: true },
};

const EXCLUSIVE: Configuration = {
  owner: 'test',
  zones: ZONES,
  roles: { db: { names: [{ zone: 'pub' }, { zone: 'int' }], holders: 1 } },
};

let world: World;

afterEach(async () => {
  await world.close();
});

/** The first holds, the second stands by; the world rests, 30 s before the next sweep. */
async function openWithHolder(configuration: Configuration, options: WorldOptions = {}): Promise<string> {
  world = await World.open(configuration, options);
  await world.advance(5);
  const [one = ''] = await world.launch('db', { subnetId: SUBNET });
  await world.advance(10);
  await world.launch('db', { subnetId: SUBNET });
  await world.advance(15);
  return one;
}

const records = async () => [await world.zone(PUB), await world.zone(INT)];
const BY_THE_FIRST = [['db.example.com A 60 10.0.0.11'], ['db.corp.internal A 60 10.0.0.11']];
const BY_THE_SECOND = [['db.example.com A 60 10.0.0.12'], ['db.corp.internal A 60 10.0.0.12']];

function made(service: string): number {
  const callers = new Set(['Observe', 'Reconcile']);
  return world.account.calls.filter((call) => call.service === service && callers.has(call.caller ?? '')).length;
}

describe('a slot whose role has names in two zones', () => {
  it('is given by whichever pass comes first, and the other goes on with that: neither reads anything twice', async () => {
    const one = await openWithHolder(EXCLUSIVE);
    expect(await records()).toEqual(BY_THE_FIRST);
    world.account.forgetCalls();
    await world.terminate(one);
    await world.advance(1);
    expect(await records()).toEqual(BY_THE_SECOND);
    // Two for the event; the slot; for each zone its group, its role, the intent, the record.
    expect([made('dynamodb'), made('sqs'), made('route53'), made('ec2')]).toEqual([11, 1, 2, 0]);
  });

  it('takes no more calls for a number that a newcomer gets', async () => {
    const names = [
      { zone: 'pub', name: 'db{ordinal}' },
      { zone: 'int', name: 'db{ordinal}' },
    ];
    await openWithHolder({ owner: 'test', zones: ZONES, roles: { db: { names } } });
    await world.launch('db', { subnetId: SUBNET });
    await world.advance(0.6);
    world.account.forgetCalls();
    await world.advance(4);
    expect(await world.zone(PUB)).toContain('db3.example.com A 60 10.0.0.13');
    expect(await world.zone(INT)).toContain('db3.corp.internal A 60 10.0.0.13');
    expect([made('dynamodb'), made('sqs'), made('route53'), made('ec2')]).toEqual([11, 1, 2, 1]);
  });

  it('is the reason for the names of its new holder in either zone', async () => {
    const names = [
      { zone: 'pub', name: '{instanceId}' },
      { zone: 'int', name: '{instanceId}' },
    ];
    const one = await openWithHolder({ owner: 'test', zones: ZONES, roles: { db: { names, holders: 1 } } });
    const before = world.journal.length;
    await world.terminate(one);
    await world.advance(2);
    const said = world.journal.slice(before).flatMap((entry) => {
      if (entry.kind !== 'change') return [];
      return [
        `${entry.zone} ${entry.action} ${entry.reason} ${entry.eventToAcceptedMs === undefined ? 'late' : 'timed'}`,
      ];
    });
    expect(said.sort()).toEqual([
      'corp.internal create slot timed',
      'corp.internal delete terminated timed',
      'example.com create slot timed',
      'example.com delete terminated timed',
    ]);
  });
});

describe('a pass over one of the two zones', () => {
  /** How many calls of λ reconcile there are until all is done. */
  const RECONCILE_CALLS = 11;
  const HELD_SECONDS = 8;

  it.each(Array.from({ length: RECONCILE_CALLS }, (_, index) => index + 1))(
    'that is held up at call %i holds up no other, and is right as soon as it goes on',
    async (held) => {
      let calls = 0;
      let isArmed = false;
      let release = () => {};
      const one = await openWithHolder(EXCLUSIVE, {
        hooks: (kind) => ({
          before: async () => {
            if (kind !== 'Reconcile' || !isArmed) return;
            calls += 1;
            if (calls !== held) return;
            await new Promise<void>((resolve) => {
              release = resolve;
            });
          },
          after: async () => {},
        }),
      });
      isArmed = true;
      await world.terminate(one);
      await world.advance(HELD_SECONDS);
      const meanwhile = (await records()).map((zone, index) => zone.join() === BY_THE_SECOND[index]?.join());
      expect(meanwhile).toContain(true);
      release();
      await world.advance(2);
      expect(await records()).toEqual(BY_THE_SECOND);
      // Nothing is left for the sweep.
      const done = calls;
      expect(done).toBeGreaterThanOrEqual(RECONCILE_CALLS);
      await world.advance(65);
      expect(calls).toBe(done);
    },
  );
});

describe('a zone that takes no changes', () => {
  it.each([
    [PUB, INT, BY_THE_SECOND[1]],
    [INT, PUB, BY_THE_SECOND[0]],
  ])('%s holds up no removal in the other', async (dead, alive, expected) => {
    let isDead = false;
    const one = await openWithHolder(EXCLUSIVE, {
      hooks: () => ({
        before: ({ operation, parameters }) => {
          if (!isDead || operation !== 'ChangeResourceRecordSets' || !JSON.stringify(parameters).includes(dead)) return;
          throw Object.assign(new Error('not authorized'), {
            name: 'AccessDenied',
            $metadata: { httpStatusCode: 403 },
          });
        },
      }),
    });
    isDead = true;
    await world.terminate(one);
    await world.advance(0.5);
    expect(await world.zone(alive)).toEqual(expected);
    expect(await records()).not.toEqual(BY_THE_SECOND);
    isDead = false;
    await world.advance(70);
    expect(await records()).toEqual(BY_THE_SECOND);
  });
});

describe('a Lambda that dies while a slot of two zones changes hands', () => {
  async function play(crash?: Crash): Promise<{ readonly calls: number; readonly ends: readonly string[][] }> {
    const count = { calls: 0, isArmed: false };
    const one = await openWithHolder(EXCLUSIVE, { hooks: crashing(crash, count) });
    count.isArmed = true;
    await world.terminate(one);
    await world.advance(2);
    const { calls } = count;
    await world.advance(crash === undefined ? 0 : 75);
    return { calls, ends: await records() };
  }

  it.each(WAYS)('leaves no zone with the one that is gone: %s the effect of any call', async (way) => {
    const { calls, ends } = await play();
    expect(ends).toEqual(BY_THE_SECOND);
    expect(calls).toBeGreaterThanOrEqual(15);
    const others: string[] = [];
    for (let call = 1; call <= calls; call += 1) {
      await world.close();
      const outcome = await play({ call, way });
      if (JSON.stringify(outcome.ends) !== JSON.stringify(ends))
        others.push(`${call}: ${JSON.stringify(outcome.ends)}`);
    }
    expect(others).toEqual([]);
  });
});
