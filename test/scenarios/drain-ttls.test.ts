import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';

const INT = 'Z0INT';
const NAME = 'web.corp.internal';
const IN_SYNC_MS = 30_000;

const configuration = (ttl: '10s' | '60s' | '5m'): Configuration => ({
  owner: 'test',
  zones: { int: { name: 'corp.internal', id: INT, private: true } },
  roles: { web: { names: [{ zone: 'int', ttl }] } },
});

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

async function open(ttl: '10s' | '60s' | '5m', count = 2): Promise<string> {
  world = await World.open(configuration(ttl), { route53: { inSyncMs: IN_SYNC_MS } });
  const [one = ''] = await world.launch('web', { count });
  await world.advance(10);
  return one;
}

/** How many seconds after the request the drain, asked for by tag, was over. */
async function drainedAfterSeconds(instanceId: string): Promise<number> {
  const Tags = [{ Key: 'rolecall:drain', Value: 'yes' }];
  await world.user.ec2.send(new CreateTagsCommand({ Resources: [instanceId], Tags }));
  for (let seconds = 1; seconds < 1_500; seconds += 1) {
    await world.advance(1);
    if (world.journal.some((entry) => entry.kind === 'drained' && entry.instance === instanceId)) return seconds;
  }
  return Number.NaN;
}

describe('a drain waits for the longest TTL with which resolvers may have a name', () => {
  it('which hands had made shorter just before', async () => {
    const one = await open('5m');
    await world.edit(INT, 'UPSERT', NAME, 'A', 10, '10.0.0.11', '10.0.0.12');
    const seconds = await drainedAfterSeconds(one);
    expect(seconds).toBeGreaterThanOrEqual(330);
    expect(seconds).toBeLessThan(400);
  });

  it('which a deployment had made shorter just before', async () => {
    const one = await open('5m');
    await world.update(configuration('10s'));
    await world.advance(5);
    expect(await world.zone(INT)).toEqual([`${NAME} A 10 10.0.0.11 10.0.0.12`]);
    const seconds = await drainedAfterSeconds(one);
    expect(seconds).toBeGreaterThanOrEqual(325);
    expect(seconds).toBeLessThan(400);
  });

  it('which hands had made longer for a while', async () => {
    const one = await open('60s');
    await world.edit(INT, 'UPSERT', NAME, 'A', 600, '10.0.0.11', '10.0.0.12');
    await world.advance(70);
    expect(await world.zone(INT)).toEqual([`${NAME} A 60 10.0.0.11 10.0.0.12`]);
    const seconds = await drainedAfterSeconds(one);
    expect(seconds).toBeGreaterThanOrEqual(560);
    expect(seconds).toBeLessThan(640);
  });

  it.each([
    ['where others stay in it', 2],
    ['where nobody else is in it', 1],
  ])('which hands had deleted just before, %s', async (_title, count) => {
    const one = await open('5m', count);
    const [set = ''] = await world.zone(INT);
    await world.edit(INT, 'DELETE', NAME, 'A', 300, ...set.split(' ').slice(3));
    expect(await world.zone(INT)).toEqual([]);
    const seconds = await drainedAfterSeconds(one);
    expect(seconds).toBeGreaterThanOrEqual(300);
    expect(seconds).toBeLessThan(400);
  });

  it('but not for that of a set that hands made, in which it never was', async () => {
    const one = await open('60s');
    await world.edit(INT, 'UPSERT', NAME, 'A', 999, '192.0.2.66');
    const seconds = await drainedAfterSeconds(one);
    expect(seconds).toBeGreaterThanOrEqual(90);
    expect(seconds).toBeLessThan(150);
  });

  it('and no longer than for the one that it has where a deployment makes it longer', async () => {
    const one = await open('10s');
    await world.update(configuration('60s'));
    await world.advance(5);
    const seconds = await drainedAfterSeconds(one);
    expect(seconds).toBeGreaterThanOrEqual(90);
    expect(seconds).toBeLessThan(150);
  });
});
