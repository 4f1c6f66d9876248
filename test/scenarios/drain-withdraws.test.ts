import { CreateTagsCommand, DeleteTagsCommand } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { arnOf, rebalance, retirement, spotWarning } from './drain-signals.ts';

const INT = 'Z0INT';
const HOUR_MS = 3_600_000;

function configuration(drainOn?: NonNullable<Configuration['defaults']>['drainOn']): Configuration {
  return {
    owner: 'test',
    zones: { int: { name: 'corp.internal', id: INT, private: true } },
    ...(drainOn === undefined ? {} : { defaults: { drainOn } }),
    roles: { web: 'int' },
  };
}

const BOTH = ['web.corp.internal A 60 10.0.0.11 10.0.0.12'];
const OTHER = ['web.corp.internal A 60 10.0.0.12'];
const ONE = ['web.corp.internal A 60 10.0.0.11'];

let world: World;

async function open(drainOn?: NonNullable<Configuration['defaults']>['drainOn'], count = 2): Promise<string> {
  world = await World.open(configuration(drainOn));
  const [one = ''] = await world.launch('web', { count });
  await world.advance(10);
  expect(await world.zone(INT)).toEqual(count === 2 ? BOTH : ONE);
  return one;
}

afterEach(async () => {
  await world.closeCleanly();
});

async function setTag(instanceId: string, value: string | undefined): Promise<void> {
  const Resources = [instanceId];
  if (value === undefined) {
    await world.user.ec2.send(new DeleteTagsCommand({ Resources, Tags: [{ Key: 'rolecall:drain' }] }));
  } else {
    await world.user.ec2.send(new CreateTagsCommand({ Resources, Tags: [{ Key: 'rolecall:drain', Value: value }] }));
  }
}

describe('a spot interruption warning', () => {
  it('takes the member out of its name within the second, without any call to EC2', async () => {
    const one = await open();
    world.account.forgetCalls();
    spotWarning(world, one);
    await world.advance(1);
    expect(await world.zone(INT)).toEqual(OTHER);
    expect(world.account.callCount('ec2')).toBe(0);
    expect(world.journal.at(-1)).toMatchObject({ kind: 'change', reason: 'draining', instance: one });
  });

  it('takes out the last member too', async () => {
    const one = await open(undefined, 1);
    spotWarning(world, one);
    await world.advance(1);
    expect(await world.zone(INT)).toEqual([]);
  });

  it('of an earlier life does not concern an instance that was stopped and started', async () => {
    const one = await open();
    const atMs = world.timeline.now();
    spotWarning(world, one, atMs);
    await world.advance(2);
    await world.stop(one);
    await world.advance(20);
    await world.start(one);
    await world.advance(20);
    expect(await world.zone(INT)).toEqual(BOTH);
    spotWarning(world, one, atMs);
    await world.advance(20);
    expect(await world.zone(INT)).toEqual(BOTH);
  });

  it('of an instance that nobody knows is no matter', async () => {
    await open();
    spotWarning(world, 'i-0fffffffffffffff0');
    await world.advance(70);
    expect(await world.zone(INT)).toEqual(BOTH);
  });

  it('is not heeded where drainOn leaves it out', async () => {
    const one = await open(['hook', 'tag']);
    spotWarning(world, one);
    await world.advance(70);
    expect(await world.zone(INT)).toEqual(BOTH);
  });
});

describe('the tag rolecall:drain', () => {
  it('is not undone by a read that is older than it, nor done by one after it is gone', async () => {
    const one = await open();
    world.account.ec2.readLagMs = 30_000;
    const shown = async (seconds: number): Promise<string[]> => {
      const zones: string[] = [];
      for (let second = 0; second < seconds; second += 1) {
        await world.advance(1);
        zones.push(...(await world.zone(INT)));
      }
      return [...new Set(zones)];
    };
    await setTag(one, 'true');
    await world.advance(2);
    expect(await shown(130)).toEqual(OTHER);
    await setTag(one, undefined);
    await world.advance(2);
    expect(await shown(130)).toEqual(BOTH);
  });

  it('with the value false asks for nothing', async () => {
    const one = await open();
    await setTag(one, 'false');
    await world.advance(70);
    expect(await world.zone(INT)).toEqual(BOTH);
  });

  it('asks again after a stop and a start', async () => {
    const one = await open();
    await setTag(one, 'yes');
    await world.stop(one);
    await world.advance(20);
    await world.start(one);
    await world.advance(70);
    expect(await world.zone(INT)).toEqual(OTHER);
  });

  it('is not heeded where drainOn leaves it out', async () => {
    const one = await open(['hook']);
    await setTag(one, 'true');
    await world.advance(70);
    expect(await world.zone(INT)).toEqual(BOTH);
  });
});

