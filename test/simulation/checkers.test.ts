import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { primaryPrivateAddress } from '../../local/ec2/instance.ts';
import { type Change, keyOf, type ResourceRecordSet } from '../../local/route53/resource-record-set.ts';
import { launched, violationOf } from './checked.ts';
import { Invariants } from './invariants.ts';
import { HookKeeper } from './scaling.ts';
import { type Setting, ZONES } from './setting.ts';
import { anyStrands } from './strands.ts';
import { Violated, World } from './world.ts';

const SETTING: Setting = {
  owner: 'ours',
  zones: ZONES,
  roles: {
    front: { names: [{ zone: 'pub', routing: 'multivalue' }] },
    mail: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], elasticIp: { pool: 'mail' }, whenEmpty: 'keep' },
    jump: { names: [{ zone: 'int' }], holders: 1 },
    node: { names: [{ zone: 'int', name: '{instanceId}.{role}' }] },
  },
};

let world: World;

const REPORTING_SEED = Array.from({ length: 100 }, (_nothing, index) => index).find((seed) =>
  anyStrands(seed).has('reporting'),
);

async function newWorld(seed = 1): Promise<World> {
  const made = new World(seed, undefined);
  made.setting = SETTING;
  for (const { id, name } of Object.values(ZONES)) made.account.route53.createZone({ id, name, callerReference: id });
  await made.advance(10);
  return made;
}

beforeEach(async () => {
  world = await newWorld();
});

afterEach(async () => {
  await world.close();
});

/** A world in which what hands change is only reported, in the place of the one that there is. */
async function reporting(): Promise<void> {
  await world.close();
  world = await newWorld(REPORTING_SEED);
}

const launch = async (role: string) => (await launched(world, role)).id;

/** Nobody does anything, and a complete sweep goes by. */
async function aWhile(seconds: number): Promise<void> {
  await world.advance(seconds / 2);
  const startedAtMs = world.timeline.now();
  world.completeSweeps.push({ startedAtMs, endedAtMs: startedAtMs + 500 });
  await world.advance(seconds / 2);
}

