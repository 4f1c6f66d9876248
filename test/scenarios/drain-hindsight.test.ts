import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import type { InvocationContext } from '../../local/runtime/lambda-host.ts';
import { World } from '../../local/simulation/world.ts';
import { HeldCall, isRoute53Write } from './held-call.ts';

const INT = 'Z0INT';
const IN_SYNC_MS = 30_000;
const LONG_TTL_MS = 300_000;

const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { int: { name: 'corp.internal', id: INT, private: true } },
  roles: { web: { names: [{ zone: 'int', ttl: '5m' }] }, cache: { names: [{ zone: 'int', ttl: '10s' }] } },
};

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

async function open(): Promise<string> {
  world = await World.open(CONFIGURATION, { route53: { inSyncMs: IN_SYNC_MS } });
  const [one = ''] = await world.launch('web', { count: 2 });
  await world.advance(10);
  expect(await world.zone(INT)).toEqual(['web.corp.internal A 300 10.0.0.11 10.0.0.12']);
  return one;
}

/** When the name without the instance was accepted. */
function withdrawnAtMs(): number {
  const batches = world.account.route53.batches.filter(({ changes }) =>
    changes.some(({ action, set }) => action === 'CREATE' && set.values.join() === '10.0.0.12'),
  );
  return batches.at(-1)?.atMs ?? Number.NaN;
}

/** How long after that the drain, asked for by tag, was over; in ms, found to the second. */
async function drainedAfterMs(instanceId: string): Promise<number> {
  const Tags = [{ Key: 'rolecall:drain', Value: 'yes' }];
  await world.user.ec2.send(new CreateTagsCommand({ Resources: [instanceId], Tags }));
  for (let seconds = 0; seconds < 900; seconds += 1) {
    await world.advance(1);
    if (world.journal.some((entry) => entry.kind === 'drained' && entry.instance === instanceId))
      return world.timeline.now() - withdrawnAtMs();
  }
  return Number.NaN;
}

describe('a drain waits too for the TTL of a name that the instance lost shortly before', () => {
  it('with its tag', async () => {
    const one = await open();
    await world.tag(one, 'cache');
    await world.advance(20);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 10 10.0.0.11', 'web.corp.internal A 300 10.0.0.12']);
    const afterMs = await drainedAfterMs(one);
    expect(afterMs).toBeGreaterThanOrEqual(IN_SYNC_MS + LONG_TTL_MS);
    expect(afterMs).toBeLessThan(IN_SYNC_MS + LONG_TTL_MS + 70_000);
  });

  it('as one that was sick', async () => {
    const one = await open();
    world.account.ec2.fleet.setImpaired(one, true);
    await world.advance(200);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 300 10.0.0.12']);
    const afterMs = await drainedAfterMs(one);
    expect(afterMs).toBeGreaterThanOrEqual(IN_SYNC_MS + LONG_TTL_MS);
    expect(afterMs).toBeLessThan(IN_SYNC_MS + LONG_TTL_MS + 70_000);
  });

  it('when it stopped, and has been started again since', async () => {
    const one = await open();
    await world.stop(one);
    await world.advance(10);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 300 10.0.0.12']);
    await world.start(one);
    const afterMs = await drainedAfterMs(one);
    expect(afterMs).toBeGreaterThanOrEqual(IN_SYNC_MS + LONG_TTL_MS);
    expect(afterMs).toBeLessThan(IN_SYNC_MS + LONG_TTL_MS + 70_000);
  });

  it('and for none that it lost longer ago', async () => {
    const one = await open();
    world.account.ec2.fleet.setImpaired(one, true);
    await world.advance(600);
    const askedAtMs = world.timeline.now() - withdrawnAtMs();
    expect(askedAtMs).toBeGreaterThan(IN_SYNC_MS + LONG_TTL_MS);
    expect(await drainedAfterMs(one)).toBeLessThan(askedAtMs + 60_000);
  });

  it('which a pass has still to take out of another zone', async () => {
    const held = new HeldCall(
      'Reconcile',
      (call) => isRoute53Write(call) && JSON.stringify(call.parameters).includes(INT),
    );
    const other = { name: 'other.internal', id: 'Z0ALT', private: true } as const;
    const configuration: Configuration = {
      owner: 'test',
      zones: { int: { name: 'corp.internal', id: INT, private: true }, other },
      roles: { web: { names: [{ zone: 'int', ttl: '5m' }] }, cache: { names: [{ zone: 'other', ttl: '5s' }] } },
    };
    world = await World.open(configuration, { hooks: held.hooks, route53: { inSyncMs: 1_000 } });
    const [one = ''] = await world.launch('web', { count: 2 });
    await world.advance(10);
    held.arm();
    await world.tag(one, 'cache');
    await world.advance(1);
    expect(held.isHolding).toBe(true);
    const pass = (group: string) => () =>
      void world.another('Reconcile', {})(world.wakeUp(group), {} as InvocationContext);
    world.timeline.after(3_000, pass('Z0ALT'));
    world.timeline.after(12_000, pass('drains'));
    world.timeline.after(18_000, () => held.letGoOn());
    const afterMs = await drainedAfterMs(one);
    expect(afterMs).toBeGreaterThanOrEqual(1_000 + LONG_TTL_MS);
    expect(afterMs).toBeLessThan(1_000 + LONG_TTL_MS + 70_000);
  });
});

describe('of those that end nothing is kept for a drain', () => {
  it('when they are terminated', async () => {
    const one = await open();
    await world.terminate(one);
    await world.advance(10);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 300 10.0.0.12']);
    expect(withdrawalsIn(world)).toBe(0);
  });

  it.each([
    ['is retagged', async (one: string) => await world.tag(one, 'cache')],
    ['stops, and may be started again', async (one: string) => await world.stop(one)],
  ])('but of one that %s it is', async (_what, leave) => {
    const one = await open();
    await leave(one);
    await world.advance(10);
    expect(withdrawalsIn(world)).toBe(1);
  });
});

function withdrawalsIn({ account }: World): number {
  return account.calls.flatMap(({ parameters }) => JSON.stringify(parameters).match(/"gone#/g) ?? []).length;
}
