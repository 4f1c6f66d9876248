import { afterEach, describe, expect, it } from 'vitest';
import { World } from '../../local/simulation/world.ts';

const INT = 'Z0INT';

let world: World;

afterEach(async () => {
  await world.close();
});

/** Does something to EC2 on account of an instance. */
type Deed = (id: string) => void;

describe('an instance that is known, and whose role changes', () => {
  it.each<[title: string, begin: Deed, end: Deed]>([
    [
      'while EC2 does not answer',
      () =>
        world.account.faults.add({
          service: 'ec2',
          operation: 'DescribeInstances',
          effect: 'error-before',
          times: 200,
        }),
      () => world.account.faults.clear(),
    ],
    [
      'while EC2 does not list it',
      (id) => world.account.ec2.unlisted.add(id),
      (id) => world.account.ec2.unlisted.delete(id),
    ],
  ])('%s, is read again before the sweep, and not once more', async (_title, begin, end) => {
    world = await World.open({
      owner: 'test',
      zones: { int: { name: 'corp.internal', id: INT, private: true } },
      roles: { cache: 'int', db: 'int' },
    });
    const [one = ''] = await world.launch('db');
    await world.advance(75);
    begin(one);
    await world.tag(one, 'cache');
    await world.advance(2);
    expect(await world.zone(INT)).toEqual(['db.corp.internal A 60 10.0.0.11']);
    end(one);
    await world.advance(5);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.11']);
    const reads = world.account.callCount('ec2', 'DescribeInstances');
    await world.advance(20);
    expect(world.account.callCount('ec2', 'DescribeInstances')).toBe(reads);
  });
});
