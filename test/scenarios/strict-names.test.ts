import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';

const PUB = 'Z0PUB';

function strict(roles: Configuration['roles']): Configuration {
  return {
    owner: 'test',
    zones: { pub: { name: 'example.com', id: PUB } },
    roles,
    strictNames: true,
    allowLargeChange: true,
  };
}

let world: World;
/** While it is set, λ reconcile is held up before its writes to Route 53. */
let held: Promise<void> | undefined;

async function open(configuration: Configuration): Promise<void> {
  held = undefined;
  const hooks = (kind: string) => ({
    before: async ({ operation }: { readonly operation: string }) => {
      if (kind === 'Reconcile' && operation === 'ChangeResourceRecordSets') await held;
    },
  });
  world = await World.open(configuration, { hooks });
}

function hold(): () => void {
  let release: () => void = () => {};
  held = new Promise((resolve) => {
    release = resolve;
  });
  return () => {
    held = undefined;
    release();
  };
}

afterEach(async () => {
  await world.closeCleanly();
});

async function allowedBy(configuration: Configuration): Promise<string[]> {
  return ((await world.update(configuration))['RecordNames'] ?? '').split('|');
}

describe('with strictNames, the names that may be written', () => {
  it('are those of this configuration and the one before, until a deployment finds them gone', async () => {
    await open(strict({ web: 'pub', api: 'pub' }));
    await world.launch('web');
    await world.advance(10);
    expect(await world.zone(PUB)).toEqual(['web.example.com A 60 203.0.113.11']);

    const serial = 'test._rolecall.example.com';
    const onlyApi = { api: { names: [{ zone: 'pub' }] } };
    expect(await allowedBy(strict(onlyApi))).toEqual(['api.example.com', serial, 'web.example.com']);
    await world.advance(10);
    expect(await world.zone(PUB)).toEqual([]);
    expect(await allowedBy(strict(onlyApi))).toEqual(['api.example.com', serial]);
  });

  it('include what two deployments before have published and is not yet removed', async () => {
    await open(strict({ web: 'pub', api: 'pub', db: 'pub' }));
    await world.launch('web');
    await world.advance(10);

    const serial = 'test._rolecall.example.com';
    const release = hold();
    await world.update(strict({ api: 'pub', db: 'pub' }));
    // Nothing was published for db.
    expect(await allowedBy(strict({ api: 'pub' }))).toEqual([
      'api.example.com',
      'db.example.com',
      serial,
      'web.example.com',
    ]);
    expect(await allowedBy(strict({ api: 'pub' }))).toEqual(['api.example.com', serial, 'web.example.com']);
    release();
    await world.advance(10);
    expect(await world.zone(PUB)).toEqual([]);
    expect(await allowedBy(strict({ api: 'pub' }))).toEqual(['api.example.com', serial]);
  });

  it('include what was published before names were strict', async () => {
    const loose = { ...strict({ web: { names: [{ zone: 'pub', name: '{instanceId}' }] } }), strictNames: false };
    await open(loose);
    await world.launch('web');
    await world.advance(10);
    const release = hold();
    expect(await world.update({ ...loose, roles: {} })).toEqual({});
    const names = await allowedBy(strict({}));
    expect(names).toHaveLength(2);
    expect(names[0]).toMatch(/^i-[0-9a-f]{17}\.example\.com$/);
    release();
    await world.advance(10);
    expect(await world.zone(PUB)).toEqual([]);
  });

  it('refuses a configuration whose names, with those to be removed, fit no policy', async () => {
    const many = (prefix: string) =>
      Object.fromEntries(Array.from({ length: 60 }, (_each, index) => [`${prefix}-number-${index}`, 'pub'] as const));
    await open(strict(many('old')));
    await expect(world.update(strict(many('new')))).rejects.toThrow(
      /strictNames needs \d+ characters of name patterns/,
    );
    // In two steps: the old ones go first.
    await world.update(strict({}));
    await world.advance(10);
    await world.update(strict(many('new')));
  });
});