describe('a rebalance recommendation', () => {
  it('leaves the last member until another serves', async () => {
    const one = await open(['rebalance'], 1);
    rebalance(world, one);
    await world.advance(70);
    expect(await world.zone(INT)).toEqual(ONE);
    await world.launch('web');
    await world.advance(10);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.40.11']);
  });

  it('is not heeded by default', async () => {
    const one = await open();
    rebalance(world, one);
    await world.advance(70);
    expect(await world.zone(INT)).toEqual(BOTH);
  });
});

describe('a Health notice of a retirement', () => {
  it.each([
    ['a bare id', (id: string) => id, 'AWS_EC2_INSTANCE_RETIREMENT_SCHEDULED'],
    ['an ARN', arnOf, 'AWS_EC2_PERSISTENT_INSTANCE_RETIREMENT_SCHEDULED'],
    ['a stop', arnOf, 'AWS_EC2_INSTANCE_STOP_SCHEDULED'],
  ])('acts in the last hour before its start: %s', async (_what, entityOf, code) => {
    const one = await open();
    retirement(world, [entityOf(one)], { startsAtMs: world.timeline.now() + 1.1 * HOUR_MS, code });
    await world.advance(300);
    expect(await world.zone(INT)).toEqual(BOTH);
    await world.advance(150);
    expect(await world.zone(INT)).toEqual(OTHER);
  });

  it('on several pages, and its copy from the backup region, act once', async () => {
    const one = await open();
    const startsAtMs = world.timeline.now() + 0.5 * HOUR_MS;
    retirement(world, [arnOf(one)], { startsAtMs, page: '2' });
    await world.advance(5);
    const batches = world.account.route53.batches.length;
    retirement(world, [one], { startsAtMs, page: '1', backup: true, atMs: world.timeline.now() });
    await world.advance(5);
    expect(await world.zone(INT)).toEqual(OTHER);
    expect(world.account.route53.batches).toHaveLength(batches);
  });

  it('that is closed takes the member back, and an older open one that is told late does not take it out again', async () => {
    const one = await open();
    const startsAtMs = world.timeline.now() + 0.5 * HOUR_MS;
    const openedAtMs = world.timeline.now();
    retirement(world, [one], { startsAtMs, atMs: openedAtMs });
    await world.advance(10);
    retirement(world, [one], { startsAtMs, status: 'closed' });
    await world.advance(5);
    expect(await world.zone(INT)).toEqual(BOTH);
    retirement(world, [one], { startsAtMs, atMs: openedAtMs });
    await world.advance(70);
    expect(await world.zone(INT)).toEqual(BOTH);
  });

  it('is put off with its start', async () => {
    const one = await open();
    retirement(world, [one], { startsAtMs: world.timeline.now() + 1.1 * HOUR_MS });
    await world.advance(10);
    retirement(world, [one], { startsAtMs: world.timeline.now() + 3 * HOUR_MS });
    await world.advance(600);
    expect(await world.zone(INT)).toEqual(BOTH);
  });

  it('leaves the last member', async () => {
    const one = await open(undefined, 1);
    retirement(world, [one], { startsAtMs: world.timeline.now() + 0.5 * HOUR_MS });
    await world.advance(70);
    expect(await world.zone(INT)).toEqual(ONE);
  });

  it('of maintenance that takes no address is no matter', async () => {
    const one = await open();
    const code = 'AWS_EC2_INSTANCE_REBOOT_MAINTENANCE_SCHEDULED';
    retirement(world, [one], { startsAtMs: world.timeline.now() + 0.5 * HOUR_MS, code });
    await world.advance(70);
    expect(await world.zone(INT)).toEqual(BOTH);
  });

  it('is not heeded where drainOn leaves it out', async () => {
    const one = await open(['spot']);
    retirement(world, [one], { startsAtMs: world.timeline.now() + 0.5 * HOUR_MS });
    await world.advance(70);
    expect(await world.zone(INT)).toEqual(BOTH);
  });
});

describe('a drain that a zone holds up', () => {
  it('is counted as overdue an hour after it could have ended, and no more once the zone takes it', async () => {
    const one = await open();
    const overdue = () => world.measurements.findLast(({ name }) => name === 'DrainsOverdue')?.value;
    const operation = 'ChangeResourceRecordSets';
    world.account.faults.add({ service: 'route53', operation, effect: 'throttle', times: 100_000 });
    await setTag(one, 'yes');
    await world.advance(60 * 60);
    expect(await world.zone(INT)).toEqual(BOTH);
    expect(overdue()).toBe(0);
    await world.advance(5 * 60);
    expect(overdue()).toBe(1);
    world.account.faults.clear();
    await world.advance(6 * 60);
    expect(await world.zone(INT)).toEqual(OTHER);
    expect(overdue()).toBe(0);
  });
});
