import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { attach, createGroup, GROUP, type Hook, scaleIn } from './scaling-group.ts';

const INT = 'Z0INT';
const IN_SYNC_MS = 30_000;
const TTL_MS = 60_000;

const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { int: { name: 'corp.internal', id: INT, private: true } },
  roles: {
    web: 'int',
    single: { names: [{ zone: 'int' }], holders: 1 },
    quiet: { names: [{ zone: 'int' }], drainOn: ['spot'] },
  },
};

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

async function open(hooks: readonly Hook[], role = 'web', count = 2): Promise<string> {
  world = await World.open(CONFIGURATION, { route53: { inSyncMs: IN_SYNC_MS } });
  await createGroup(world, ...hooks);
  const InstanceIds = await world.launch(role, { count });
  await attach(world, ...InstanceIds);
  await world.advance(10);
  return InstanceIds[0] ?? '';
}

function callsTo(operation: string) {
  return world.account.calls.filter((call) => call.service === 'autoscaling' && call.operation === operation);
}

const DRAIN = { name: 'drain', heartbeatSeconds: 300 };

describe('an instance that waits at a termination hook', () => {
  it('is let go on where the zone of its names is gone for good, and not held until Auto Scaling gives up', async () => {
    const one = await open([DRAIN]);
    await world.edit(INT, 'DELETE', 'web.corp.internal', 'A', 60, '10.0.0.11', '10.0.0.12');
    await world.deleteSerial(INT);
    world.account.route53.deleteZone(INT);
    await scaleIn(world, one);
    await world.advance((2 * (IN_SYNC_MS + TTL_MS)) / 1000);
    expect(callsTo('CompleteLifecycleAction')).toHaveLength(1);
    expect(world.journal).toContainEqual(expect.objectContaining({ kind: 'withheld', reason: 'zone-gone' }));
  });

  it('is let go on where it holds an exclusive role whose only zone is gone for good, with a batch on its way', async () => {
    const one = await open([DRAIN], 'single');
    const [, two = ''] = world.account.ec2.listedInstances().map(({ id }) => id);
    world.account.faults.add({ service: 'route53', effect: 'timeout-before' });
    await world.terminate(one);
    await world.advance(5);
    world.account.faults.clear();
    await world.edit(INT, 'DELETE', 'single.corp.internal', 'A', 60, '10.0.0.11');
    await world.deleteSerial(INT);
    world.account.route53.deleteZone(INT);
    await scaleIn(world, two);
    await world.advance((2 * (IN_SYNC_MS + TTL_MS)) / 1000);
    expect(callsTo('CompleteLifecycleAction')).toHaveLength(1);
  });

  it('waits out the TTL where the zone goes before anybody knows that a batch has taken it out of there', async () => {
    const one = await open([DRAIN]);
    world.account.faults.add({ service: 'route53', operation: 'ChangeResourceRecordSets', effect: 'timeout-after' });
    world.account.faults.add({ service: 'route53', operation: 'ListResourceRecordSets', effect: 'error-before' });
    await scaleIn(world, one);
    await world.advance(5);
    world.account.faults.clear();
    const outAtMs = world.timeline.now();
    await world.edit(INT, 'DELETE', 'web.corp.internal', 'A', 60, '10.0.0.12');
    await world.deleteSerial(INT);
    world.account.route53.deleteZone(INT);
    await world.advance(250);
    const [completion] = callsTo('CompleteLifecycleAction');
    expect((completion?.atMs ?? 0) - outAtMs).toBeGreaterThanOrEqual(IN_SYNC_MS + TTL_MS - 5_000);
  });

  it('waits out the TTL of a name that stood in a zone when that was deleted', async () => {
    const one = await open([DRAIN]);
    await world.edit(INT, 'DELETE', 'web.corp.internal', 'A', 60, '10.0.0.11', '10.0.0.12');
    await world.deleteSerial(INT);
    world.account.route53.deleteZone(INT);
    const outAtMs = world.timeline.now();
    await scaleIn(world, one);
    await world.advance(250);
    const [completion] = callsTo('CompleteLifecycleAction');
    expect((completion?.atMs ?? 0) - outAtMs).toBeGreaterThanOrEqual(IN_SYNC_MS + TTL_MS);
  });

  it('leaves its names at once, and goes no earlier than INSYNC and the TTL', async () => {
    const one = await open([DRAIN]);
    const askedAtMs = world.timeline.now();
    await scaleIn(world, one);
    await world.advance(1);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.12']);
    await world.advance((IN_SYNC_MS + TTL_MS) / 1000 - 1);
    expect(callsTo('CompleteLifecycleAction')).toEqual([]);
    await world.advance(20);
    const [completion, ...more] = callsTo('CompleteLifecycleAction');
    expect(more).toEqual([]);
    expect(completion?.parameters).toMatchObject({ LifecycleActionResult: 'CONTINUE', LifecycleHookName: 'drain' });
    expect((completion?.atMs ?? 0) - askedAtMs).toBeGreaterThanOrEqual(IN_SYNC_MS + TTL_MS);
    expect((completion?.atMs ?? 0) - askedAtMs).toBeLessThan(IN_SYNC_MS + TTL_MS + 20_000);
    expect(world.account.ec2.fleet.find(one)?.state).toMatch(/shutting-down|terminated/);
    const drained = world.journal.filter(({ kind }) => kind === 'drained');
    expect(drained).toMatchObject([{ role: 'web', instance: one, asked: ['hook'], hooks: ['drain'] }]);
    await world.advance(200);
    expect(world.journal.filter(({ kind }) => kind === 'drained')).toHaveLength(1);
    expect(callsTo('CompleteLifecycleAction')).toHaveLength(1);
  });

  it('waits out the TTL of what it lost when it stopped, though nobody told that it was started again', async () => {
    const one = await open([DRAIN]);
    await world.stop(one);
    await world.advance(10);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.12']);
    world.account.faults.add({ service: 'ec2', operation: 'DescribeInstances', effect: 'error-before' });
    await world.start(one);
    await world.advance(5);
    await scaleIn(world, one);
    await world.advance((IN_SYNC_MS + TTL_MS) / 1000 - 17);
    expect(callsTo('CompleteLifecycleAction')).toEqual([]);
    await world.advance(70);
    expect(callsTo('CompleteLifecycleAction')).toHaveLength(1);
  });

  it('is let go on at once where it stopped longer ago', async () => {
    const one = await open([DRAIN]);
    await world.stop(one);
    await world.advance(200);
    world.account.faults.add({ service: 'ec2', operation: 'DescribeInstances', effect: 'error-before' });
    await world.start(one);
    await world.advance(5);
    await scaleIn(world, one);
    await world.advance(2);
    expect(callsTo('CompleteLifecycleAction')).toHaveLength(1);
  });

  it('is kept there by heartbeats where the hook has less time than the drain takes', async () => {
    const one = await open([{ name: 'short', heartbeatSeconds: 30 }]);
    const askedAtMs = world.timeline.now();
    await scaleIn(world, one);
    await world.advance(150);
    expect(callsTo('RecordLifecycleActionHeartbeat').length).toBeGreaterThanOrEqual(3);
    const [completion] = callsTo('CompleteLifecycleAction');
    expect((completion?.atMs ?? 0) - askedAtMs).toBeGreaterThanOrEqual(IN_SYNC_MS + TTL_MS);
    expect(callsTo('DescribeLifecycleHooks')).toHaveLength(1);
  });

  it('is let go on from every hook of the group', async () => {
    const one = await open([DRAIN, { name: 'backup', heartbeatSeconds: 600 }]);
    await scaleIn(world, one);
    await world.advance(130);
    expect(callsTo('CompleteLifecycleAction').map(({ parameters }) => parameters['LifecycleHookName'])).toEqual([
      'drain',
      'backup',
    ]);
    expect(world.account.ec2.fleet.find(one)?.state).toMatch(/shutting-down|terminated/);
  });

  it('is let go on with all others of its batch, with a role or without, each once', async () => {
    const [withRole, without] = [6, 6];
    await open([DRAIN], 'web', withRole + 2);
    const strangers = await world.launch('', { count: without });
    await attach(world, ...strangers);
    await world.advance(10);
    const leaving = world.account.ec2.listedInstances().slice(0, withRole);
    const ids = [...leaving.map(({ id }) => id), ...strangers];
    for (const id of ids) await scaleIn(world, id);
    await world.advance(3);
    const completed = () =>
      callsTo('CompleteLifecycleAction').map(({ parameters }) => String(parameters['InstanceId']));
    expect(completed().sort()).toEqual([...strangers].sort());
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.17 10.0.0.18']);
    await world.advance(IN_SYNC_MS / 1000 + TTL_MS / 1000 + 20);
    expect(completed().sort()).toEqual([...ids].sort());
    expect(world.journal.filter(({ kind }) => kind === 'drained')).toHaveLength(withRole);
  });

  it('goes at once without a role', async () => {
    const one = await open([DRAIN], '');
    await scaleIn(world, one);
    await world.advance(3);
    expect(callsTo('CompleteLifecycleAction')).toHaveLength(1);
    expect(world.account.ec2.fleet.find(one)?.state).toMatch(/shutting-down|terminated/);
  });

  it('goes at once with a role that nobody configured, or that does not heed hooks', async () => {
    const one = await open([DRAIN], 'quiet nobody');
    await scaleIn(world, one);
    await world.advance(3);
    expect(callsTo('CompleteLifecycleAction')).toHaveLength(1);
  });

  it('on its way to the warm pool is let go on at once, and drains nothing before it stops', async () => {
    const one = await open([DRAIN]);
    world.account.scalingGroups.remove(one, 'WarmPool');
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.11 10.0.0.12']);
    await world.advance(3);
    expect(callsTo('CompleteLifecycleAction')).toHaveLength(1);
    await world.advance(5);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.12']);
    expect(world.journal.filter(({ reason }) => reason === 'draining')).toEqual([]);
  });

  it('that dies before it has drained is not waited for', async () => {
    const one = await open([DRAIN]);
    await scaleIn(world, one);
    await world.advance(20);
    await world.terminate(one);
    await world.advance(40);
    expect(callsTo('CompleteLifecycleAction')).toHaveLength(1);
    expect(world.journal.filter(({ kind }) => kind === 'drained')).toEqual([]);
  });
});

