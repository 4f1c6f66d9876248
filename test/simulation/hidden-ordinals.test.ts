import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Instance, primaryPrivateAddress } from '../../local/ec2/instance.ts';
import { launched } from './checked.ts';
import { reverseNameOf, sharedOut } from './hidden-ordinals.ts';
import { World } from './world.ts';

let world: World;
let members: readonly Instance[];

beforeEach(async () => {
  world = new World(1, undefined);
  members = [await launched(world, 'shard'), await launched(world, 'shard')];
});

afterEach(async () => {
  await world.close();
});

const nameOf = (ordinal: number) => `shard-${ordinal}.corp.internal`;

/** The ordinals of both members, of which the PTR records say what is given. */
function shared(ordinals: readonly number[], ...targets: readonly (string | undefined)[]): (number | undefined)[] {
  const observed = new Map(
    members.map((member, index) => {
      const name = reverseNameOf(primaryPrivateAddress(member) ?? '');
      const target = targets[index];
      const values = target === undefined ? [] : [`${target}.`];
      return [`${name} PTR`, [{ name: `${name}.`, type: 'PTR', ttlSeconds: 60, values }]];
    }),
  );
  const found = sharedOut({ ordinals, nameOf }, members, observed);
  return members.map(({ id }) => found.get(id));
}

describe('who has which ordinal whose name hands changed', () => {
  it('is who has the address whose PTR record says so', () => {
    expect(shared([1, 3], nameOf(3))).toEqual([3, 1]);
    expect(shared([1, 2, 3], undefined, nameOf(2))).toEqual([1, 2]);
  });

  it('is told by nothing else, and then it is the lowest that is left', () => {
    expect(shared([1, 3])).toEqual([1, 3]);
    expect(shared([1, 3], nameOf(2), 'elsewhere.example.net')).toEqual([1, 3]);
  });

  it('is one of the two where both PTR records say so', () => {
    expect(shared([1, 3], nameOf(3), nameOf(3))).toEqual([3, 1]);
  });

  it('is nobody who finds none left', () => {
    expect(shared([2])).toEqual([2, undefined]);
  });

  it('is found by the address read backwards', () => {
    expect(reverseNameOf('10.0.40.12')).toBe('12.40.0.10.in-addr.arpa');
  });
});
