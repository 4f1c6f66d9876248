import { afterEach, describe, expect, it } from 'vitest';
import { World } from '../../local/simulation/world.ts';
import { arnOf } from './drain-signals.ts';

const INT = 'Z0INT';

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

/** One of two members holds the name; the other would take it. */
async function open(): Promise<string> {
  world = await World.open({
    owner: 'test',
    zones: { int: { name: 'corp.internal', id: INT, private: true } },
    roles: { db: { names: [{ zone: 'int' }], holders: 1 } },
  });
  await world.advance(5);
  const [holder = ''] = await world.launch('db');
  await world.advance(10);
  await world.launch('db');
  await world.advance(200);
  expect(await world.zone(INT)).toEqual(['db.corp.internal A 60 10.0.0.11']);
  return holder;
}

function tell(instanceId: string, agoMs: number): void {
  world.account.events.put({
    ...{ version: '0', id: world.account.newId(), 'detail-type': 'Tag Change on Resource', source: 'aws.tag' },
    ...{ account: '123456789012', region: 'us-east-1', resources: [arnOf(instanceId)] },
    time: `${new Date(world.timeline.now() - agoMs).toISOString().slice(0, 19)}Z`,
    detail: {
      ...{ 'changed-tag-keys': ['rolecall:drain'], tags: { 'rolecall:role': 'db', 'rolecall:drain': 'yes' } },
      ...{ service: 'ec2', 'resource-type': 'instance', version: 2 },
    },
  });
}

describe('an event of a drain tag that is not there any more', () => {
  it('makes nobody leave where it comes minutes late', async () => {
    const holder = await open();
    tell(holder, 180_000);
    for (let seconds = 0; seconds < 70; seconds += 1) {
      await world.advance(1);
      expect(await world.zone(INT)).toEqual(['db.corp.internal A 60 10.0.0.11']);
    }
    expect(world.journal.filter(({ kind, reason }) => kind === 'drained' || reason === 'draining')).toEqual([]);
  });

  it('is believed before a read could show it', async () => {
    const holder = await open();
    tell(holder, 1_000);
    await world.advance(2);
    expect(await world.zone(INT)).toEqual(['db.corp.internal A 60 10.0.40.11']);
  });
});
