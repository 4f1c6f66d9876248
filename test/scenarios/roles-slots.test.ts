import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';

const INT = 'Z0INT';
const SUBNET = 'subnet-0000000000000a001';

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

async function open(roles: Configuration['roles']): Promise<void> {
  world = await World.open({
    owner: 'test',
    zones: { int: { name: 'corp.internal', id: INT, private: true } },
    roles,
  });
  await world.advance(5);
}

async function launch(role: string, tags: Readonly<Record<string, string>> = {}): Promise<string> {
  const [instance = ''] = await world.launch(role, { tags, subnetId: SUBNET });
  await world.advance(10);
  return instance;
}

describe('members with ordinals', () => {
  it('are numbered by age, keep their number, and leave it to the next that comes', async () => {
    await open({ web: { names: [{ zone: 'int', name: '{role}-{ordinal}' }, { zone: 'int' }] } });
    const one = await launch('web');
    await launch('web');
    expect(await world.zone(INT)).toEqual([
      'web-1.corp.internal A 60 10.0.0.11',
      'web-2.corp.internal A 60 10.0.0.12',
      'web.corp.internal A 60 10.0.0.11 10.0.0.12',
    ]);
    await world.terminate(one);
    await world.advance(5);
    expect(await world.zone(INT)).toEqual(['web-2.corp.internal A 60 10.0.0.12', 'web.corp.internal A 60 10.0.0.12']);
    // EC2 gives the next one the address that was freed.
    await launch('web');
    expect(await world.zone(INT)).toEqual([
      'web-1.corp.internal A 60 10.0.0.11',
      'web-2.corp.internal A 60 10.0.0.12',
      'web.corp.internal A 60 10.0.0.11 10.0.0.12',
    ]);
  });

  it('lose their number by a stop', async () => {
    await open({ web: { names: [{ zone: 'int', name: '{role}-{ordinal}' }] } });
    const one = await launch('web');
    await world.stop(one);
    await world.advance(60);
    await launch('web');
    await world.start(one);
    await world.advance(60);
    expect(await world.zone(INT)).toEqual(['web-1.corp.internal A 60 10.0.0.12', 'web-2.corp.internal A 60 10.0.0.11']);
  });

  it('have their number again after a stop where nobody took it', async () => {
    await open({ web: { names: [{ zone: 'int', name: '{role}-{ordinal}' }] } });
    const one = await launch('web');
    const two = await launch('web');
    await world.stop(one, two);
    await world.advance(60);
    expect(await world.zone(INT)).toEqual([]);
    await world.start(two);
    await world.advance(60);
    expect(await world.zone(INT)).toEqual(['web-2.corp.internal A 60 10.0.0.12']);
    await launch('web');
    await world.start(one);
    await world.advance(60);
    expect(await world.zone(INT)).toEqual([
      'web-1.corp.internal A 60 10.0.0.13',
      'web-2.corp.internal A 60 10.0.0.12',
      'web-3.corp.internal A 60 10.0.0.11',
    ]);
  });

  it('leave without a write of the slot, in every zone at once', async () => {
    world = await World.open({
      owner: 'test',
      zones: {
        int: { name: 'corp.internal', id: INT, private: true },
        pub: { name: 'example.com', id: 'Z0PUB' },
      },
      roles: {
        web: {
          names: [
            { zone: 'int', name: '{role}-{ordinal}' },
            { zone: 'pub', name: '{role}-{ordinal}' },
          ],
        },
      },
    });
    const one = await launch('web');
    await launch('web');
    world.account.forgetCalls();
    await world.terminate(one);
    await world.advance(1);
    const writes = world.account.calls.filter(({ operation }) => operation === 'TransactWriteItems');
    // The event's, and an intent and a commit for each zone.
    expect(writes).toHaveLength(5);
    expect(await world.zone(INT)).toEqual(['web-2.corp.internal A 60 10.0.0.12']);
    expect(await world.zone('Z0PUB')).toHaveLength(1);
  });

  it('are numbered when more come at once than one transaction takes', async () => {
    await open({ web: { names: [{ zone: 'int', name: '{role}-{ordinal}' }] } });
    await world.launch('web', { count: 120, subnetId: SUBNET });
    await world.advance(30);
    const names = (await world.zone(INT)).map((line) => line.split(' ')[0]);
    expect(names).toHaveLength(120);
    expect(names).toContain('web-1.corp.internal');
    expect(names).toContain('web-120.corp.internal');
  });
});

describe('an exclusive role', () => {
  it('is the oldest member’s until it goes, then the next one’s', async () => {
    await open({ db: { names: [{ zone: 'int' }], holders: 1 } });
    const one = await launch('db');
    await launch('db');
    expect(await world.zone(INT)).toEqual(['db.corp.internal A 60 10.0.0.11']);
    await world.terminate(one);
    await world.advance(5);
    expect(await world.zone(INT)).toEqual(['db.corp.internal A 60 10.0.0.12']);
  });

  it('goes to the last claim under newest, and back when that member goes', async () => {
    await open({ db: { names: [{ zone: 'int' }], holders: 1, succession: 'newest' } });
    await launch('db');
    const two = await launch('db');
    expect(await world.zone(INT)).toEqual(['db.corp.internal A 60 10.0.0.12']);
    await world.terminate(two);
    await world.advance(5);
    expect(await world.zone(INT)).toEqual(['db.corp.internal A 60 10.0.0.11']);
  });

  it('goes by priority only when it is vacant', async () => {
    await open({ db: { names: [{ zone: 'int' }], holders: 1, succession: 'priority' } });
    const one = await launch('db');
    await launch('db', { 'rolecall:priority': '1' });
    await launch('db', { 'rolecall:priority': '10' });
    expect(await world.zone(INT)).toEqual(['db.corp.internal A 60 10.0.0.11']);
    await world.terminate(one);
    await world.advance(5);
    expect(await world.zone(INT)).toEqual(['db.corp.internal A 60 10.0.0.13']);
  });

  it('has as many holders as it says', async () => {
    await open({ db: { names: [{ zone: 'int', name: 'db{ordinal}' }, { zone: 'int' }], holders: 2 } });
    const one = await launch('db');
    await launch('db');
    await launch('db');
    expect(await world.zone(INT)).toEqual([
      'db.corp.internal A 60 10.0.0.11 10.0.0.12',
      'db1.corp.internal A 60 10.0.0.11',
      'db2.corp.internal A 60 10.0.0.12',
    ]);
    await world.terminate(one);
    await world.advance(5);
    expect(await world.zone(INT)).toEqual([
      'db.corp.internal A 60 10.0.0.12 10.0.0.13',
      'db1.corp.internal A 60 10.0.0.13',
      'db2.corp.internal A 60 10.0.0.12',
    ]);
  });
});
