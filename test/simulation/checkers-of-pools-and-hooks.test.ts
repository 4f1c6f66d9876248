import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { primaryPrivateAddress } from '../../local/ec2/instance.ts';
import { launched, violationOf } from './checked.ts';
import { Hearsay } from './hearsay.ts';
import { Invariants } from './invariants.ts';
import { assertPoolNames } from './pool-names.ts';
import { HookKeeper } from './scaling.ts';
import { type Setting, withPrivateNames, ZONES } from './setting.ts';
import { Violated, World } from './world.ts';

const settingWhere = (whenEmpty: 'keep' | 'remove'): Setting =>
  withPrivateNames({
    owner: 'ours',
    zones: ZONES,
    roles: {
      mail: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], elasticIp: { pool: 'mail' }, whenEmpty },
    },
  });

let world: World;

beforeEach(async () => {
  world = new World(1, undefined);
  world.setting = settingWhere('remove');
  for (const { id, name } of Object.values(ZONES)) world.account.route53.createZone({ id, name, callerReference: id });
  await world.advance(10);
});

afterEach(async () => {
  await world.close();
});

interface Member {
  readonly id: string;
  readonly privateAddress: string;
}

async function launch(): Promise<Member> {
  const instance = await launched(world, 'mail');
  return { id: instance.id, privateAddress: primaryPrivateAddress(instance) ?? '' };
}

function addressWith(holder: Member | undefined): string {
  const { allocationId, address } = world.account.ec2.allocateAddress({ 'rolecall:pool': 'mail' });
  if (holder !== undefined)
    world.account.ec2.elasticIps.associate({ allocationId, instanceId: holder.id, allowReassociation: false });
  return address;
}

async function named(zone: 'pub' | 'int', label: string, value: string): Promise<void> {
  const set = { name: `${label}.${ZONES[zone].name}.`, type: 'A', ttlSeconds: 60, values: [value] };
  await world.through(world.account.route53.change(ZONES[zone].id, [{ action: 'CREATE', set }], 'ours x'));
  world.chronicle.holdsOf(ZONES[zone].id).set(`${set.name} A `, 'ours');
}

describe('the checker of the ordinal names of a pool', () => {
  it('holds where the number of an address is that of the instance that has it', async () => {
    const one = await launch();
    await named('pub', 'mx1', addressWith(one));
    await named('int', 'mx1', one.privateAddress);
    expect(violationOf(() => assertPoolNames(world))).toBe('none');
  });

  it('complains where the number is that of another holder', async () => {
    const [one, two] = [await launch(), await launch()];
    await named('pub', 'mx1', addressWith(one));
    await named('pub', 'mx2', addressWith(two));
    await named('int', 'mx1', two.privateAddress);
    await named('int', 'mx2', one.privateAddress);
    expect(violationOf(() => assertPoolNames(world))).toBe('9 convergence');
  });

  it('lets a role that keeps its names keep the last holder of an address that nobody has, and only there', async () => {
    const moved = await launch();
    await named('pub', 'mx1', addressWith(undefined));
    await named('int', 'mx1', moved.privateAddress);
    await named('pub', 'mx2', addressWith(moved));
    await named('int', 'mx2', moved.privateAddress);
    expect(violationOf(() => assertPoolNames(world))).toBe('9 convergence');
    world.setting = settingWhere('keep');
    expect(violationOf(() => assertPoolNames(world))).toBe('none');
    await named('pub', 'mx3', addressWith(await launch()));
    await named('int', 'mx3', moved.privateAddress);
    expect(violationOf(() => assertPoolNames(world))).toBe('9 convergence');
  });

  it('complains where the holder has no number', async () => {
    await named('pub', 'mx1', addressWith(await launch()));
    expect(violationOf(() => assertPoolNames(world))).toBe('9 convergence');
  });

  it('lets one have the number that waits for its address, but not while another is idle', async () => {
    const [gifted, waiting] = [await launch(), await launch()];
    await named('pub', 'mx1', addressWith(gifted));
    await named('int', 'mx1', waiting.privateAddress);
    expect(violationOf(() => assertPoolNames(world))).toBe('none');
    addressWith(undefined);
    expect(violationOf(() => assertPoolNames(world))).toBe('9 convergence');
  });
});

