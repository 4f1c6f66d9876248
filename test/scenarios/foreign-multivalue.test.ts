import {
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';

const PUB = 'Z0PUB';

const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { pub: { name: 'example.com', id: PUB } },
  roles: { web: { names: [{ zone: 'pub', routing: 'multivalue' }] } },
};

const THEIRS = { Name: 'web.example.com', Type: 'A', TTL: 300, ResourceRecords: [{ Value: '192.0.2.1' }] } as const;

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

async function openWith(theirs: Partial<ResourceRecordSet>): Promise<void> {
  const set = { ...THEIRS, SetIdentifier: 'theirs', ResourceRecords: [...THEIRS.ResourceRecords], ...theirs };
  const ChangeBatch = { Changes: [{ Action: 'CREATE' as const, ResourceRecordSet: set }] };
  world = await World.open(CONFIGURATION, {
    before: async ({ user }) => {
      await user.route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: PUB, ChangeBatch }));
    },
  });
}

/** `identifier ttl value` of each set at the name. */
async function sets(): Promise<string[]> {
  const listed = await world.user.route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: PUB }));
  return (listed.ResourceRecordSets ?? [])
    .filter(({ Name }) => Name === 'web.example.com.')
    .map(({ SetIdentifier, TTL, ResourceRecords }) => `${SetIdentifier} ${TTL} ${ResourceRecords?.[0]?.Value}`);
}

const THEIR_SET = 'theirs 300 192.0.2.1';

function conflicts(): number {
  return world.journal.filter(({ kind }) => kind === 'conflict').length;
}

describe('a foreign set at a name with multivalue routing', () => {
  it('stands beside ours where it is a multivalue set too, and stays as it is when ours come and go', async () => {
    await openWith({ MultiValueAnswer: true });
    const [one = ''] = await world.launch('web');
    const [two = ''] = await world.launch('web');
    await world.advance(70);
    expect(await sets()).toEqual(
      expect.arrayContaining([THEIR_SET, `${one} 60 203.0.113.11`, `${two} 60 203.0.113.12`]),
    );
    await world.terminate(one);
    await world.advance(70);
    expect(await sets()).toHaveLength(2);
    await world.terminate(two);
    await world.advance(130);
    expect(await sets()).toEqual([THEIR_SET]);
    expect(conflicts()).toBe(0);
  });

  it('is a conflict where its routing is another, and ours come once it has gone', async () => {
    await openWith({ Weight: 1 });
    const [one = ''] = await world.launch('web');
    await world.advance(130);
    expect(await sets()).toEqual([THEIR_SET]);
    expect(conflicts()).toBe(1);
    const set = { ...THEIRS, SetIdentifier: 'theirs', Weight: 1, ResourceRecords: [...THEIRS.ResourceRecords] };
    const ChangeBatch = { Changes: [{ Action: 'DELETE' as const, ResourceRecordSet: set }] };
    await world.user.route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: PUB, ChangeBatch }));
    await world.advance(70);
    expect(await sets()).toEqual([`${one} 60 203.0.113.11`]);
  });

  it.each([
    ['lets ours come beside it where it takes the place of one that stood in the way', true, 3, 2],
    ['stays in the way where it takes the place of another plain one', false, 1, 1],
  ])('%s', async (_title, isBeside, expectedSets, expectedConflicts) => {
    const plain = { ...THEIRS, ResourceRecords: [...THEIRS.ResourceRecords] };
    const beside = { ...plain, SetIdentifier: 'theirs', MultiValueAnswer: true };
    const change = async (changes: { Action: 'CREATE' | 'DELETE'; ResourceRecordSet: ResourceRecordSet }[]) =>
      await world.user.route53.send(
        new ChangeResourceRecordSetsCommand({ HostedZoneId: PUB, ChangeBatch: { Changes: changes } }),
      );
    world = await World.open(CONFIGURATION, {});
    await change([{ Action: 'CREATE', ResourceRecordSet: plain }]);
    await world.launch('web', { count: 2 });
    await world.advance(30);
    expect(conflicts()).toBe(1);
    const next = isBeside ? beside : { ...plain, TTL: 60 };
    await change([
      { Action: 'DELETE', ResourceRecordSet: plain },
      { Action: 'CREATE', ResourceRecordSet: next },
    ]);
    await world.advance(130);
    expect(await sets()).toHaveLength(expectedSets);
    expect(conflicts()).toBe(expectedConflicts);
  });
});
