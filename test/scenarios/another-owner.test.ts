import { ListResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import type { InvocationContext } from '../../local/runtime/lambda-host.ts';
import { World, type WorldOptions } from '../../local/simulation/world.ts';
import { HeldCall, isRoute53Write } from './held-call.ts';
import { retire } from './stack-deletion.ts';

const PUB = 'Z0PUB';
const INT = 'Z0INT';

function owned(owner: string, more: Partial<Configuration> = {}): Configuration {
  return {
    owner,
    zones: { pub: { name: 'example.com', id: PUB }, int: { name: 'corp.internal', id: INT, private: true } },
    roles: { web: { names: [{ zone: 'pub' }, { zone: 'int' }] } },
    ...more,
  };
}

const RECORDS = [['web.example.com A 60 203.0.113.11'], ['web.corp.internal A 60 10.0.0.11']];

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

async function openWithRecords(configuration = owned('one'), options: WorldOptions = {}): Promise<void> {
  world = await World.open(configuration, options);
  await world.launch('web');
  await world.advance(65);
  expect(await zones()).toEqual(RECORDS);
}

async function zones(): Promise<string[][]> {
  return [await world.zone(PUB), await world.zone(INT)];
}

/** Whose serials stand in a zone, each with its number. */
async function serials(zoneId: string): Promise<Readonly<Record<string, number>>> {
  const listed = await world.user.route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: zoneId }));
  const found = (listed.ResourceRecordSets ?? []).filter(({ Name }) => Name?.includes('._rolecall.'));
  return Object.fromEntries(
    found.map(({ Name, ResourceRecords }) => [
      Name?.split('.')[0] ?? '',
      Number(/serial=(\d+)/.exec(ResourceRecords?.[0]?.Value ?? '')?.[1] ?? 0),
    ]),
  );
}

function batches(): number {
  return world.account.route53.batches.length;
}

describe('another owner', () => {
  it('takes the serial of each zone over in one batch, and every record stays', async () => {
    await openWithRecords();
    const { one: pub = 0 } = await serials(PUB);
    const { one: int = 0 } = await serials(INT);
    const before = batches();
    await world.update(owned('two'));
    await world.advance(10);
    expect(await serials(PUB)).toEqual({ two: pub + 1 });
    expect(await serials(INT)).toEqual({ two: int + 1 });
    expect(await zones()).toEqual(RECORDS);
    expect(batches() - before).toBe(2);

    await world.advance(190);
    expect(batches() - before).toBe(2);
    expect(world.journal.filter(({ kind }) => kind !== 'change')).toEqual([]);
    const [id = ''] = await world.launch('web');
    await world.advance(5);
    await world.terminate(id);
    await world.advance(5);
    expect(await zones()).toEqual(RECORDS);
    expect(await serials(PUB)).toEqual({ two: pub + 3 });
  });

  it('waits for no record that is to change at the same time', async () => {
    await openWithRecords();
    await world.update(
      owned('two', { roles: { api: { names: [{ zone: 'pub' }, { zone: 'int' }] } }, allowLargeChange: true }),
    );
    await world.advance(10);
    expect(await zones()).toEqual([[], []]);
    expect(Object.keys(await serials(PUB))).toEqual(['two']);
  });

  it('is followed by a third before the second has come to anything', async () => {
    await openWithRecords();
    await world.update(owned('two'));
    await world.update(owned('three'));
    await world.advance(10);
    expect(Object.keys(await serials(PUB))).toEqual(['three']);
    expect(Object.keys(await serials(INT))).toEqual(['three']);
    expect(await zones()).toEqual(RECORDS);
  });

  it('begins under the old one in a zone that had no serial, and then moves', async () => {
    world = await World.open(owned('one'));
    await world.advance(65);
    await world.update(owned('two'));
    await world.advance(65);
    expect(await serials(PUB)).toEqual({});
    await world.launch('web');
    await world.advance(75);
    expect(Object.keys(await serials(PUB))).toEqual(['two']);
    expect(await zones()).toEqual(RECORDS);
  });

  it('finds the serial again that somebody deleted under the old one', async () => {
    await openWithRecords();
    const { one = 0 } = await serials(PUB);
    await world.deleteSerial(PUB);
    await world.update(owned('two'));
    await world.advance(65);
    const { two = 0, ...others } = await serials(PUB);
    expect(others).toEqual({});
    expect(two).toBeGreaterThan(one);
    expect(await zones()).toEqual(RECORDS);
  });

  it('leaves nothing behind when the stack is deleted, before it has come to anything or after', async () => {
    for (const waits of [0, 10]) {
      await openWithRecords();
      await world.update(owned('two'));
      await world.advance(waits);
      const deleted = retire(world);
      await world.advance(60);
      await deleted;
      expect([await serials(PUB), await serials(INT)]).toEqual([{}, {}]);
      expect(await zones()).toEqual([[], []]);
      if (waits === 0) await world.closeCleanly();
    }
  });

  it('with strictNames may write the serial of the old one until it has moved', async () => {
    const strict = { strictNames: true };
    await openWithRecords(owned('one', strict));
    const allowed = async (owner: string) =>
      ((await world.update(owned(owner, strict)))['RecordNames'] ?? '')
        .split('|')
        .filter((name) => name.includes('_rolecall.e'));
    await world.edit(PUB, 'CREATE', 'two._rolecall.example.com', 'TXT', 60, '"owner=two serial=7 batch=theirs"');
    expect(await allowed('two')).toEqual(['one._rolecall.example.com', 'two._rolecall.example.com']);
    await world.advance(10);
    expect(await allowed('two')).toEqual(['one._rolecall.example.com', 'two._rolecall.example.com']);
    expect(await allowed('three')).toContain('one._rolecall.example.com');
    await world.advance(10);
    expect(await allowed('three')).toEqual(['three._rolecall.example.com']);
  });
});

