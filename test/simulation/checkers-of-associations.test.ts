import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Associations } from './associations.ts';
import { launched, violationOf } from './checked.ts';
import { give } from './hands-on-addresses.ts';
import { Hearsay } from './hearsay.ts';
import { Invariants } from './invariants.ts';
import { type Setting, ZONES } from './setting.ts';
import { World } from './world.ts';

const SETTING: Setting = {
  owner: 'ours',
  zones: ZONES,
  roles: {
    front: { names: [{ zone: 'pub', routing: 'multivalue' }] },
    mail: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], elasticIp: { pool: 'mail' }, whenEmpty: 'keep' },
  },
};

let world: World;

beforeEach(async () => {
  world = new World(1, undefined);
  world.setting = SETTING;
  await world.advance(10);
});

afterEach(async () => {
  await world.close();
});

const launch = async (role: string) => (await launched(world, role)).id;

/** So long that all is known of everybody, and a complete sweep has shown it. */
async function steady(): Promise<void> {
  await world.advance(200);
  const endedAtMs = world.timeline.now();
  world.completeSweeps.push({ startedAtMs: endedAtMs - 500, endedAtMs });
}

describe('the checker of Elastic IPs', () => {
  async function heldBy(role: string): Promise<{ id: string; checker: Associations; take: () => void }> {
    const id = await launch(role);
    const { allocationId } = world.account.ec2.allocateAddress({ 'rolecall:pool': 'mail' });
    const associationId = world.account.ec2.elasticIps.associate({
      allocationId,
      instanceId: id,
      allowReassociation: false,
    });
    const checker = new Associations(world);
    checker.accept();
    checker.check();
    return { id, checker, take: () => world.account.ec2.elasticIps.disassociate(associationId) };
  }

  it('complains when a member that nobody touched loses its address', async () => {
    const { checker, take } = await heldBy('mail');
    await steady();
    take();
    expect(violationOf(() => checker.check())).toBe('5 no holder loses its address');
  });

  it.each([
    ['complains, too, where no sweep could show it since it was started again', true, '5 no holder loses its address'],
    ['does not where EC2 does not show that it was started again', false, 'none'],
  ])('%s', async (_title, isShown, said) => {
    const { id, checker, take } = await heldBy('mail');
    await steady();
    world.account.ec2.fleet.stop([id]);
    await world.advance(60);
    world.account.ec2.fleet.start([id]);
    await world.advance(200);
    if (!isShown) world.account.ec2.unlisted.add(id);
    take();
    expect(violationOf(() => checker.check())).toBe(said);
  });

  it.each([
    [
      'complains when hands gave it to one that runs, though no sweep could show it',
      true,
      '5 no holder loses its address',
    ],
    ['does not when EC2 did not show that it runs', false, 'none'],
  ])('%s', async (_title, isShown, said) => {
    const id = await launch('front');
    world.trouble.disturb(1_000);
    await world.advance(200);
    if (!isShown) world.account.ec2.unlisted.add(id);
    const { allocationId } = world.account.ec2.allocateAddress({ 'rolecall:pool': 'mail' });
    const address = world.account.ec2.elasticIps.addresses.current().find((each) => each.allocationId === allocationId);
    const target = world.account.ec2.fleet.find(id);
    if (address === undefined || target === undefined) throw new Error('nothing was made');
    give(world, address, target);
    const checker = new Associations(world);
    checker.accept();
    await world.advance(3);
    const [held] = world.account.ec2.elasticIps.addresses.current().flatMap(({ association }) => association ?? []);
    world.account.ec2.elasticIps.disassociate(held?.id ?? '');
    expect(violationOf(() => checker.check())).toBe(said);
  });

  it.each([
    ['does not when it is sick, and one that is well has none', true, 'none'],
    ['complains when it is sick, and so is the other', false, '5 no holder loses its address'],
  ])('%s', async (_title, isWell, said) => {
    const { id, checker, take } = await heldBy('mail');
    const other = await launch('mail');
    for (const each of isWell ? [id] : [id, other]) world.account.ec2.fleet.setImpaired(each, true);
    world.chronicle.touch(id, other);
    await steady();
    take();
    expect(violationOf(() => checker.check())).toBe(said);
  });

  it('does not when it was untagged, however long ago', async () => {
    const { id, checker, take } = await heldBy('mail');
    world.account.ec2.deleteTags([id], [{ key: 'rolecall:role' }]);
    await world.advance(3_600);
    await steady();
    take();
    expect(violationOf(() => checker.check())).toBe('none');
  });

  it('complains at once when an instance that hands gave it to loses it, unless something else was done to it', async () => {
    const { id, checker, take } = await heldBy('front');
    const [address] = world.account.ec2.elasticIps.addresses.current();
    await world.advance(30);
    world.chronicle.given.set(address?.allocationId ?? '', { instanceId: id, atMs: world.timeline.now() });
    take();
    expect(violationOf(() => checker.check())).toBe('5 no holder loses its address');
    await world.advance(1);
    world.chronicle.touch(id);
    expect(violationOf(() => checker.check())).toBe('none');
  });

  it('does not when it came to a termination hook in the moment in which hands gave it', async () => {
    const { id, checker, take } = await heldBy('front');
    const [address] = world.account.ec2.elasticIps.addresses.current();
    world.chronicle.given.set(address?.allocationId ?? '', { instanceId: id, atMs: world.timeline.now() });
    const { scalingGroups } = world.account;
    scalingGroups.create('fleet');
    const hook = { group: 'fleet', name: 'leave', transition: 'terminating', heartbeatSeconds: 600 } as const;
    scalingGroups.putHook({ ...hook, defaultResult: 'CONTINUE' });
    scalingGroups.attach('fleet', [id]);
    scalingGroups.remove(id, 'EC2');
    take();
    expect(violationOf(() => checker.check())).toBe('none');
  });

  it.each([
    ['does not when a pass that had begun gave it another meanwhile', 5, 5, 'none'],
    ['complains when it was given another by a pass that could have known', 21, 21, '5 no holder loses its address'],
    ['does not when the call was made before, and took a minute to get there', -10, 50, 'none'],
    ['complains when a call made later took as long', 21, 71, '5 no holder loses its address'],
  ])('%s', async (_title, begunAfterS, seconds, said) => {
    const { id, checker } = await heldBy('front');
    const [address] = world.account.ec2.elasticIps.addresses.current();
    const givenAtMs = world.timeline.now();
    world.chronicle.given.set(address?.allocationId ?? '', { instanceId: id, atMs: givenAtMs });
    await world.advance(seconds);
    const { allocationId } = world.account.ec2.allocateAddress({ 'rolecall:pool': 'mail' });
    const call = {
      service: 'ec2',
      operation: 'AssociateAddress',
      parameters: { AllocationId: allocationId },
      caller: 'Reconcile#1',
    } as const;
    world.chronicle.sent(call, givenAtMs + begunAfterS * 1_000);
    world.account.ec2.elasticIps.associate({ allocationId, instanceId: id, allowReassociation: false });
    expect(violationOf(() => checker.check())).toBe(said);
  });

  it.each([
    ['does not when one loses it that was no member any more when Rolecall gave it', false, 'none'],
    ['complains when hands gave it', true, '5 no holder loses its address'],
  ])('%s', async (_title, isByHand, said) => {
    const id = await launch('front');
    const { allocationId } = world.account.ec2.allocateAddress({ 'rolecall:pool': 'mail' });
    const checker = new Associations(world);
    const association = { allocationId, instanceId: id, allowReassociation: false };
    const associationId = world.account.ec2.elasticIps.associate(association);
    if (isByHand) world.chronicle.handed.set(allocationId, id);
    checker.check();
    await steady();
    world.account.ec2.elasticIps.disassociate(associationId);
    expect(violationOf(() => checker.check())).toBe(said);
  });

  it.each([
    ['does not when hands gave it to one that as a member could have been entitled to it', 'mail', 'none'],
    ['complains when the role of that one was another', 'front', '5 no holder loses its address'],
  ])('%s', async (_title, role, said) => {
    const id = await launch(role);
    const { allocationId } = world.account.ec2.allocateAddress({ 'rolecall:pool': 'mail' });
    const checker = new Associations(world);
    checker.check();
    world.account.ec2.createTags([id], { 'rolecall:role': 'misc' });
    const association = { allocationId, instanceId: id, allowReassociation: false };
    const associationId = world.account.ec2.elasticIps.associate(association);
    world.chronicle.handed.set(allocationId, id);
    checker.accept();
    await steady();
    world.account.ec2.elasticIps.disassociate(associationId);
    expect(violationOf(() => checker.check())).toBe(said);
  });

  it('complains when an instance that never was a member loses it', async () => {
    const { checker, take } = await heldBy('front');
    await steady();
    take();
    expect(violationOf(() => checker.check())).toBe('5 no holder loses its address');
  });
});

describe('the checker of what is said to have moved', () => {
  async function movedTo(isGiven: boolean): Promise<string> {
    const id = await launch('mail');
    const { allocationId, address } = world.account.ec2.allocateAddress({ 'rolecall:pool': 'mail' });
    const { elasticIps } = world.account.ec2;
    if (isGiven) {
      const associationId = elasticIps.associate({ allocationId, instanceId: id, allowReassociation: false });
      new Invariants(world).accept();
      elasticIps.disassociate(associationId);
    }
    const said = { kind: 'moved', role: 'mail', reason: 'launched', address, to: id } as const;
    return violationOf(() => new Hearsay(world).check(said));
  }

  it('knows who had an address only for a moment between two deeds of people', async () => {
    expect(await movedTo(true)).toBe('none');
  });

  it('complains where an instance never had it', async () => {
    expect(await movedTo(false)).toBe('12 what is said is so');
  });
});
