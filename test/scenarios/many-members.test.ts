import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';

const INT = 'Z0INT';
const PUB = 'Z0PUB';

const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { int: { name: 'corp.internal', id: INT, private: true }, pub: { name: 'example.com', id: PUB } },
  roles: {
    web: { names: [{ zone: 'int' }, { zone: 'int', name: '{instanceId}' }] },
    api: { names: [{ zone: 'pub', routing: 'multivalue' }] },
    bulk: { names: [{ zone: 'int', name: 'all' }] },
  },
};

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

async function open(): Promise<void> {
  world = await World.open(CONFIGURATION);
  await world.advance(5);
}

/** Requests to the zone that Route 53 accepted while this went on. */
async function requestsDuring(zone: string, work: () => Promise<void>): Promise<number> {
  const before = world.account.route53.batches.length;
  await work();
  return world.account.route53.batches.slice(before).filter(({ zoneId }) => zoneId === zone).length;
}

/** What the journal says is left out; with `cleared`, what is no longer. */
function withheld(cleared?: true): string[] {
  return world.journal.flatMap((entry) =>
    entry.kind === 'withheld' && entry.cleared === cleared
      ? [`${entry.name} ${entry.type} ${entry.reason} ${entry.instance ?? ''}`]
      : [],
  );
}

describe('120 members on one shared name and a name each', () => {
  it('arrive and leave in few batches, and every name follows', async () => {
    await open();
    let fleet: string[] = [];
    const arriving = await requestsDuring(INT, async () => {
      fleet = await world.launch('web', { count: 120 });
      await world.advance(60);
    });
    const full = await world.zone(INT);
    expect(full).toHaveLength(121);
    expect(full.find((line) => line.startsWith('web.'))?.split(' ')).toHaveLength(3 + 120);
    expect(arriving).toBeLessThanOrEqual(4);
    const leaving = await requestsDuring(INT, async () => {
      await world.terminate(...fleet);
      await world.advance(30);
    });
    expect(await world.zone(INT)).toEqual([]);
    expect(leaving).toBeLessThanOrEqual(4);
  });
});

describe('more members than a name can hold', () => {
  it('have the newest of them withheld, said once, and let in as others leave: 100 sets under multivalue routing', async () => {
    await open();
    const [first = ''] = await world.launch('api', { count: 100 });
    await world.advance(60);
    expect(withheld()).toEqual([]);
    const newest = await world.launch('api', { count: 20 });
    await world.advance(60);
    expect(await world.zone(PUB)).toHaveLength(100);
    const said = newest.map((instance) => `api.example.com A too-many ${instance}`).sort();
    expect(withheld().sort()).toEqual(said);
    const before = await world.zone(PUB);
    await world.terminate(first);
    await world.advance(70);
    const after = await world.zone(PUB);
    expect(after).toHaveLength(100);
    expect(after.filter((line) => !before.includes(line))).toHaveLength(1);
    // Said once of each, not by every pass; and of the one that has come in, that it has.
    expect(withheld().sort()).toEqual(said);
    expect(withheld(true)).toHaveLength(1);
    expect(said).toContain(withheld(true)[0]);
  });

  it('have the newest of them withheld: 400 values in one set', async () => {
    await open();
    await world.launch('bulk', { count: 400 });
    await world.advance(60);
    expect(withheld()).toEqual([]);
    const newest = await world.launch('bulk', { count: 3 });
    await world.advance(60);
    const [all = ''] = await world.zone(INT);
    expect(all.split(' ')).toHaveLength(3 + 400);
    expect(withheld().sort()).toEqual(newest.map((instance) => `all.corp.internal A too-many ${instance}`).sort());
  });
});
