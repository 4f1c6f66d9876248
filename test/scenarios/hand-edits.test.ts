import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';

const PUB = 'Z0PUB';
const CONFIGURATION: Configuration = {
  owner: 'test',
  defaults: { drift: 'report' },
  zones: { pub: { name: 'example.com', id: PUB } },
  roles: { web: 'pub', api: 'pub' },
};

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

describe('a hand edit of a role that only reports drift', () => {
  it('stays and is said once, whatever comes, but for the address of an instance that goes', async () => {
    world = await World.open(CONFIGURATION);
    const [one = ''] = await world.launch('web', { count: 2 });
    await world.advance(5);
    await world.edit(PUB, 'UPSERT', 'web.example.com', 'A', 300, '203.0.113.11', '203.0.113.12', '192.0.2.1');
    await world.advance(130);
    expect(await world.zone(PUB)).toEqual(['web.example.com A 300 192.0.2.1 203.0.113.11 203.0.113.12']);
    const said = world.journal.filter(({ kind }) => kind === 'drift' || kind === 'withheld');
    expect(said).toMatchObject([
      { kind: 'withheld', name: 'web.example.com', reason: 'hand-edited' },
      { kind: 'drift', name: 'web.example.com', before: ['203.0.113.11', '203.0.113.12'] },
    ]);

    world.account.forgetCalls();
    await world.launch('web');
    await world.terminate(one);
    await world.advance(70);
    expect(await world.zone(PUB)).toEqual(['web.example.com A 300 192.0.2.1 203.0.113.12']);
    expect(world.account.callCount('route53', 'ChangeResourceRecordSets')).toBe(1);
    expect(world.journal.filter(({ kind }) => kind === 'drift' || kind === 'withheld')).toHaveLength(2);
  });

  it('that comes to light only as an instance goes still does not keep its address', async () => {
    world = await World.open(CONFIGURATION);
    const [one = ''] = await world.launch('web', { count: 2 });
    await world.advance(5);
    await world.edit(PUB, 'UPSERT', 'web.example.com', 'A', 5, '203.0.113.11', '192.0.2.1');
    await world.terminate(one);
    await world.advance(2);
    expect(await world.zone(PUB)).toEqual(['web.example.com A 5 192.0.2.1']);
  });

  it('ends when the set is put back, and members count again', async () => {
    world = await World.open(CONFIGURATION);
    await world.launch('web');
    await world.advance(5);
    await world.edit(PUB, 'UPSERT', 'web.example.com', 'A', 60, '192.0.2.1');
    await world.advance(65);
    await world.launch('web');
    await world.advance(5);
    expect(await world.zone(PUB)).toEqual(['web.example.com A 60 192.0.2.1']);
    await world.edit(PUB, 'UPSERT', 'web.example.com', 'A', 60, '203.0.113.11');
    await world.advance(65);
    expect(await world.zone(PUB)).toEqual(['web.example.com A 60 203.0.113.11 203.0.113.12']);
    expect(world.journal.at(-1)).toBeDefined();
    expect(world.journal).toContainEqual(expect.objectContaining({ reason: 'hand-edited', cleared: true }));
  });

  it('is repaired by a deployment that says so', async () => {
    world = await World.open(CONFIGURATION);
    await world.launch('web');
    await world.advance(5);
    await world.edit(PUB, 'DELETE', 'web.example.com', 'A', 60, '203.0.113.11');
    await world.advance(65);
    expect(await world.zone(PUB)).toEqual([]);
    await world.update({ ...CONFIGURATION, defaults: { drift: 'repair' } });
    await world.advance(5);
    expect(await world.zone(PUB)).toEqual(['web.example.com A 60 203.0.113.11']);
  });

  it('at the name of an Elastic IP leaves the MX as it was, whoever has the address', async () => {
    const mail = {
      names: [{ zone: 'pub' as const, name: 'mx{ordinal}' }],
      mx: { name: 'example.com' },
      elasticIp: { pool: 'mail' },
      whenEmpty: 'keep' as const,
    };
    world = await World.open(
      { ...CONFIGURATION, roles: { mail } },
      { before: async ({ account }) => void account.ec2.allocateAddress({ 'rolecall:pool': 'mail' }) },
    );
    const [one = ''] = await world.launch('mail', { count: 2 });
    await world.advance(70);
    const exchange = 'example.com MX 60 10 mx1.example.com';
    expect(await world.zone(PUB)).toEqual([exchange, 'mx1.example.com A 60 203.0.113.11']);
    await world.edit(PUB, 'UPSERT', 'mx1.example.com', 'A', 5, '192.0.2.66');
    await world.advance(70);
    await world.terminate(one);
    await world.advance(130);
    expect(await world.zone(PUB)).toEqual([exchange, 'mx1.example.com A 5 192.0.2.66']);
    expect(world.journal.filter(({ kind }) => kind === 'drift')).toMatchObject([{ name: 'mx1.example.com' }]);
  });
});
