import { ChangeResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';

const PUB = 'Z0PUB';
const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { pub: { name: 'example.com', id: PUB } },
  roles: { web: 'pub', api: 'pub' },
};

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

function refuseName(name: string): () => void {
  return world.account.faults.add({
    service: 'route53',
    operation: 'ChangeResourceRecordSets',
    effect: 'error-before',
    code: 'InvalidChangeBatch',
    status: 400,
    when: ({ parameters }) => JSON.stringify(parameters).includes(name),
  });
}

describe('a set that Route 53 refuses for no reason that can be seen', () => {
  it('is said once, is not sent at every sweep, and goes through within the hour once it may', async () => {
    world = await World.open(CONFIGURATION);
    await world.advance(5);
    const cease = refuseName('web.example.com');
    await world.launch('web api');
    await world.advance(70);
    expect(await world.zone(PUB)).toEqual(['api.example.com A 60 203.0.113.11']);
    world.account.forgetCalls();
    await world.advance(1800);
    expect(world.account.callCount('route53', 'ChangeResourceRecordSets')).toBe(0);
    expect(world.journal.filter(({ kind }) => kind === 'conflict')).toMatchObject([
      { role: 'web', name: 'web.example.com', reason: 'rejected' },
    ]);
    cease();
    await world.advance(1900);
    expect(await world.zone(PUB)).toEqual(['api.example.com A 60 203.0.113.11', 'web.example.com A 60 203.0.113.11']);
  });

  it('is sent at once when something else is wanted there', async () => {
    world = await World.open(CONFIGURATION);
    await world.advance(5);
    const cease = refuseName('web.example.com');
    await world.launch('web');
    await world.advance(70);
    cease();
    await world.launch('web');
    await world.advance(5);
    expect(await world.zone(PUB)).toEqual(['web.example.com A 60 203.0.113.11 203.0.113.12']);
    expect(world.journal).toContainEqual(expect.objectContaining({ reason: 'rejected', cleared: true }));
  });
});

describe('a serial that somebody replaced by an alias', () => {
  it('is said once, and the zone goes on when it is deleted', async () => {
    world = await World.open(CONFIGURATION);
    await world.launch('web');
    await world.advance(5);
    await world.deleteSerial(PUB);
    const alias = {
      Name: 'test._rolecall.example.com',
      Type: 'TXT' as const,
      AliasTarget: { HostedZoneId: PUB, DNSName: 'other.example.com', EvaluateTargetHealth: false },
    };
    await world.edit(PUB, 'CREATE', 'other.example.com', 'TXT', 60, '"other"');
    const change = async (Action: 'CREATE' | 'DELETE') =>
      await world.user.route53.send(
        new ChangeResourceRecordSetsCommand({
          HostedZoneId: PUB,
          ChangeBatch: { Changes: [{ Action, ResourceRecordSet: alias }] },
        }),
      );
    await change('CREATE');
    await world.launch('api');
    await world.advance(200);
    expect(world.journal.filter(({ kind }) => kind === 'withheld')).toMatchObject([
      { zone: 'example.com', reason: 'serial-unusable' },
    ]);
    await change('DELETE');
    await world.advance(130);
    expect(await world.zone(PUB)).toContain('api.example.com A 60 203.0.113.12');
  });
});

describe('a name that another role has', () => {
  it('is no foreign record to a role that comes to want it', async () => {
    const names = { names: [{ zone: 'pub', name: '{az}' }] };
    world = await World.open({ ...CONFIGURATION, roles: { web: names, api: names } });
    await world.launch('web', { subnetId: 'subnet-0000000000000a001' });
    await world.advance(5);
    await world.launch('api', { subnetId: 'subnet-0000000000000a001' });
    await world.advance(70);
    expect(await world.zone(PUB)).toEqual(['us-east-1a.example.com A 60 203.0.113.11']);
    expect(world.journal.filter(({ kind }) => kind === 'conflict')).toEqual([]);
    expect(world.journal.filter(({ kind }) => kind === 'withheld')).toMatchObject([
      { role: 'api', name: 'us-east-1a.example.com', reason: 'name-taken' },
    ]);
  });
});
