import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { validated } from './validated.ts';
import { rolecallOn } from './world-target.ts';

const zones: Configuration['zones'] = { int: { name: 'corp.internal', id: 'Z0INT', private: true } };

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

async function open(roles: Configuration['roles']): Promise<void> {
  world = await World.open({ owner: 'test', zones, roles }, { route53: { inSyncMs: 20_000 } });
  await world.advance(5);
}

async function tagDrain(instanceId: string): Promise<void> {
  const Tags = [{ Key: 'rolecall:drain', Value: 'yes' }];
  await world.user.ec2.send(new CreateTagsCommand({ Resources: [instanceId], Tags }));
}

describe('the countdown of a drain', () => {
  it('is shown by status, members and explain, from the withdrawal until it has drained', async () => {
    await open({ web: { names: [{ zone: 'int' }], ttl: '90s' } });
    const [one = '', two = ''] = await world.launch('web', { count: 2 });
    await world.advance(10);
    await tagDrain(one);
    await world.advance(5);

    const shown = async (): Promise<string | undefined> => {
      const [status, members] = [await rolecallOn(world, 'status'), await rolecallOn(world, 'members', 'web')];
      const row = new RegExp(`${one}  (.+?)  `);
      const inStatus = row.exec(status.stdout)?.[1];
      expect(row.exec(members.stdout)?.[1]).toBe(inStatus);
      expect(status.stdout).toMatch(new RegExp(`${two}  serving  `));
      return inStatus;
    };
    expect(await shown()).toBe('draining, being withdrawn');
    expect((await rolecallOn(world, 'explain', one)).stdout).toMatch(
      /^ {2}– +web +its names are being withdrawn \[being withdrawn\]$/m,
    );
    await world.advance(30);
    const first = Number(/^draining, (\d+) s left$/.exec((await shown()) ?? '')?.[1]);
    expect(first).toBeGreaterThan(60);
    expect(first).toBeLessThanOrEqual(90);
    await world.advance(10);
    expect(await shown()).toBe(`draining, ${first - 10} s left`);
    expect((await rolecallOn(world, 'explain', one)).stdout).toMatch(
      new RegExp(
        `^  – +web +withdrawn everywhere; resolvers may remember it, until 2026-01-05T\\S+Z \\[${first - 10} s left\\]$`,
        'm',
      ),
    );
    await world.advance(first);
    expect(await shown()).toBe('draining, drained');
  });

  const ordered = (...members: readonly { readonly instanceId: string; readonly [field: string]: unknown }[]) =>
    members.toSorted((a, b) => (a.instanceId < b.instanceId ? -1 : 1));

  it('is part of their JSON, with the time at which it ends', async () => {
    await open({ web: { names: [{ zone: 'int' }] } });
    const [one = '', two = ''] = await world.launch('web', { count: 2 });
    await world.advance(10);
    await tagDrain(one);
    await world.advance(40);
    const drain = {
      stage: 'waiting',
      until: expect.stringMatching(/^2026-01-05T12:01:\d\d\.\d{3}Z$/),
      secondsLeft: expect.any(Number),
    };
    expect(validated(await rolecallOn(world, 'status', '--json'))).toMatchObject({
      roles: [{ members: ordered({ instanceId: one, standing: 'draining', drain }, { instanceId: two }) }],
    });
    const members = validated(await rolecallOn(world, 'members', '--json'));
    expect(members).toMatchObject({ members: ordered({ instanceId: one, drain }, { instanceId: two }) });
    expect(JSON.stringify(members).match(/"drain"/g)).toHaveLength(1);
  });

  it('is not shown in a role that does not heed what asks', async () => {
    await open({
      web: { names: [{ zone: 'int' }] },
      db: { names: [{ zone: 'int' }], drainOn: ['hook'] },
    });
    const [one = ''] = await world.launch('web db', { count: 2 });
    await world.advance(10);
    await tagDrain(one);
    await world.advance(5);
    expect((await rolecallOn(world, 'members', 'db')).stdout).toMatch(new RegExp(`${one} +serving  `));
    expect((await rolecallOn(world, 'members', 'web')).stdout).toMatch(new RegExp(`${one} +draining, being withdrawn`));
  });

  it('says that the last of a role serves on until another does', async () => {
    await open({ web: { names: [{ zone: 'int' }], drainOn: ['rebalance'] } });
    const [one = ''] = await world.launch('web');
    await world.advance(10);
    world.account.events.put({
      version: '0',
      id: '1',
      'detail-type': 'EC2 Instance Rebalance Recommendation',
      source: 'aws.ec2',
      account: '123456789012',
      time: '2026-01-05T12:00:20Z',
      region: 'us-east-1',
      resources: [`arn:aws:ec2:us-east-1a:instance/${one}`],
      detail: { 'instance-id': one },
    });
    await world.advance(5);
    expect((await rolecallOn(world, 'members')).stdout).toContain(`${one}  serving, leaves when another serves  `);
  });
});
