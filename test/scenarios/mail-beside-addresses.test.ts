import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';

const PUB = 'Z0PUB';

const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { pub: { name: 'example.com', id: PUB } },
  roles: {
    site: { names: [{ zone: 'pub', name: '@' }] },
    post: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], holders: 1, mx: { name: 'example.com' } },
  },
};

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

describe('the apex of a domain with a web site in one role and mail in another', () => {
  it('has the records of both, and each follows its own instances', async () => {
    world = await World.open(CONFIGURATION);
    const [site = ''] = await world.launch('site');
    await world.advance(10);
    const [post = ''] = await world.launch('post');
    await world.advance(70);
    expect(await world.zone(PUB)).toEqual([
      'example.com A 60 203.0.113.11',
      'example.com MX 60 10 mx1.example.com',
      'mx1.example.com A 60 203.0.113.12',
    ]);
    await world.terminate(site);
    await world.advance(10);
    expect(await world.zone(PUB)).toEqual([
      'example.com MX 60 10 mx1.example.com',
      'mx1.example.com A 60 203.0.113.12',
    ]);
    await world.launch('site');
    await world.advance(10);
    await world.terminate(post);
    await world.advance(130);
    expect(await world.zone(PUB)).toEqual(['example.com A 60 203.0.113.11']);
    expect(world.journal.filter(({ kind }) => kind === 'conflict' || kind === 'withheld')).toEqual([]);
  });
});