describe('an instance that waits at a launch hook', () => {
  const LAUNCH: Hook = { name: 'ready', heartbeatSeconds: 300, transition: 'LAUNCHING' };

  it('goes on once it serves in DNS, and not before', async () => {
    await open([LAUNCH]);
    const [fresh = ''] = await world.launch('web');
    await world.advance(2);
    const beganAtMs = world.timeline.now();
    world.account.scalingGroups.launched(GROUP, fresh);
    await world.advance(IN_SYNC_MS / 1000 - 3);
    expect(callsTo('CompleteLifecycleAction')).toEqual([]);
    await world.advance(30);
    const [completion] = callsTo('CompleteLifecycleAction');
    expect((completion?.atMs ?? 0) - beganAtMs).toBeGreaterThan(IN_SYNC_MS - 3_000);
    expect(completion?.parameters).toMatchObject({ LifecycleActionResult: 'CONTINUE' });
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.11 10.0.0.12 10.0.40.11']);
  });

  it('and at a termination hook at once goes on from both when it is forgotten, and serves no more', async () => {
    await open([LAUNCH, DRAIN]);
    const [fresh = ''] = await world.launch('web');
    await world.advance(2);
    world.account.scalingGroups.launched(GROUP, fresh);
    await world.advance(5);
    await attach(world, fresh);
    await scaleIn(world, fresh);
    await world.advance(1);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.11 10.0.0.12']);
    const leftAtMs = world.timeline.now();
    await world.advance((IN_SYNC_MS + TTL_MS) / 1000 + 40);
    const completions = callsTo('CompleteLifecycleAction');
    const completed = completions.map(({ parameters }) => String(parameters['LifecycleHookName']));
    expect(completed.sort()).toEqual(['drain', 'ready']);
    const drained = completions.find(({ parameters }) => parameters['LifecycleHookName'] === 'drain');
    expect((drained?.atMs ?? 0) - leftAtMs).toBeGreaterThanOrEqual(IN_SYNC_MS + TTL_MS - 2_000);
  });

  it('goes on at once without a role', async () => {
    await open([LAUNCH]);
    const [fresh = ''] = await world.launch('');
    await world.advance(2);
    world.account.scalingGroups.launched(GROUP, fresh);
    await world.advance(3);
    expect(callsTo('CompleteLifecycleAction')).toHaveLength(1);
  });
});

describe('a drain in trouble', () => {
  it('completes the hook when Auto Scaling no longer throttles', async () => {
    const one = await open([DRAIN]);
    world.account.faults.add({
      service: 'autoscaling',
      operation: 'CompleteLifecycleAction',
      effect: 'throttle',
      times: 3,
    });
    await scaleIn(world, one);
    await world.advance(180);
    expect(callsTo('CompleteLifecycleAction')).toHaveLength(4);
    expect(world.account.ec2.fleet.find(one)?.state).toMatch(/shutting-down|terminated/);
    expect(world.journal.filter(({ kind }) => kind === 'drained')).toHaveLength(1);
  });

  it('waits on while Route 53 does not say how far its change is', async () => {
    const one = await open([DRAIN]);
    world.account.faults.add({ service: 'route53', operation: 'GetChange', effect: 'throttle', times: 4 });
    const askedAtMs = world.timeline.now();
    await scaleIn(world, one);
    await world.advance(240);
    const [completion] = callsTo('CompleteLifecycleAction');
    expect((completion?.atMs ?? 0) - askedAtMs).toBeGreaterThanOrEqual(IN_SYNC_MS + TTL_MS);
  });
});