describe('the checker of what a pool leaves', () => {
  /** What it says where the last member ended an hour ago, of which nobody was told, and an address is still in its name. */
  async function saidOf({ hadIt = true, isSaid = true, showsBoth = false }): Promise<string> {
    const one = await launch();
    const addresses = [addressWith(undefined), addressWith(undefined)];
    const [allocationId = ''] = world.account.ec2.elasticIps.addresses.current().map((each) => each.allocationId);
    world.account.ec2.elasticIps.associate({ allocationId, instanceId: one.id, allowReassociation: false });
    world.chronicle.observeAddresses();
    await named('pub', 'mx1', addresses[hadIt ? 0 : 1] ?? '');
    if (showsBoth) await named('pub', 'mx2', addresses[1] ?? '');
    world.chronicle.goneAtMs.set(one.id, world.timeline.now());
    world.account.ec2.fleet.terminate([one.id]);
    await world.advance(4_000);
    const said = { kind: 'withheld', reason: 'cap', role: 'mail', zone: ZONES.pub.name } as const;
    if (isSaid) world.journal.push({ ...said, name: `mx1.${ZONES.pub.name}`, type: 'A', instance: one.id });
    return violationOf(() => new Invariants(world).assertConverged());
  }

  it('lets the address of the last one stay in its name', async () => {
    expect(await saidOf({})).toBe('none');
  });

  it('does not where nobody says that it stays', async () => {
    expect(await saidOf({ isSaid: false })).toBe('9 convergence');
  });

  it('does not where it never had that address', async () => {
    expect(await saidOf({ hadIt: false })).toBe('9 convergence');
  });

  it.each([
    ['lets the address stay that another, who is said to stay as well, was to have', true, 'none'],
    ['does not where nothing is said of that one', false, '9 convergence'],
  ])('%s', async (_title, isOtherSaid, expected) => {
    const other = await launch();
    world.chronicle.goneAtMs.set(other.id, world.timeline.now());
    world.account.ec2.fleet.terminate([other.id]);
    const said = { kind: 'withheld', reason: 'cap', role: 'mail', zone: ZONES.pub.name } as const;
    if (isOtherSaid) world.journal.push({ ...said, name: `mx2.${ZONES.pub.name}`, type: 'A', instance: other.id });
    expect(await saidOf({ showsBoth: true })).toBe(expected);
  });
});

describe('the checker of drains', () => {
  const said = (instance: string) =>
    violationOf(() =>
      new Hearsay(world).check({
        kind: 'drained',
        role: 'mail',
        reason: 'draining',
        instance,
        asked: ['tag'],
        waitedMs: 1_000,
      }),
    );

  it('complains when it is over while a member waits for the address that is still there', async () => {
    const [leaving] = [await launch(), await launch()];
    addressWith(leaving);
    await world.advance(200);
    world.account.ec2.createTags([leaving?.id ?? ''], { 'rolecall:drain': 'yes' });
    expect(said(leaving?.id ?? '')).toBe('drained means forgotten');
  });

  it('does not where nobody waits, nor where that came about just now', async () => {
    const leaving = await launch();
    addressWith(leaving);
    await world.advance(200);
    expect(said(leaving.id)).toBe('none');
    await launch();
    expect(said(leaving.id)).toBe('none');
  });
});

describe('the checker of those who wait', () => {
  /** After how many seconds of calm it complains of one that waits in vain, whose address resolvers have for so long. */
  async function complainsAfter(rememberedS: number, doneAfterS = Number.POSITIVE_INFINITY): Promise<number | 'never'> {
    const { scalingGroups } = world.account;
    scalingGroups.create('fleet');
    scalingGroups.putHook({
      group: 'fleet',
      name: 'leave',
      transition: 'terminating',
      heartbeatSeconds: 7_200,
      defaultResult: 'CONTINUE',
    });
    const keeper = new HookKeeper(world);
    const { id } = await launch();
    scalingGroups.attach('fleet', [id]);
    scalingGroups.remove(id, 'EC2');
    const calmAtMs = world.timeline.now();
    world.chronicle.rememberedUntilMs.set(id, calmAtMs + rememberedS * 1_000);
    if (doneAfterS < 7_200) world.timeline.after(doneAfterS * 1_000, () => world.account.autoscaling.forget(id));
    try {
      await keeper.nobodyWaits();
      return 'never';
    } catch (error) {
      if (!(error instanceof Violated)) throw error;
      return (world.timeline.now() - calmAtMs) / 1_000;
    }
  }

  it('complains after fifteen minutes', async () => {
    expect(await complainsAfter(300)).toBe(900);
  });

  it('waits until resolvers have forgotten what hands gave a longer TTL, and no longer', async () => {
    expect(await complainsAfter(1_000)).toBe(1_125);
  });

  it('does not complain of one that goes on when it is forgotten', async () => {
    expect(await complainsAfter(1_000, 1_010)).toBe('never');
  });
});