describe('the checker of what is written', () => {
  let batches = 0;

  /** A batch of ours, planned from what was read at the time given; told by what the checker says of it. */
  async function write(changes: readonly Change[], readAtMs: number, checker: Invariants): Promise<string> {
    batches += 1;
    const id = `batch-${batches}`;
    const invocation = { id: 1, kind: 'Reconcile', version: 'this', event: {}, startedAtMs: 0, isOver: false } as const;
    world.chronicle.drew(id, { ...invocation, readAtMs: new Map([[ZONES.pub.id, readAtMs]]) });
    const name = `ours._rolecall.${ZONES.pub.name}.`;
    const serial = (action: Change['action'], number: number): Change => ({
      action,
      set: { name, type: 'TXT', ttlSeconds: 60, values: [`"owner=ours serial=${number} batch=x"`] },
    });
    const moved = batches === 1 ? [] : [serial('DELETE', batches - 1)];
    const { route53 } = world.account;
    await world.through(route53.change(ZONES.pub.id, [...moved, serial('CREATE', batches), ...changes], `ours ${id}`));
    return violationOf(() => checker.check());
  }

  function front(member: string, address: string) {
    return {
      name: `front.${ZONES.pub.name}.`,
      type: 'A',
      ttlSeconds: 60,
      values: [address],
      setIdentifier: member,
      multiValueAnswer: true,
    } as const;
  }

  const addressOf = (id: string) => world.account.ec2.fleet.find(id)?.autoPublicAddress ?? '';

  beforeEach(() => {
    batches = 0;
  });

  it('takes an address for lost only when no set of the name has it any more', async () => {
    const id = await launch('front');
    const checker = new Invariants(world);
    const [gone, live] = [front('i-gone', addressOf(id)), front(id, addressOf(id))];
    const create = (set: typeof gone): Change => ({ action: 'CREATE', set });
    expect(await write([create(gone), create(live)], world.timeline.now(), checker)).toBe('none');
    await aWhile(200);
    expect(await write([{ action: 'DELETE', set: gone }], world.timeline.now(), checker)).toBe('none');
    expect(await write([{ action: 'DELETE', set: live }], world.timeline.now(), checker)).toBe('4 nothing is emptied');
  });

  it.each([
    ['complains when the untouched holder of an exclusive role is displaced', 0, '10 no holder is displaced'],
    ['does not when the zone was shut since something was done to the holder', 100, 'none'],
  ])('%s', async (_title, shutS, expected) => {
    const id = await launch('jump');
    const set = { name: `jump.${ZONES.pub.name}.`, type: 'A', ttlSeconds: 60, values: [addressOf(id)] };
    const checker = new Invariants(world);
    expect(await write([{ action: 'CREATE', set }], world.timeline.now(), checker)).toBe('none');
    world.chronicle.touch(id);
    world.trouble.deny(ZONES.pub.id, shutS * 1000);
    await aWhile(200);
    expect(await write([{ action: 'DELETE', set }], world.timeline.now(), checker)).toBe(expected);
  });

  it.each([
    ['when it is no member any more', async () => await launch('front'), 'none'],
    ['when it is sick, and another that is well takes its place', async () => await sick(await launch('jump')), 'none'],
  ])('does not %s', async (_title, holder, expected) => {
    expect(await displaced(await holder(), await launch('jump'))).toBe(expected);
  });

  it.each([
    ['to one that is sick as well', async () => await sick(await launch('jump'))],
    ['to nobody', () => undefined],
  ])('complains when a sick holder gives way %s', async (_title, other) => {
    expect(await displaced(await sick(await launch('jump')), await other())).toBe('10 no holder is displaced');
  });

  it('does not when it gives way to one that ended just now, of which nobody was told', async () => {
    const other = await launch('jump');
    world.chronicle.observeAddresses();
    const ends = () => {
      world.account.ec2.fleet.terminate([other]);
      world.chronicle.goneAtMs.set(other, world.timeline.now());
    };
    expect(await displaced(await sick(await launch('jump')), other, ends)).toBe('none');
  });

  it('does not when a sick holder gives way to one that is well by its Elastic IP', async () => {
    const holder = await sick(await launch('jump'));
    const other = await launch('jump');
    const { elasticIps } = world.account.ec2;
    const { allocationId, address } = world.account.ec2.allocateAddress({});
    elasticIps.associate({ allocationId, instanceId: other, allowReassociation: false });
    const set = { name: `jump.${ZONES.pub.name}.`, type: 'A', ttlSeconds: 60, values: [addressOf(holder)] };
    const checker = new Invariants(world);
    await write([{ action: 'CREATE', set }], world.timeline.now(), checker);
    await aWhile(200);
    const follows: Change = { action: 'CREATE', set: { ...set, values: [address] } };
    expect(await write([{ action: 'DELETE', set }, follows], world.timeline.now(), checker)).toBe('none');
  });

  it('does not when another was given the address that a holder left in the name', async () => {
    const holder = await launch('jump');
    const set = { name: `jump.${ZONES.pub.name}.`, type: 'A', ttlSeconds: 60, values: [addressOf(holder)] };
    const checker = new Invariants(world);
    await write([{ action: 'CREATE', set }], world.timeline.now(), checker);
    world.account.ec2.fleet.stop([holder]);
    await world.advance(60);
    expect(addressOf(await launch('jump'))).toBe(set.values[0]);
    await aWhile(200);
    expect(await write([{ action: 'DELETE', set }], world.timeline.now(), checker)).toBe('none');
  });

  async function sick(id: string): Promise<string> {
    world.account.ec2.fleet.setImpaired(id, true);
    world.chronicle.touch(id);
    return id;
  }

  /** An untouched holder of an exclusive role is taken out of its name for another, or for nobody. */
  async function displaced(holder: string, other: string | undefined, meanwhile = () => {}): Promise<string> {
    const jump = (id: string) => ({
      name: `jump.${ZONES.pub.name}.`,
      type: 'A',
      ttlSeconds: 60,
      values: [addressOf(id)],
    });
    const checker = new Invariants(world);
    await write([{ action: 'CREATE', set: jump(holder) }], world.timeline.now(), checker);
    await aWhile(200);
    const follows: Change[] = other === undefined ? [] : [{ action: 'CREATE', set: jump(other) }];
    meanwhile();
    return await write([{ action: 'DELETE', set: jump(holder) }, ...follows], world.timeline.now(), checker);
  }

  it.each([
    ['complains when a plan that was begun after the proof adds an address that is gone', 1, '1 gone means gone'],
    ['does not when the plan was begun before', -1, 'none'],
  ])('%s', async (_title, afterMs, expected) => {
    const id = await launch('front');
    const address = addressOf(id);
    const checker = new Invariants(world);
    checker.check();
    world.account.ec2.fleet.terminate([id]);
    const provenAtMs = world.timeline.now();
    world.chronicle.goneAtMs.set(id, provenAtMs);
    world.chronicle.provenAtMs.set(id, provenAtMs);
    expect(await write([{ action: 'CREATE', set: front(id, address) }], provenAtMs + afterMs, checker)).toBe(expected);
  });

  it.each([
    [
      'complains when an older plan adds an address that is gone, and no mark tells of that any more',
      0,
      false,
      '1 gone means gone',
    ],
    ['does not while the mark of that end is there', 0, true, 'none'],
    ['does not right after a deployment, beside which the mark may never have been', 100, false, 'none'],
  ])('%s', async (_title, configuredS, isMarked, expected) => {
    const id = await launch('front');
    const address = addressOf(id);
    const checker = new Invariants(world);
    checker.check();
    const readAtMs = world.timeline.now();
    world.account.ec2.fleet.terminate([id]);
    world.chronicle.goneAtMs.set(id, readAtMs + 1);
    world.chronicle.provenAtMs.set(id, readAtMs + 1);
    const table = world.account.dynamodb.createTable('registry', {
      partition: { name: 'pk', type: 'S' },
      sort: { name: 'sk', type: 'S' },
    });
    Object.assign(world, { stack: { outputs: { RegistryTable: 'registry' }, halt: () => {} } });
    const sk = isMarked ? `1#mark#instance#${id}` : '1#mark#instance#i-other';
    table.put({ pk: { S: `group#${ZONES.pub.id}` }, sk: { S: sk } });
    await world.advance(1);
    if (configuredS > 0) world.chronicle.configuredAtMs = world.timeline.now() - configuredS * 1000;
    expect(await write([{ action: 'CREATE', set: front(id, address) }], readAtMs, checker)).toBe(expected);
  });
});

