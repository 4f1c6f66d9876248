import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World, type WorldOptions } from '../../local/simulation/world.ts';
import { validated } from './validated.ts';
import { PUB } from './worlds.ts';
import { rolecallOn } from './world-target.ts';
import { withAddresses } from '../scenarios/pool-addresses.ts';

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

async function open(
  roles: Configuration['roles'] = {},
  route53: WorldOptions['route53'] = {},
): Promise<{ readonly one: string; readonly two: string }> {
  world = await World.open(
    {
      owner: 'test',
      zones: { pub: PUB },
      roles: {
        mail: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], elasticIp: { pool: 'mail' }, whenEmpty: 'keep' },
        ...roles,
      },
    },
    {
      route53,
      before: withAddresses('mail'),
    },
  );
  await world.advance(5);
  const [one = ''] = await world.launch(['mail', ...Object.keys(roles)].join(' '));
  await world.advance(10);
  const [two = ''] = await world.launch(['mail', ...Object.keys(roles)].join(' '));
  await world.advance(10);
  return { one, two };
}

describe('rolecall move', () => {
  it('says what would happen and writes nothing with --dry-run', async () => {
    const { one, two } = await open();
    world.account.forgetCalls();
    const { code, stdout } = await rolecallOn(world, 'move', 'mail', '--to', two, '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain(`would move ${one} -> ${two}`);
    expect(stdout).toContain('\nno other name would change\n');
    const writes = world.account.calls.filter(({ operation }) =>
      /^(Put|Update|Transact|Associate|Send)/.test(operation),
    );
    expect(writes).toEqual([]);
  });

  it('moves the address and tells how long each step took', async () => {
    const { one, two } = await open();
    const { code, stdout, stderr } = await rolecallOn(world, 'move', 'mail', '--to', two);
    expect(stderr).toContain('in the world');
    expect(code).toBe(0);
    expect(stdout).toContain(`moved ${one} -> ${two}`);
    expect(stdout).toContain('verified');
    expect(world.journal).toContainEqual(expect.objectContaining({ kind: 'moved', reason: 'moved', to: two }));
  });

  it('refuses what is no member, and changes nothing', async () => {
    await open();
    const { code, stderr } = await rolecallOn(world, 'move', 'mail', '--to', 'i-00000000000000bad');
    expect(code).toBe(1);
    expect(stderr).toContain('is no member of the role mail');
    expect(world.account.callCount('ec2', 'AssociateAddress')).toBe(1);
  });
});

async function publicAddress(instanceId: string): Promise<string> {
  const { Reservations } = await world.user.ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
  return Reservations?.[0]?.Instances?.[0]?.PublicIpAddress ?? '';
}

describe('the names on the addresses of the instances themselves', () => {
  it('are waited for until they are in sync, and each step is timed', async () => {
    const { one, two } = await open({ web: 'pub' }, { inSyncMs: 5_000 });
    const moved = await publicAddress(one);
    const left = await publicAddress(two);
    expect(await world.zone('Z0AAA')).toEqual([`mx1.example.com A 60 ${moved}`, expect.stringContaining(left)]);
    // EC2 tells of the new address of the old holder only later.
    world.account.faults.add({
      service: 'ec2',
      operation: 'DescribeInstances',
      effect: 'error-before',
      times: 1,
      when: ({ caller }) => caller === 'Observe',
    });
    const startedAtMs = world.timeline.now();
    const { code, stdout } = await rolecallOn(world, 'move', 'mail', '--to', two);
    expect(code).toBe(0);
    const own = await publicAddress(one);
    expect(own).not.toBe(moved);
    const web = ['web.example.com', 'A', '60', ...[moved, own].sort()].join(' ');
    expect(await world.zone('Z0AAA')).toEqual([`mx1.example.com A 60 ${moved}`, web]);
    expect(world.timeline.now() - startedAtMs).toBeGreaterThanOrEqual(5_000);
    expect(stdout).toMatch(/^web\.example\.com followed in \d+ ms$/m);
    expect(stdout).toMatch(new RegExp(`^  names of ${one} +\\d+ ms$`, 'm'));
    expect(stdout).toMatch(new RegExp(`^  new address of ${one} +\\d+ ms$`, 'm'));
    expect(stdout).toMatch(/^ {2}in sync +\d+ ms$/m);
  });

  it('are told by --dry-run', async () => {
    const { two } = await open({ web: 'pub' });
    expect((await rolecallOn(world, 'move', 'mail', '--to', two, '--dry-run')).stdout).toContain(
      '\nweb.example.com would follow\n',
    );
    const result = validated(await rolecallOn(world, 'move', 'mail', '--to', two, '--dry-run', '--json'));
    expect(result).toMatchObject({ moved: false, follows: ['web.example.com'] });
  });

  it('are in the JSON with the time of each step', async () => {
    const { one, two } = await open({ web: 'pub' });
    const result = validated(await rolecallOn(world, 'move', 'mail', '--to', two, '--json'));
    expect(result).toMatchObject({
      moved: true,
      steps: [{ step: 'checked' }, { step: 'slot given' }, { step: 'associated' }, { step: 'verified' }],
      dns: {
        outcome: 'followed',
        names: ['web.example.com'],
        steps: [{ step: `names of ${two}` }, { step: `new address of ${one}` }, { step: 'in sync' }],
      },
    });
  });

  it('are said to be none where every name is on the address that moved', async () => {
    const { two } = await open();
    const changes = world.account.callCount('route53', 'ChangeResourceRecordSets');
    expect((await rolecallOn(world, 'move', 'mail', '--to', two)).stdout).toContain('no other name changes\n');
    expect(world.account.callCount('route53', 'ChangeResourceRecordSets')).toBe(changes);
  });

  it('are not waited for with --no-wait', async () => {
    const { two } = await open({ web: 'pub' }, { inSyncMs: 50_000 });
    const result = validated(await rolecallOn(world, 'move', 'mail', '--to', two, '--no-wait', '--json'));
    expect(result).toMatchObject({ moved: true, dns: { outcome: 'not-waited', names: [], steps: [] } });
  });

  it('fail the command where they have not followed after two minutes, though the address has moved', async () => {
    const { two } = await open({ web: 'pub' });
    world.account.faults.add({ service: 'route53', operation: 'ChangeResourceRecordSets', effect: 'error-before' });
    const { code, stdout } = await rolecallOn(world, 'move', 'mail', '--to', two);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^DNS has not followed after 12\d{4} ms; rolecall status shows what is still to do$/m);
    world.account.faults.clear();
  });
});