describe('the checker of ends', () => {
  it.each([
    ['takes an instance for ended whose launch is abandoned', 'ABANDON', true],
    ['does not where its launch goes on', 'CONTINUE', false],
  ] as const)('%s', async (_title, defaultResult, expected) => {
    const { scalingGroups } = world.account;
    scalingGroups.create('fleet');
    const hook = { group: 'fleet', name: 'ready', transition: 'launching', heartbeatSeconds: 30 } as const;
    scalingGroups.putHook({ ...hook, defaultResult });
    const keeper = new HookKeeper(world);
    const { id } = await launch();
    scalingGroups.launched('fleet', id);
    await world.advance(40);
    await keeper.nobodyWaits();
    expect(world.chronicle.goneAtMs.has(id)).toBe(expected);
  });
});

describe('the checker of how hooks are completed', () => {
  async function complete(result: 'CONTINUE' | 'ABANDON'): Promise<string> {
    const { scalingGroups, autoscaling } = world.account;
    scalingGroups.create('fleet');
    const hook = { group: 'fleet', name: 'leave', transition: 'terminating', heartbeatSeconds: 300 } as const;
    scalingGroups.putHook({ ...hook, defaultResult: 'ABANDON' });
    new HookKeeper(world);
    let problem = 'none';
    world.fail = (error) => (problem = error instanceof Violated ? error.invariant : String(error));
    const { id } = await launch();
    scalingGroups.attach('fleet', [id]);
    scalingGroups.remove(id, 'EC2');
    autoscaling.complete({ group: 'fleet', hook: 'leave', instanceId: id }, result);
    return problem;
  }

  it('complains where an instance is given up', async () => {
    expect(await complete('ABANDON')).toBe('nobody is given up at a hook');
  });

  it('does not where it goes on', async () => {
    expect(await complete('CONTINUE')).toBe('none');
  });
});

describe('the checker of time-outs', () => {
  /** What is complained of when a hook of 300 s runs out, after trouble of so long. */
  async function runOut(isTold: boolean, troubleMs: number): Promise<string> {
    const { scalingGroups, autoscaling } = world.account;
    scalingGroups.create('fleet');
    scalingGroups.putHook({
      group: 'fleet',
      name: 'leave',
      transition: 'terminating',
      heartbeatSeconds: 300,
      defaultResult: 'CONTINUE',
    });
    const keeper = new HookKeeper(world);
    let problem = 'none';
    world.fail = (error) => (problem = error instanceof Violated ? error.invariant : String(error));
    let endings = 0;
    let token = '';
    world.account.events.onEvent(
      (event) => (token = /"LifecycleActionToken":"([^"]+)"/.exec(JSON.stringify(event))?.[1] ?? token),
    );
    autoscaling.onEnd(() => (endings += 1));
    world.trouble.disturb(troubleMs);
    const { id } = await launch();
    scalingGroups.attach('fleet', [id]);
    scalingGroups.remove(id, 'EC2');
    if (isTold) keeper.told(token);
    await world.advance(310);
    expect(endings).toBe(1);
    return problem;
  }

  it('complains of a hook that runs out long after the trouble, when a Lambda was told of it', async () => {
    expect(await runOut(true, 100_000)).toBe('no time-out decides while we work');
  });

  it('does not when no Lambda was told', async () => {
    expect(await runOut(false, 100_000)).toBe('none');
  });

  it('does not when the trouble has only just ended', async () => {
    expect(await runOut(true, 250_000)).toBe('none');
  });
});
