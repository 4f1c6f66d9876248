import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { validated } from './validated.ts';
import { rolecallOn } from './world-target.ts';

const INT = 'Z0INT';
const IN_SYNC_MS = 20_000;
const TTL_MS = 60_000;

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

async function open(more: Partial<Configuration> = {}): Promise<string> {
  const zones: Configuration['zones'] = { int: { name: 'corp.internal', id: INT, private: true } };
  world = await World.open(
    { owner: 'test', zones, roles: { web: { names: [{ zone: 'int' }], drainOn: [] } }, ...more },
    { route53: { inSyncMs: IN_SYNC_MS } },
  );
  const [one = ''] = await world.launch('web', { count: 2 });
  await world.advance(10);
  return one;
}

function stateOf(instanceId: string): string {
  return world.account.ec2.fleet.find(instanceId)?.state ?? 'forgotten';
}

describe('rolecall drain', () => {
  it('withdraws the instance, counts down, and ends no earlier than INSYNC and the TTL', async () => {
    const one = await open();
    const askedAtMs = world.timeline.now();
    const { code, stdout, stderr } = await rolecallOn(world, 'drain', one, '--reason', 'kernel');
    expect(code).toBe(0);
    expect(world.timeline.now() - askedAtMs).toBeGreaterThanOrEqual(IN_SYNC_MS + TTL_MS);
    expect(stdout).toMatch(new RegExp(`^${one} has drained \\(\\d+ s\\): web\n$`));
    expect(stderr).toContain('Writing to the world.');
    expect(stderr).toContain('its names are being withdrawn');
    expect(stderr).toContain('resolvers may remember it for 30 s more');
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.12']);
    expect(stateOf(one)).toBe('running');
    expect(world.journal.filter(({ kind }) => kind === 'drained')).toMatchObject([
      { role: 'web', instance: one, asked: ['request'], detail: 'kernel' },
    ]);
  });

  it('terminates with the credentials of the user where the configuration does not allow it to the Lambda', async () => {
    const one = await open();
    const { stdout } = await rolecallOn(world, 'drain', one, '--terminate');
    expect(stdout).toContain('has drained, and is terminated');
    expect(stateOf(one)).toMatch(/shutting-down|terminated/);
    const terminations = world.account.calls.filter(({ operation }) => operation === 'TerminateInstances');
    expect(terminations.map(({ caller }) => caller)).toEqual(['cli']);
    await world.advance(5);
  });

  it('leaves the termination to the Lambda where allowTerminate is set, even without waiting', async () => {
    const one = await open({ allowTerminate: true });
    const askedAtMs = world.timeline.now();
    const result = await rolecallOn(world, 'drain', one, '--terminate', '--no-wait', '--json');
    expect(validated(result)).toMatchObject({ instanceId: one, roles: ['web'], outcome: 'asked', waitedSeconds: 0 });
    await world.advance((IN_SYNC_MS + TTL_MS) / 1000 - 1);
    expect(stateOf(one)).toBe('running');
    await world.advance(30);
    expect(stateOf(one)).toMatch(/shutting-down|terminated/);
    const terminations = world.account.calls.filter(({ operation }) => operation === 'TerminateInstances');
    expect(terminations.map(({ caller }) => caller)).toEqual(['Reconcile']);
    expect(terminations[0]?.atMs).toBeGreaterThanOrEqual(askedAtMs + IN_SYNC_MS + TTL_MS);
    expect(world.journal.filter(({ kind }) => kind === 'drained')).toMatchObject([{ instance: one, terminated: true }]);
  });

  it.each([
    ['the Lambda', true],
    ['the user', false],
  ])('says that an instance died first, which %s was to terminate, and terminates nothing', async (_who, allowed) => {
    const one = await open({ allowTerminate: allowed });
    world.timeline.after(10_000, () => void world.terminate(one));
    const { code, stdout } = await rolecallOn(world, 'drain', one, '--terminate');
    expect(stdout).toMatch(
      new RegExp(`^${one} went before it had drained: resolvers may remember it yet \\(1\\d s\\): web\n$`),
    );
    expect(code).toBe(0);
    const terminations = world.account.calls.filter(({ operation }) => operation === 'TerminateInstances');
    expect(terminations.map(({ caller }) => caller)).toEqual(['user']);
    expect(world.journal.filter(({ kind }) => kind === 'drained')).toEqual([]);
  });

  it('says that the Lambda terminated the instance once it had drained', async () => {
    const one = await open({ allowTerminate: true });
    const { stdout } = await rolecallOn(world, 'drain', one, '--terminate');
    expect(stdout).toContain(`${one} has drained, and is terminated (`);
  });

  it('refuses --terminate with --no-wait where nobody would terminate', async () => {
    const one = await open();
    const { code, stderr } = await rolecallOn(world, 'drain', one, '--terminate', '--no-wait');
    expect(code).toBe(64);
    expect(stderr).toContain('needs allowTerminate');
    await world.advance(5);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.11 10.0.0.12']);
  });

  it.each([
    ['web', 'is no instance id'],
    ['i-0fffffffffffffff0', 'is no running member'],
  ])('refuses %s, with exit code 64', async (name, message) => {
    await open();
    const { code, stderr } = await rolecallOn(world, 'drain', name);
    expect(code).toBe(64);
    expect(stderr).toContain(message);
  });
});

describe('rolecall undrain', () => {
  it('brings the instance back, and it can be drained again', async () => {
    const one = await open();
    await rolecallOn(world, 'drain', one, '--no-wait');
    await world.advance(3);
    expect((await rolecallOn(world, 'undrain', one)).stdout).toBe(`${one} is no longer asked to leave\n`);
    await world.advance(3);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.11 10.0.0.12']);
    await world.advance(200);
    expect(world.journal.filter(({ kind }) => kind === 'drained')).toEqual([]);
    await rolecallOn(world, 'drain', one, '--no-wait');
    await world.advance(3);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.12']);
  });

  it('says what else asks it to leave', async () => {
    const one = await open();
    const Tags = [{ Key: 'rolecall:drain', Value: 'yes' }];
    await world.user.ec2.send(new CreateTagsCommand({ Resources: [one], Tags }));
    await world.advance(3);
    expect(validated(await rolecallOn(world, 'undrain', one, '--json'))).toMatchObject({ left: ['tag'] });
  });
});
