import { afterEach, describe, expect, it } from 'vitest';
import { World } from '../../local/simulation/world.ts';
import { PUB } from './worlds.ts';
import { rolecallOn } from './world-target.ts';

const CONFIGURATION = {
  owner: 'test',
  zones: { pub: PUB },
  roles: { web: { names: [{ zone: 'pub' }, { zone: 'pub', name: '{instanceId}' }] }, api: 'pub' },
};

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

async function withForeignName(): Promise<string> {
  world = await World.open(CONFIGURATION, {
    before: async (early) => await early.edit(PUB.id, 'CREATE', 'api.example.com', 'A', 300, '192.0.2.1'),
  });
  const [one = ''] = await world.launch('api');
  await world.advance(65);
  expect(await world.zone(PUB.id)).toEqual(['api.example.com A 300 192.0.2.1']);
  return one;
}

describe('rolecall adopt', () => {
  it('shows what would become of a foreign record, and changes nothing unasked', async () => {
    await withForeignName();
    const { code, stdout } = await rolecallOn(world, 'adopt', 'api.example.com');
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'the world · what would be adopted',
      '',
      'example.com (Z0AAA)',
      '  api.example.com  A  192.0.2.1 (300 s)  becomes 203.0.113.11 (60 s)  (api)',
      '',
      'Nothing was changed. --yes adopts them.',
      '',
    ]);
    await world.advance(65);
    expect(await world.zone(PUB.id)).toEqual(['api.example.com A 300 192.0.2.1']);
  });

  it('takes the record over with --yes, and the role follows its members from then on', async () => {
    const one = await withForeignName();
    const { code, stdout, stderr } = await rolecallOn(world, 'adopt', 'api.example.com', '--yes');
    expect([code, stderr]).toEqual([0, 'Adopting in the world\n']);
    expect(stdout).toContain('1 record sets in example.com are ours now');
    await world.advance(5);
    expect(await world.zone(PUB.id)).toEqual(['api.example.com A 60 203.0.113.11']);
    expect(world.journal).toContainEqual(expect.objectContaining({ kind: 'conflict', cleared: true }));
    await world.terminate(one);
    await world.advance(5);
    expect(await world.zone(PUB.id)).toEqual([]);
  });

  it('refuses a name that no member would fill now, and one that is in no zone', async () => {
    await withForeignName();
    await world.edit(PUB.id, 'CREATE', 'web.example.com', 'A', 300, '192.0.2.2');
    const unfilled = await rolecallOn(world, 'adopt', 'web.example.com', '--yes');
    expect(unfilled.code).toBe(1);
    expect(unfilled.stderr).toContain('nothing to adopt at web.example.com');
    const elsewhere = await rolecallOn(world, 'adopt', 'www.example.net', '--yes');
    expect(elsewhere.stderr).toContain('www.example.net is in none of the zones');
    expect((await rolecallOn(world, 'adopt')).code).toBe(64);
    expect(await world.zone(PUB.id)).toContain('web.example.com A 300 192.0.2.2');
  });

  it('of all refuses a zone without a serial of this owner', async () => {
    await withForeignName();
    const { code, stderr } = await rolecallOn(world, 'adopt', '--all', '--yes');
    expect(code).toBe(1);
    expect(stderr).toContain('example.com has no record test._rolecall.example.com TXT that Rolecall wrote');
  });

  it('of all rebuilds a lost registry from the zone: what lives stays, what is dead goes, what is foreign is left', async () => {
    world = await World.open(CONFIGURATION, {
      before: async (early) => {
        const serial = '"owner=test serial=1767600000 batch=old"';
        await early.edit(PUB.id, 'CREATE', 'test._rolecall.example.com', 'TXT', 60, serial);
        await early.edit(PUB.id, 'CREATE', 'web.example.com', 'A', 60, '203.0.113.11', '203.0.113.99');
        await early.edit(PUB.id, 'CREATE', 'i-0123456789abcdef0.example.com', 'A', 60, '203.0.113.99');
        await early.edit(PUB.id, 'CREATE', 'other.example.com', 'A', 60, '192.0.2.7');
      },
    });
    await world.launch('web');
    await world.advance(65);
    const { code, stdout } = await rolecallOn(world, 'adopt', '--all', '--yes');
    expect(code).toBe(0);
    expect(stdout).toContain('example.com (Z0AAA), serial 17676');
    expect(stdout).toContain('i-0123456789abcdef0.example.com  A  203.0.113.99 (60 s)  goes  (web)');
    await world.advance(10);
    const zone = await world.zone(PUB.id);
    expect(zone).toHaveLength(3);
    expect(zone).toContain('web.example.com A 60 203.0.113.11');
    expect(zone).toContain('other.example.com A 60 192.0.2.7');
    expect(zone.some((set) => set.startsWith('i-0123456789abcdef0'))).toBe(false);
  });
});

describe('rolecall release', () => {
  it('leaves the record as it is, says so once, and never touches it again', async () => {
    world = await World.open(CONFIGURATION);
    const [one = ''] = await world.launch('api');
    await world.advance(5);
    expect((await rolecallOn(world, 'release', 'api.example.com')).code).toBe(0);
    await world.launch('api');
    await world.advance(5);
    await world.terminate(one);
    await world.advance(130);
    expect(await world.zone(PUB.id)).toEqual(['api.example.com A 60 203.0.113.11']);
    expect(world.journal.filter(({ kind }) => kind === 'conflict')).toMatchObject([
      { role: 'api', name: 'api.example.com', reason: 'foreign-record' },
    ]);
    expect((await rolecallOn(world, 'adopt', 'api.example.com', '--yes')).code).toBe(0);
    await world.advance(5);
    expect(await world.zone(PUB.id)).toEqual(['api.example.com A 60 203.0.113.12']);
  });

  it('refuses a name at which nothing is ours', async () => {
    world = await World.open(CONFIGURATION);
    const { code, stderr } = await rolecallOn(world, 'release', 'api.example.com');
    expect(code).toBe(1);
    expect(stderr).toContain('no record set of ours is at api.example.com');
  });
});