it('the end of an instance counts as told only where the Lambda did not give the message back', () => {
  const body = JSON.stringify({ detail: { state: 'terminated', 'instance-id': 'i-gone' } });
  const event = { Records: [{ messageId: 'one', body }] };
  const invocation = {
    id: 1,
    kind: 'Observe',
    version: 'this',
    event,
    startedAtMs: 0,
    readAtMs: new Map(),
    isOver: true,
  } as const;
  const checker = new Invariants(world);
  checker.ended(invocation, { batchItemFailures: [{ itemIdentifier: 'one' }] });
  expect(world.chronicle.provenAtMs.has('i-gone')).toBe(false);
  checker.ended(invocation, { batchItemFailures: [] });
  expect(world.chronicle.provenAtMs.has('i-gone')).toBe(true);
});

describe('the checker of who is let go on from a hook', () => {
  const owned = (address: string): ResourceRecordSet => ({
    name: `jump.${ZONES.int.name}.`,
    type: 'A',
    ttlSeconds: 60,
    values: [address],
  });

  /** The set gets the address, an instance of that address comes, or came before, and is let go on from its hook. */
  async function letGo(isAddedFirst: boolean): Promise<string> {
    const { scalingGroups, autoscaling, route53, ec2 } = world.account;
    scalingGroups.create('fleet');
    scalingGroups.putHook({
      group: 'fleet',
      name: 'leave',
      transition: 'terminating',
      heartbeatSeconds: 300,
      defaultResult: 'CONTINUE',
    });
    const tokens: string[] = [];
    autoscaling.onEnd(({ token }) => tokens.push(token));
    const keeper = new HookKeeper(world);
    let problem = 'none';
    world.fail = (error) => (problem = error instanceof Violated ? error.invariant : String(error));
    const enter = async (address: string): Promise<void> => {
      const set = owned(address);
      await world.through(route53.change(ZONES.int.id, [{ action: 'CREATE', set }], 'ours x'));
      world.chronicle.holdsOf(ZONES.int.id).set(keyOf(set), 'ours');
      world.chronicle.entered(ZONES.int.id, keyOf(set), address);
    };
    // The first private address that the subnet gives.
    if (isAddedFirst) await enter('10.0.0.11');
    const id = await launch('jump');
    const instance = ec2.fleet.find(id);
    expect(instance === undefined ? '' : primaryPrivateAddress(instance)).toBe('10.0.0.11');
    if (!isAddedFirst) await enter('10.0.0.11');
    scalingGroups.attach('fleet', [id]);
    scalingGroups.remove(id, 'EC2');
    autoscaling.complete({ group: 'fleet', hook: 'leave', instanceId: id }, 'CONTINUE');
    expect(tokens.length).toBe(1);
    await keeper.nobodyWaits();
    return problem;
  }

  it('complains while a set has an address that it got because of the instance', async () => {
    expect(await letGo(false)).toBe('drained means forgotten');
  });

  it('does not when the set got it before the instance was given it', async () => {
    expect(await letGo(true)).toBe('none');
  });

  it('does not when hands changed the set, and that is only reported', async () => {
    await reporting();
    world.chronicle.handled.add(`${ZONES.int.id} jump.${ZONES.int.name}`);
    expect(await letGo(false)).toBe('none');
  });
});

