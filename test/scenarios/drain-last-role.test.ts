import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { HeldCall, isRoute53Write } from './held-call.ts';
import { attach, createGroup, scaleIn } from './scaling-group.ts';

const INT = 'Z0INT';
const IN_SYNC_MS = 30_000;
const TTL_MS = 60_000;

const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { int: { name: 'corp.internal', id: INT, private: true } },
  roles: { web: 'int', vault: { names: [{ zone: 'int' }], allow: { instanceProfiles: ['trusted-*'] } } },
};

const held = new HeldCall('Reconcile', isRoute53Write);
let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

/** Two members of a role, one of them in an Auto Scaling group with a termination hook: that one. */
async function open(): Promise<string> {
  world = await World.open(CONFIGURATION, { hooks: held.hooks, route53: { inSyncMs: IN_SYNC_MS } });
  await createGroup(world, { name: 'leave', heartbeatSeconds: 300 });
  const [one = ''] = await world.launch('web', { count: 2 });
  await attach(world, one);
  await world.advance(10);
  expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.11 10.0.0.12']);
  return one;
}

/** How long it then waits at its hook; in ms, found to the second. */
async function waitMs(instanceId: string): Promise<number> {
  const fromMs = world.timeline.now();
  await scaleIn(world, instanceId);
  for (let seconds = 0; seconds < 300; seconds += 1) {
    await world.advance(1);
    if (world.account.callCount('autoscaling', 'CompleteLifecycleAction') > 0) return world.timeline.now() - fromMs;
  }
  return Number.NaN;
}

describe('an instance that comes to a termination hook after it lost its last role', () => {
  it.each([
    ['with its tag', async (one: string) => await world.tag(one, '')],
    ['for one that the configuration does not have', async (one: string) => await world.tag(one, 'unheard-of')],
    ['for one that does not admit it', async (one: string) => await world.tag(one, 'vault')],
    [
      'by a deployment',
      async () => {
        const { web: _web, ...roles } = CONFIGURATION.roles;
        await world.update({ ...CONFIGURATION, roles, allowLargeChange: true });
      },
    ],
  ])('%s, waits until resolvers have forgotten it', async (_how, lose) => {
    const one = await open();
    await lose(one);
    await world.advance(20);
    expect(await world.zone(INT)).not.toContain('web.corp.internal A 60 10.0.0.11 10.0.0.12');
    const waitedMs = await waitMs(one);
    expect(waitedMs).toBeGreaterThanOrEqual(IN_SYNC_MS + TTL_MS - 20_000);
    expect(waitedMs).toBeLessThan(IN_SYNC_MS + TTL_MS + 10_000);
  });

  it.each([
    ['with its tag', async (one: string) => await world.tag(one, '')],
    [
      'by a deployment',
      async () => {
        const { web: _web, ...roles } = CONFIGURATION.roles;
        await world.update({ ...CONFIGURATION, roles, allowLargeChange: true });
      },
    ],
  ])('%s, waits for the pass that has still to take its name away', async (_how, lose) => {
    const one = await open();
    held.arm();
    await lose(one);
    await world.advance(1);
    expect(held.isHolding).toBe(true);
    world.timeline.after(10_000, () => held.letGoOn());
    const waitedMs = await waitMs(one);
    expect(waitedMs).toBeGreaterThanOrEqual(IN_SYNC_MS + TTL_MS);
    expect(waitedMs).toBeLessThan(IN_SYNC_MS + TTL_MS + 60_000);
  });

  it('is let go on at once where it lost that longer ago', async () => {
    const one = await open();
    await world.tag(one, '');
    await world.advance(200);
    expect(await waitMs(one)).toBeLessThan(5_000);
  });
});
