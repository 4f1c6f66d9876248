import { ChangeResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';

const INT = 'Z0INT';
const NAME = 'cache.corp.internal';
const OURS = `${NAME} A 60 10.0.0.11`;
const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { int: { name: 'corp.internal', id: INT, private: true } },
  roles: { cache: 'int' },
};

let world: World;

beforeEach(async () => {
  world = await World.open(CONFIGURATION);
  await world.launch('cache');
  await world.advance(10);
});

afterEach(async () => {
  await world.closeCleanly();
});

const said = (kind: string) => world.journal.filter((entry) => entry.kind === kind);

const DRIFT = { kind: 'drift', role: 'cache', zone: 'corp.internal', name: NAME, type: 'A', reason: 'drift' };
const CONFLICT = { kind: 'conflict', role: 'cache', zone: 'corp.internal', name: NAME, type: 'A' };

it('a name of ours that another’s CNAME came to is nobody’s any more when its member ends, and the other’s stays', async () => {
  await world.edit(INT, 'DELETE', NAME, 'A', 60, '10.0.0.11');
  await world.edit(INT, 'CREATE', NAME, 'CNAME', 300, 'elsewhere.example.net');
  await world.advance(130);
  const [instance] = world.account.ec2.listedInstances();
  await world.terminate(instance?.id ?? '');
  await world.advance(200);
  expect(await world.zone(INT)).toEqual([`${NAME} CNAME 300 elsewhere.example.net`]);
  expect(said('drift')).toHaveLength(1);
});

it('a set of ours that hands change, and whose repair Route 53 refuses, is said to be changed once', async () => {
  const cease = world.account.faults.add({
    service: 'route53',
    operation: 'ChangeResourceRecordSets',
    effect: 'error-before',
    code: 'InvalidChangeBatch',
    status: 400,
    when: ({ parameters, caller }) => caller === 'Reconcile' && JSON.stringify(parameters).includes(NAME),
  });
  await world.edit(INT, 'UPSERT', NAME, 'A', 60, '10.0.0.99');
  await world.advance(300);
  expect(said('drift')).toEqual([{ ...DRIFT, before: ['10.0.0.11'], after: ['10.0.0.99'] }]);
  expect(said('conflict')).toMatchObject([{ ...CONFLICT, reason: 'rejected' }]);
  cease();
  await world.advance(3_700);
  expect(await world.zone(INT)).toEqual([OURS]);
});

it('a set of ours that hands put an alias in the place of is said to be so once, and nothing is tried in vain', async () => {
  await world.edit(INT, 'CREATE', 'other.corp.internal', 'A', 60, '10.0.0.98');
  await world.edit(INT, 'DELETE', NAME, 'A', 60, '10.0.0.11');
  const AliasTarget = { HostedZoneId: INT, DNSName: 'other.corp.internal', EvaluateTargetHealth: false };
  const change = async (Action: 'CREATE' | 'DELETE') =>
    await world.user.route53.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: INT,
        ChangeBatch: { Changes: [{ Action, ResourceRecordSet: { Name: NAME, Type: 'A', AliasTarget } }] },
      }),
    );
  await change('CREATE');
  await world.advance(300);
  expect(said('drift')).toEqual([{ ...DRIFT, before: ['10.0.0.11'], after: [] }]);
  expect(said('conflict')).toMatchObject([{ ...CONFLICT, reason: 'foreign-record' }]);
  await change('DELETE');
  await world.advance(65);
  expect(await world.zone(INT)).toContain(OURS);
});
