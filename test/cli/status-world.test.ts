import { expect, it } from 'vitest';
import { World } from '../../local/simulation/world.ts';
import { rolecallOn } from './world-target.ts';

it('reads the status of a deployed stack', async () => {
  const world = await World.open({ zones: { pub: { name: 'example.com', id: 'Z0AAA' } }, roles: { web: 'pub' } });
  const [id = ''] = await world.launch('web');
  await world.advance(30);
  const { code, stdout, stderr } = await rolecallOn(world, 'status');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(`${id}  serving`);
  await world.closeCleanly();
});
