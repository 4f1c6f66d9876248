import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change, ResourceRecordSet } from '../../local/route53/resource-record-set.ts';
import { launched, violationOf } from './checked.ts';
import { Invariants } from './invariants.ts';
import { type Setting, ZONES } from './setting.ts';
import { World } from './world.ts';

const SETTING: Setting = { owner: 'ours', zones: ZONES, roles: { web: { names: [{ zone: 'pub' }] } } };
const SERIAL: ResourceRecordSet = {
  name: `ours._rolecall.${ZONES.pub.name}.`,
  type: 'TXT',
  ttlSeconds: 60,
  values: ['"owner=ours serial=1 batch=x"'],
};

let world: World;

beforeEach(async () => {
  world = new World(1, undefined);
  world.setting = SETTING;
  for (const { id, name } of Object.values(ZONES)) world.account.route53.createZone({ id, name, callerReference: id });
  await world.advance(10);
});

afterEach(async () => {
  await world.close();
});

/** A batch of ours; told by what the checker says of it. */
async function write(changes: readonly Change[], checker: Invariants): Promise<string> {
  const id = world.newId();
  const invocation = { id: 1, kind: 'Reconcile', version: 'this', event: {}, startedAtMs: 0, isOver: false } as const;
  world.chronicle.drew(id, { ...invocation, readAtMs: new Map([[ZONES.pub.id, world.timeline.now()]]) });
  await world.through(world.account.route53.change(ZONES.pub.id, changes, `ours ${id}`));
  return violationOf(() => checker.check());
}

function sweep(startedAtMs: number): void {
  world.completeSweeps.push({ startedAtMs, endedAtMs: startedAtMs + 500 });
}

/** A member gets its name, `between` takes its time, and it loses its name though it runs. */
async function loses(between: (id: string) => Promise<void>): Promise<string> {
  const { id, autoPublicAddress = '' } = await launched(world, 'web');
  const set: ResourceRecordSet = {
    name: `web.${ZONES.pub.name}.`,
    type: 'A',
    ttlSeconds: 60,
    values: [autoPublicAddress],
  };
  const checker = new Invariants(world);
  await write(
    [
      { action: 'CREATE', set: SERIAL },
      { action: 'CREATE', set },
    ],
    checker,
  );
  await between(id);
  const next = { ...SERIAL, values: ['"owner=ours serial=2 batch=x"'] };
  return await write(
    [
      { action: 'DELETE', set: SERIAL },
      { action: 'DELETE', set },
      { action: 'CREATE', set: next },
    ],
    checker,
  );
}

describe('the checker of names that a running instance loses', () => {
  it.each([
    ['complains where a complete sweep has read it since it was launched', true, '4 nothing is emptied'],
    ['does not where none has', false, 'none'],
  ])('%s', async (_title, isSwept, expected) => {
    const lost = await loses(async () => {
      if (isSwept) sweep(world.timeline.now());
      await world.advance(200);
    });
    expect(lost).toBe(expected);
  });

  it.each([
    ['complains when lists have left it out for 40 s', 40, '4 nothing is emptied'],
    ['does not when they have for 70 s', 70, 'none'],
  ])('%s', async (_title, unlistedS, expected) => {
    const lost = await loses(async (id) => {
      sweep(world.timeline.now());
      await world.advance(200);
      world.chronicle.unlistedSinceMs.set(id, world.timeline.now());
      await world.advance(unlistedS);
    });
    expect(lost).toBe(expected);
  });
});

describe('the checker of addresses that are gone', () => {
  /** A member is stopped that lists may leave out by then, and keeps its name. */
  async function keeps(isUnlisted: boolean, isTold: boolean, forS: number): Promise<string> {
    const { id, autoPublicAddress = '' } = await launched(world, 'web');
    const name = `web.${ZONES.pub.name}.`;
    const set: ResourceRecordSet = { name, type: 'A', ttlSeconds: 60, values: [autoPublicAddress] };
    const checker = new Invariants(world);
    const changes: Change[] = [
      { action: 'CREATE', set: SERIAL },
      { action: 'CREATE', set },
    ];
    await write(changes, checker);
    sweep(world.timeline.now());
    await world.advance(60);
    if (isUnlisted) {
      world.account.ec2.unlisted.add(id);
      world.chronicle.unlistedSinceMs.set(id, world.timeline.now());
    }
    await world.advance(10);
    world.account.ec2.fleet.stop([id]);
    world.chronicle.touch(id);
    await world.advance(10);
    const body = JSON.stringify({
      time: new Date(world.timeline.now()).toISOString(),
      detail: { 'instance-id': id, state: 'stopped' },
    });
    const event = { Records: isTold ? [{ messageId: 'one', body }] : [] };
    checker.ended(
      { id: 1, kind: 'Observe', version: 'this', event, startedAtMs: 0, readAtMs: new Map(), isOver: true },
      {},
    );
    for (let sweeps = 0; sweeps < forS / 60; sweeps += 1) {
      await world.advance(60);
      sweep(world.timeline.now());
    }
    return violationOf(() => checker.check());
  }

  it.each([
    ['complains where a sweep could show that its instance is down', false, false, 300, '1 gone means gone'],
    ['does not where lists leave it out, and no event told', true, false, 300, 'none'],
    ['complains where lists leave it out, and an event told', true, true, 300, '1 gone means gone'],
    ['complains where ten complete sweeps have not listed it', true, false, 720, '1 gone means gone'],
  ])('%s', async (_title, isUnlisted, isTold, forS, expected) => {
    expect(await keeps(isUnlisted, isTold, forS)).toBe(expected);
  });
});
