import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { primaryPrivateAddress } from '../../local/ec2/instance.ts';
import { launched, violationOf } from './checked.ts';
import { mostUnseen } from './hidden-ordinals.ts';
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

async function foreign(zone: 'pub' | 'int', label: string): Promise<void> {
  const set = { name: `${label}.${ZONES[zone].name}.`, type: 'A', ttlSeconds: 300, values: ['192.0.2.77'] };
  await world.through(world.edit(ZONES[zone].id, [{ action: 'CREATE', set }]));
}

async function ours(zone: 'pub' | 'int', label: string, value: string): Promise<void> {
  const { id, name } = ZONES[zone];
  const set = { name: `${label}.${name}.`, type: 'A', ttlSeconds: 60, values: [value] };
  await world.through(world.account.route53.change(id, [{ action: 'CREATE', set }], 'ours x'));
  world.chronicle.holdsOf(id).set(`${set.name} A `, 'ours');
}

interface Pair {
  readonly succession: 'oldest' | 'newest';
  /** Whether the holder that is in both zones is sick. */
  readonly isSick?: boolean;
  /** Of each member that is younger, whether it has a public address. */
  readonly others: readonly boolean[];
}

/** One holder is in both zones; the name of the other's ordinal is another's, or nobody's. */
async function pairOf({ succession, isSick = false, others }: Pair): Promise<void> {
  const names = [{ zone: 'int', name: '{role}-{ordinal}' }, { zone: 'pub' }] as const;
  world.setting = { owner: 'ours', zones: ZONES, roles: { pair: { names, holders: 2, succession } } };
  const seen = await launched(world, 'pair');
  if (isSick) world.account.ec2.fleet.setImpaired(seen.id, true);
  for (const hasPublicAddress of others) await launched(world, 'pair', hasPublicAddress);
  await ours('int', 'pair-2', primaryPrivateAddress(seen) ?? '');
  await ours('pub', 'pair', seen.autoPublicAddress ?? '');
}

describe('the checker of holders, where another’s record stands at the name of an ordinal', () => {
  it.each<[title: string, pair: Pair, expected: string]>([
    ['does not miss a holder that has no public address', { succession: 'oldest', others: [false] }, 'none'],
    [
      'misses a holder that has a public address, which is not in the name that is for it',
      { succession: 'oldest', others: [true] },
      '9 convergence',
    ],
    ['does not miss the newest member, which may have that ordinal', { succession: 'newest', others: [false] }, 'none'],
    [
      'misses one of two members that are newer, as only one can have that ordinal',
      { succession: 'newest', others: [false, false] },
      '9 convergence',
    ],
    [
      'does not complain of a sick holder while the only member that is well may have that ordinal',
      { succession: 'oldest', isSick: true, others: [false] },
      'none',
    ],
    [
      'complains of a sick holder while one of two members that are well waits',
      { succession: 'oldest', isSick: true, others: [false, false] },
      '9 convergence',
    ],
  ])('%s', async (_title, pair, expected) => {
    await pairOf(pair);
    expect(violationOf(() => new Invariants(world).assertConverged())).toBe('9 convergence');
    await foreign('int', 'pair-1');
    expect(violationOf(() => new Invariants(world).assertConverged())).toBe(expected);
  });

  it('takes as many members for unseen as have no name but hidden ones, and as there are of those', () => {
    expect(mostUnseen([0, 0])).toBe(0);
    expect(mostUnseen([0, 1])).toBe(1);
    expect(mostUnseen([1, 1, 1])).toBe(1);
    expect(mostUnseen([0, 2, 0])).toBe(1);
    expect(mostUnseen([])).toBe(0);
  });
});
