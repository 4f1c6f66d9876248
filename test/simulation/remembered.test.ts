import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Instance } from '../../local/ec2/instance.ts';
import { publicDnsName } from '../../local/ec2/network.ts';
import { type Change, keyOf, type ResourceRecordSet } from '../../local/route53/resource-record-set.ts';
import { launched } from './checked.ts';
import { rememberBatch, rememberLost, secondsRemembered } from './remembered.ts';
import { ZONES } from './setting.ts';
import { World } from './world.ts';

/** Longer than a freed address ever rests. */
const RESTED_S = 31;

let world: World;
let instance: Instance;
let address: string;

beforeEach(async () => {
  world = new World(1, undefined);
  instance = await launch();
  address = instance.autoPublicAddress ?? '';
});

async function launch(): Promise<Instance> {
  const next = await launched(world, 'jump');
  world.chronicle.observeAddresses();
  return next;
}

afterEach(async () => {
  await world.close();
});

const set = (ttlSeconds: number, value: string, type = 'A'): ResourceRecordSet => ({
  name: 'jump.example.com.',
  type,
  ttlSeconds,
  values: [value],
});

/** How long resolvers remember it after ours had made the first set, and then put the other in its place. */
function secondsAfter(made: ResourceRecordSet, taken: ResourceRecordSet, next?: ResourceRecordSet): number {
  const accept = (changes: readonly Change[]) =>
    rememberBatch(world, {
      changeId: 'C1',
      zoneId: ZONES.pub.id,
      zoneName: 'example.com.',
      changes,
      atMs: world.timeline.now(),
    });
  accept([{ action: 'CREATE', set: made }]);
  accept([{ action: 'DELETE', set: taken }, ...(next === undefined ? [] : [{ action: 'CREATE' as const, set: next }])]);
  return Math.floor(secondsRemembered(world, instance.id) / 10) * 10;
}

describe('what resolvers remember of an instance', () => {
  it('is an address for the TTL of the set that it left', () => {
    expect(secondsAfter(set(60, address), set(60, address))).toBe(60);
  });

  it('is the name that EC2 gives to it, too', () => {
    const name = publicDnsName(address, 'us-east-1');
    expect(secondsAfter(set(60, name, 'CNAME'), set(600, name, 'CNAME'))).toBe(600);
  });

  it('is an address that stays, where its TTL is made shorter, and not where it is made longer', () => {
    expect(secondsAfter(set(60, address), set(60, address), set(300, address))).toBe(0);
    expect(secondsAfter(set(300, address), set(300, address), set(60, address))).toBe(300);
  });

  it('is nothing of a set of hands in which it never was', () => {
    expect(secondsAfter(set(60, address), set(999, '192.0.2.66'))).toBe(0);
  });
});

describe('what resolvers remember of a name that keeps its last member’s address', () => {
  it.each([
    ['does not count where the zone is deleted, and no other serves', 'none', 0],
    ['counts where the zone is deleted, and another serves', 'serves', 60],
    ['does not where the other waits at a termination hook', 'waits', 0],
  ])('%s', async (_title, another, expected) => {
    world.setting = { ...world.setting, roles: { jump: { names: [{ zone: 'int' }], whenEmpty: 'keep' } } };
    if (another !== 'none') {
      const { id } = await launch();
      const { scalingGroups } = world.account;
      scalingGroups.create('fleet');
      const hook = { group: 'fleet', name: 'leave', transition: 'terminating', heartbeatSeconds: 600 } as const;
      scalingGroups.putHook({ ...hook, defaultResult: 'CONTINUE' });
      scalingGroups.attach('fleet', [id]);
      if (another === 'waits') scalingGroups.remove(id, 'EC2');
    }
    const made = set(60, address);
    const { name: zoneName, id: zoneId } = ZONES.pub;
    const batch = { changeId: 'C1', zoneId, zoneName, atMs: world.timeline.now() };
    rememberBatch(world, { ...batch, changes: [{ action: 'CREATE', set: made }] });
    rememberLost(world, { zoneId, changes: [{ action: 'DELETE', set: made }] });
    expect(Math.floor(secondsRemembered(world, instance.id) / 10) * 10).toBe(expected);
  });
});

