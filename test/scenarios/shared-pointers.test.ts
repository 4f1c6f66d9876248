import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';

const REV = 'Z0REV';

const named = { names: [{ zone: 'int', ptr: true }] } as const;

const configurationOf = (roles: Configuration['roles']): Configuration => ({
  owner: 'test',
  zones: {
    int: { name: 'corp.internal', id: 'Z0INT', private: true },
    rev: { name: '10.in-addr.arpa', id: REV, private: true },
  },
  roles,
});

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

async function openWith(roles: Configuration['roles'], claims: string): Promise<string> {
  world = await World.open(configurationOf(roles));
  const [one = ''] = await world.launch(claims);
  await world.advance(10);
  return one;
}

async function claim(instanceId: string, roles: string): Promise<void> {
  const Tags = [{ Key: 'rolecall:role', Value: roles }];
  await world.user.ec2.send(new CreateTagsCommand({ Resources: [instanceId], Tags }));
  await world.advance(10);
}

const pointer = async () => await world.zone(REV);
const to = (role: string) => [`11.0.0.10.in-addr.arpa PTR 60 ${role}.corp.internal`];

describe('the pointer of an address that several roles want', () => {
  it('is that of the first role by name, whichever the instance got first', async () => {
    const one = await openWith({ api: named, web: named }, 'web');
    expect(await pointer()).toEqual(to('web'));
    await claim(one, 'api web');
    expect(await pointer()).toEqual(to('api'));
    await claim(one, 'web');
    expect(await pointer()).toEqual(to('web'));
  });

  it('goes to a role that a deployment brings, if that is the first, and back when it takes it away', async () => {
    await openWith({ web: named }, 'api web');
    expect(await pointer()).toEqual(to('web'));
    await world.update(configurationOf({ api: named, web: named }));
    await world.advance(120);
    expect(await pointer()).toEqual(to('api'));
    await world.update(configurationOf({ web: named }));
    await world.advance(120);
    expect(await pointer()).toEqual(to('web'));
  });

  it('stays where it is when a deployment brings a role that is not the first, which is said of that', async () => {
    await openWith({ api: named }, 'api web');
    await world.update(configurationOf({ api: named, web: named }));
    await world.advance(120);
    expect(await pointer()).toEqual(to('api'));
    const said = world.journal.filter(({ reason }) => reason === 'name-taken');
    expect(said).toMatchObject([{ kind: 'withheld', role: 'web', name: '11.0.0.10.in-addr.arpa', type: 'PTR' }]);
    const tries = () => world.account.callCount('route53', 'ChangeResourceRecordSets');
    const before = tries();
    await world.advance(180);
    expect(tries()).toBe(before);
    await world.launch('web');
    await world.advance(10);
    expect(tries()).toBe(before + 2);
    expect(world.journal.filter(({ reason }) => reason === 'name-taken')).toHaveLength(1);
  });
});
