import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Change, keyOf } from '../../local/route53/resource-record-set.ts';
import { violationOf } from './checked.ts';
import { Invariants } from './invariants.ts';
import { ZONES } from './setting.ts';
import { World } from './world.ts';

let world: World;

beforeEach(async () => {
  world = new World(1, undefined);
  for (const { id, name } of Object.values(ZONES)) world.account.route53.createZone({ id, name, callerReference: id });
  await world.advance(10);
});

afterEach(async () => {
  await world.close();
});

describe('the checker of other people’s records', () => {
  async function neighbour(): Promise<World> {
    const other = new World(2, undefined, world);
    world.other = other;
    other.other = world;
    return other;
  }

  async function changedBy(maker: World, changes: readonly Change[]): Promise<void> {
    const id = maker.newId();
    const startedAtMs = world.timeline.now();
    maker.chronicle.drew(id, {
      id: 1,
      kind: 'Reconcile',
      version: 'this',
      event: {},
      startedAtMs,
      readAtMs: new Map(),
      isOver: false,
    });
    await world.through(world.account.route53.change(ZONES.int.id, changes, `neighbour ${id}`));
  }

  const set = { name: `web.${ZONES.int.name}.`, type: 'A', ttlSeconds: 60, values: ['10.0.0.11'] };

  it('takes what another Rolecall makes for foreign, and forgets it when that is gone', async () => {
    const other = await neighbour();
    const invariants = new Invariants(world);
    await changedBy(other, [{ action: 'CREATE', set }]);
    expect(violationOf(() => invariants.check())).toBe('none');
    expect(world.chronicle.holdsOf(ZONES.int.id).get(keyOf(set))).toBe('foreign');
    await changedBy(other, [{ action: 'DELETE', set }]);
    expect(violationOf(() => invariants.check())).toBe('none');
    expect(world.chronicle.holdsOf(ZONES.int.id).size).toBe(0);
  });

  it('complains when another Rolecall touches ours, and when we touch its', async () => {
    const other = await neighbour();
    await world.through(world.account.route53.change(ZONES.int.id, [{ action: 'CREATE', set }], 'by hand'));
    world.chronicle.holdsOf(ZONES.int.id).set(keyOf(set), 'ours');
    other.chronicle.strangerChange(ZONES.int.id, 'CREATE', set);
    const [ours, theirs] = [new Invariants(world), new Invariants(other)];
    await changedBy(other, [{ action: 'DELETE', set }]);
    expect(violationOf(() => ours.check())).toBe('2 no foreign record');
    expect(violationOf(() => theirs.check())).toBe('2 no foreign record');
  });
});