describe('the checker of what the zones should hold', () => {
  const foreign = async (zone: 'pub' | 'int', label: string): Promise<void> => {
    const set = { name: `${label}.${ZONES[zone].name}.`, type: 'A', ttlSeconds: 300, values: ['192.0.2.77'] };
    await world.through(world.edit(ZONES[zone].id, [{ action: 'CREATE', set }]));
  };

  it('misses the holder of an exclusive role', async () => {
    await launch('jump');
    expect(violationOf(() => new Invariants(world).assertConverged())).toBe('9 convergence');
  });

  it('does not where another’s record stands at its only name', async () => {
    await launch('jump');
    await foreign('int', 'jump');
    expect(violationOf(() => new Invariants(world).assertConverged())).toBe('none');
  });

  it('does not where another’s record stands at the only name that its address is for', async () => {
    const names = [{ zone: 'int' }, { zone: 'pub', address: 'ipv6' }] as const;
    world.setting = { ...SETTING, roles: { jump: { names, holders: 1 } } };
    await launch('jump');
    expect(violationOf(() => new Invariants(world).assertConverged())).toBe('9 convergence');
    await foreign('int', 'jump');
    expect(violationOf(() => new Invariants(world).assertConverged())).toBe('none');
  });

  async function ours(label: string, type: string, values: readonly string[]): Promise<void> {
    const set = { name: `${label}${ZONES.pub.name}.`, type, ttlSeconds: 60, values };
    await world.through(world.account.route53.change(ZONES.pub.id, [{ action: 'CREATE', set }], 'ours x'));
    world.chronicle.holdsOf(ZONES.pub.id).set(`${set.name} ${type} `, 'ours');
  }

  it('misses the ordinal name of an address of a pool, but not where another’s record stands there', async () => {
    const [one, two] = [1, 2].map(() => world.account.ec2.allocateAddress({ 'rolecall:pool': 'mail' }).address);
    await ours('mx2.', 'A', [two ?? '']);
    expect(one).not.toBe(two);
    expect(violationOf(() => new Invariants(world).assertConverged())).toBe('9 convergence');
    await foreign('pub', 'mx1');
    expect(violationOf(() => new Invariants(world).assertConverged())).toBe('none');
  });

  /** Hands point the name of the pool's only address elsewhere. */
  async function pointedElsewhere(exchangers: readonly string[]): Promise<void> {
    await reporting();
    const mx = { name: ZONES.pub.name, preference: 10 };
    const names = [{ zone: 'pub', name: 'mx{ordinal}' }] as const;
    world.setting = { ...SETTING, roles: { mail: { names, mx, elasticIp: { pool: 'mail' }, whenEmpty: 'keep' } } };
    world.account.ec2.allocateAddress({ 'rolecall:pool': 'mail' });
    await ours('mx1.', 'A', ['192.0.2.66']);
    world.chronicle.handled.add(`${ZONES.pub.id} mx1.${ZONES.pub.name}`);
    if (exchangers.length > 0) await ours('', 'MX', exchangers);
  }

  it.each([
    ['misses the MX to the name of an address that hands point elsewhere, which is only reported', [], '9 convergence'],
    ['does not where the MX is there', [`10 mx1.${ZONES.pub.name}.`], 'none'],
  ])('%s', async (_title, exchangers, expected) => {
    await pointedElsewhere(exchangers);
    expect(violationOf(() => new Invariants(world).assertConverged())).toBe(expected);
  });
});
