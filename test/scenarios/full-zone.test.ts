import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { World } from '../../local/simulation/world.ts';

/** "Records: 10,000 per hosted zone" ("Quotas", Amazon Route 53 Developer Guide); here a few less. */
const INT = 'Z0INT';

let world: World;

beforeEach(async () => {
  world = await World.open({
    owner: 'test',
    zones: { int: { name: 'corp.internal', id: INT, private: true } },
    roles: { web: 'int', node: { names: [{ zone: 'int', name: '{role}-{ordinal}' }] } },
  });
  await world.launch('web');
  await world.advance(65);
});

afterEach(async () => {
  await world.closeCleanly();
});

/** No more sets than there are, and so many. */
function leaveRoomFor(more: number): void {
  const zone = world.account.route53.zone(INT);
  world.account.route53.mostRecordSets = zone.current.size + more;
}

const said = () =>
  world.journal.flatMap((entry) =>
    entry.kind === 'conflict' ? [`${entry.name} ${entry.reason}${entry.cleared === true ? ' cleared' : ''}`] : [],
  );

describe('a zone that holds no more record sets', () => {
  it('gets as many as there is room for, and each of the others is said once', async () => {
    leaveRoomFor(2);
    await world.launch('node', { count: 7 });
    await world.advance(10);
    expect((await world.zone(INT)).map((set) => set.split(' ')[0])).toEqual([
      'node-1.corp.internal',
      'node-2.corp.internal',
      'web.corp.internal',
    ]);
    await world.advance(300);
    expect(said()).toEqual([3, 4, 5, 6, 7].map((ordinal) => `node-${ordinal}.corp.internal zone-full`));
  });

  it('still follows what is there already: values come, and what is gone goes at once', async () => {
    leaveRoomFor(0);
    await world.launch('node', { count: 3 });
    await world.advance(5);
    const [second = ''] = await world.launch('web');
    await world.advance(5);
    expect((await world.zone(INT)).map((set) => set.split(' ').length)).toEqual([5]);
    await world.terminate(second);
    await world.advance(3);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.11']);
  });

  it('is tried once a minute, with no more calls than that takes', async () => {
    leaveRoomFor(0);
    await world.launch('node', { count: 6 });
    await world.advance(65);
    world.account.forgetCalls();
    await world.advance(600);
    expect(world.account.callCount('route53', 'ChangeResourceRecordSets')).toBeLessThanOrEqual(10 * 4);
  });

  it('gets them all within two sweeps of there being room again', async () => {
    leaveRoomFor(0);
    await world.launch('node', { count: 6 });
    await world.advance(65);
    world.account.route53.mostRecordSets = 10_000;
    await world.advance(130);
    expect(await world.zone(INT)).toHaveLength(7);
    expect(said().filter((line) => line.endsWith('cleared'))).toHaveLength(6);
    const batches = world.account.route53.batches.length;
    await world.advance(130);
    expect(world.account.route53.batches).toHaveLength(batches);
  });
});
