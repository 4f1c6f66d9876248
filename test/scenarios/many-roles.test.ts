import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import { afterEach, expect, it } from 'vitest';
import { World } from '../../local/simulation/world.ts';

const INT = 'Z0INT';
let world: World;

afterEach(async () => {
  await world.close();
});

/** As many as fit into the 256 characters of a tag's value. */
const rolesFrom = (first: string): string =>
  Array.from({ length: 60 }, (_, index) => `${first}${index.toString(36).padStart(2, '0')}`).join(' ');

it('an instance that claims other roles by the dozen gets thirty of them, is told which not, and holds up no other', async () => {
  world = await World.open({
    owner: 'test',
    zones: { int: { name: 'corp.internal', id: INT, private: true } },
    openRoles: 'int',
    roles: { web: 'int' },
  });
  await world.advance(5);
  const [many = ''] = await world.launch(rolesFrom('a'));
  await world.advance(10);
  expect((await world.zone(INT)).at(-1)).toBe('a0t.corp.internal A 60 10.0.0.11');
  await world.user.ec2.send(
    new CreateTagsCommand({ Resources: [many], Tags: [{ Key: 'rolecall:role', Value: rolesFrom('b') }] }),
  );
  const [web = ''] = await world.launch('web');
  await world.advance(10);
  const names = (await world.zone(INT)).map((set) => set.split('.')[0]);
  expect([names[0], names[29], names[30], names.length]).toEqual(['b00', 'b0t', 'web', 31]);
  const refused = world.journal.filter(({ kind }) => kind === 'refused');
  expect(refused).toHaveLength(60);
  expect(refused[0]).toEqual({
    kind: 'refused',
    role: 'a0u',
    reason: 'too-many',
    instance: many,
    detail: 'an instance has 30 roles at most, the first of the alphabet',
  });
  await world.terminate(many);
  await world.terminate(web);
  await world.advance(10);
  expect(await world.zone(INT)).toEqual([]);
  expect(world.failures).toEqual([]);
});