describe('an owner that another installation has in the zone', () => {
  const THEIRS = '"owner=two serial=7 batch=theirs"';
  const troubles = () =>
    world.journal.flatMap((entry) => (entry.kind === 'withheld' ? [[entry.zone, entry.reason]] : []));

  it('is refused and said once, and the records follow their instances under the old one', async () => {
    await openWithRecords();
    await world.edit(PUB, 'CREATE', 'two._rolecall.example.com', 'TXT', 60, THEIRS);
    const { one = 0 } = await serials(PUB);
    await world.update(owned('two'));
    await world.advance(10);
    expect(await serials(PUB)).toEqual({ one, two: 7 });
    expect(Object.keys(await serials(INT))).toEqual(['two']);
    expect(troubles()).toEqual([['example.com', 'owner-taken']]);

    await world.launch('web');
    await world.advance(190);
    expect(await world.zone(PUB)).toEqual(['web.example.com A 60 203.0.113.11 203.0.113.12']);
    expect(await serials(PUB)).toEqual({ one: one + 1, two: 7 });
    expect(troubles()).toEqual([['example.com', 'owner-taken']]);
  });

  it('is taken as soon as the other is seen gone', async () => {
    await openWithRecords();
    await world.edit(PUB, 'CREATE', 'two._rolecall.example.com', 'TXT', 60, THEIRS);
    await world.update(owned('two'));
    await world.advance(130);
    const before = batches();
    await world.advance(130);
    expect(batches()).toBe(before);
    await world.edit(PUB, 'DELETE', 'two._rolecall.example.com', 'TXT', 60, THEIRS);
    await world.advance(75);
    expect(Object.keys(await serials(PUB))).toEqual(['two']);
  });

  it('troubles nobody any more once the old one is configured again', async () => {
    await openWithRecords();
    await world.edit(PUB, 'CREATE', 'two._rolecall.example.com', 'TXT', 60, THEIRS);
    const { one = 0 } = await serials(PUB);
    await world.update(owned('two'));
    await world.advance(10);
    await world.update(owned('one'));
    await world.advance(130);
    expect(await serials(PUB)).toEqual({ one, two: 7 });
    const lost = world.measurements.filter(({ name }) => name === 'ZonesLost').slice(-2);
    expect(lost.map(({ value }) => value)).toEqual([0, 0]);
  });
});

describe('a batch under the old owner that is held up while the serial moves', () => {
  it('is rejected by Route 53, and all it would have done is planned anew', async () => {
    const held = new HeldCall('Reconcile', isRoute53Write);
    await openWithRecords(owned('one'), { hooks: held.hooks });
    held.arm();
    const [late = ''] = await world.launch('web');
    await world.advance(3);
    expect(held.isHolding).toBe(true);
    await world.terminate(late);
    await world.advance(1);
    await world.update(owned('two'));
    for (const group of [PUB, INT]) await world.another('Reconcile', {})(world.wakeUp(group), {} as InvocationContext);
    expect(Object.keys(await serials(PUB))).toEqual(['two']);
    const before = batches();
    held.letGoOn();
    await world.advance(130);
    expect(batches()).toBe(before);
    expect(await zones()).toEqual(RECORDS);
    expect(Object.keys(await serials(INT))).toEqual(['two']);
  });
});