describe('whose address a set has', () => {
  const made = () => set(60, address);

  /** Ours makes a set with the address, by a plan that was begun then. */
  function make(readAtMs: number): void {
    const id = world.newId();
    const invocation = { id: 1, kind: 'Reconcile', version: 'this', event: {}, startedAtMs: 0, isOver: false } as const;
    world.chronicle.drew(id, { ...invocation, readAtMs: new Map([[ZONES.pub.id, readAtMs]]) });
    rememberBatch(world, {
      changeId: 'C1',
      zoneId: ZONES.pub.id,
      zoneName: 'example.com.',
      changes: [{ action: 'CREATE', set: made() }],
      atMs: world.timeline.now(),
      comment: `ours ${id}`,
    });
  }

  /** Another is launched, and is given what the first one had. */
  async function succeed(): Promise<Instance> {
    world.account.ec2.fleet.terminate([instance.id]);
    await world.advance(RESTED_S);
    const next = await launch();
    expect(next.autoPublicAddress).toBe(address);
    return next;
  }

  const isFor = ({ id }: Instance) => world.chronicle.isFor(id, ZONES.pub.id, keyOf(made()), address);

  it('is not the one that was given it after the plan was begun', async () => {
    const plannedAtMs = world.timeline.now();
    const next = await succeed();
    make(plannedAtMs);
    expect(isFor(next)).toBe(false);
  });

  it('is not the one that has it by now and should not be there, where nobody was told that the first had ended', async () => {
    const next = await succeed();
    world.setting = { ...world.setting, roles: {} };
    make(world.timeline.now());
    expect(isFor(next)).toBe(false);
  });

  it.each([
    ['is the one that had it when the plan was begun, and should be there', 'none', true],
    ['is the same where that waits at a launch hook', 'launching', true],
    ['is not the same where that waits at a termination hook', 'terminating', false],
  ] as const)('%s', async (_title, waitsAt, expected) => {
    const next = await succeed();
    world.setting = { ...world.setting, roles: { jump: { names: [{ zone: 'pub', address: 'public' }] } } };
    if (waitsAt !== 'none') {
      const { scalingGroups } = world.account;
      scalingGroups.create('fleet');
      const hook = { group: 'fleet', name: 'wait', transition: waitsAt, heartbeatSeconds: 600 } as const;
      scalingGroups.putHook({ ...hook, defaultResult: 'CONTINUE' });
      if (waitsAt === 'launching') scalingGroups.launched('fleet', next.id);
      else scalingGroups.attach('fleet', [next.id]);
      if (waitsAt === 'terminating') scalingGroups.remove(next.id, 'EC2');
    }
    expect(world.account.autoscaling.waitingCount).toBe(waitsAt === 'none' ? 0 : 1);
    make(world.timeline.now());
    expect(isFor(next)).toBe(expected);
  });

  it.each([
    ['is one that had ended by then, where nobody was told', false, true],
    ['is none that had ended by then, where the plan knew', true, false],
  ])('%s', async (_title, isTold, expected) => {
    world.account.ec2.fleet.terminate([instance.id]);
    world.chronicle.goneAtMs.set(instance.id, world.timeline.now());
    if (isTold) world.chronicle.provenAtMs.set(instance.id, world.timeline.now());
    await world.advance(1);
    make(world.timeline.now());
    expect(isFor(instance)).toBe(expected);
  });

  it('is the one that was given it since, where the plan knew that the first had ended', async () => {
    world.chronicle.provenAtMs.set(instance.id, world.timeline.now());
    const plannedAtMs = world.timeline.now() + 1_000;
    const next = await succeed();
    make(plannedAtMs);
    expect(isFor(next)).toBe(true);
  });
});
