import { DescribeAddressesCommand } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { withAddresses } from './pool-addresses.ts';

const PUB = 'Z0PUB';
const INT = 'Z0INT';

const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { pub: { name: 'example.com', id: PUB }, int: { name: 'corp.internal', id: INT, private: true } },
  roles: {
    mail: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], elasticIp: { pool: 'mail' }, whenEmpty: 'keep' },
    gate: { names: [{ zone: 'pub' }], elasticIp: { pool: 'gate' } },
    web: { names: [{ zone: 'pub' }, { zone: 'int' }] },
    log: { names: [{ zone: 'int' }] },
  },
};

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

async function open(pool = 'mail'): Promise<void> {
  world = await World.open(CONFIGURATION, {
    before: withAddresses(pool),
  });
  await world.advance(5);
}

const webNames = async () =>
  [...(await world.zone(PUB)), ...(await world.zone(INT))].filter((set) => set.startsWith('web'));

describe('an instance that EC2 leaves out of its lists', () => {
  it('stays for one sweep, goes after the second where others serve, and returns when it is seen again', async () => {
    await open();
    const [one = ''] = await world.launch('web', { count: 2 });
    await world.advance(30);
    const both = ['web.example.com A 60 203.0.113.12 203.0.113.13', 'web.corp.internal A 60 10.0.0.11 10.0.0.12'];
    expect(await webNames()).toEqual(both);
    world.account.ec2.unlisted.add(one);
    await world.advance(60);
    expect(await webNames()).toEqual(both);
    await world.advance(60);
    expect(await webNames()).toEqual(['web.example.com A 60 203.0.113.13', 'web.corp.internal A 60 10.0.0.12']);
    world.account.ec2.unlisted.delete(one);
    await world.advance(65);
    expect(await webNames()).toEqual(both);
  });

  it('gets no name that it has not yet, which is said, until a sweep lists it again', async () => {
    await open();
    world.account.faults.add({ service: 'route53', effect: 'error-before' });
    const [one = ''] = await world.launch('web');
    await world.advance(20);
    world.account.ec2.unlisted.add(one);
    await world.advance(60);
    world.account.faults.clear();
    await world.advance(40);
    expect(await webNames()).toEqual([]);
    const said = world.journal.filter(({ reason }) => reason === 'not-listed');
    expect(said.slice(0, 2)).toMatchObject([
      { role: 'web', zone: 'example.com', name: 'web.example.com', type: 'A', instance: one },
      { role: 'web', zone: 'corp.internal', name: 'web.corp.internal', type: 'A', instance: one },
    ]);
    world.account.ec2.unlisted.delete(one);
    await world.advance(65);
    expect(await webNames()).toEqual(['web.example.com A 60 203.0.113.12', 'web.corp.internal A 60 10.0.0.11']);
  });

  it('keeps the last names of its role, but a public address that may be a stranger’s only for ten sweeps', async () => {
    await open();
    const [one = ''] = await world.launch('web');
    await world.advance(30);
    world.account.ec2.unlisted.add(one);
    await world.advance(9 * 60);
    expect(await webNames()).toEqual(['web.example.com A 60 203.0.113.12', 'web.corp.internal A 60 10.0.0.11']);
    await world.advance(3 * 60);
    expect(await webNames()).toEqual(['web.corp.internal A 60 10.0.0.11']);
  });

  it('that stays as the last of one role leaves the names of its other role, where another serves', async () => {
    await open('gate');
    const [both = ''] = await world.launch('web log');
    await world.launch('web');
    await world.advance(30);
    world.account.ec2.unlisted.add(both);
    await world.advance(180);
    const names = (await world.zone(INT)).filter((set) => /^(?:web|log)\./.test(set));
    expect(names).toEqual(['log.corp.internal A 60 10.0.0.11', 'web.corp.internal A 60 10.0.40.11']);
  });

  it.each([
    ['before a sweep misses it', 0],
    ['after one missed it', 60],
    ['after two missed it', 130],
  ])('gets nothing back of what hands took away %s, until one lists it again', async (_title, seconds) => {
    await open();
    const [one = ''] = await world.launch('log');
    await world.advance(30);
    const log = ['log.corp.internal A 60 10.0.0.11'];
    const names = async () => (await world.zone(INT)).filter((set) => set.startsWith('log'));
    expect(await names()).toEqual(log);
    world.account.ec2.unlisted.add(one);
    await world.advance(seconds);
    expect(await names()).toEqual(log);
    await world.edit(INT, 'DELETE', 'log.corp.internal', 'A', 60, '10.0.0.11');
    await world.advance(180);
    expect(await names()).toEqual([]);
    world.account.ec2.unlisted.delete(one);
    await world.advance(125);
    expect(await names()).toEqual(log);
  });

  it('gets back what hands changed, as absence is no reason to empty a name', async () => {
    await open();
    const [one = ''] = await world.launch('log');
    await world.advance(30);
    world.account.ec2.unlisted.add(one);
    await world.edit(INT, 'UPSERT', 'log.corp.internal', 'A', 60, '10.9.9.9');
    await world.advance(180);
    const names = (await world.zone(INT)).filter((set) => set.startsWith('log'));
    expect(names).toEqual(['log.corp.internal A 60 10.0.0.11']);
  });

  it('keeps its Elastic IP as long as EC2 shows it there', async () => {
    await open();
    const [one = ''] = await world.launch('mail');
    await world.advance(30);
    await world.launch('mail');
    await world.advance(30);
    world.account.ec2.unlisted.add(one);
    await world.advance(300);
    const { Addresses } = await world.user.ec2.send(new DescribeAddressesCommand({}));
    expect(Addresses?.[0]?.InstanceId).toBe(one);
    expect(world.journal.filter(({ kind }) => kind === 'moved')).toHaveLength(1);
  });

  it('keeps the name of its Elastic IP as the last of its role, which is said for as long as it is so', async () => {
    await open('gate');
    const [one = ''] = await world.launch('gate');
    await world.advance(30);
    world.account.ec2.unlisted.add(one);
    await world.advance(600);
    const gate = async () => (await world.zone(PUB)).filter((set) => set.startsWith('gate'));
    const said = () =>
      world.journal.flatMap((entry) =>
        entry.kind === 'withheld' && entry.reason === 'cap'
          ? [`${entry.role} ${entry.name} ${entry.instance}${entry.cleared === true ? ' cleared' : ''}`]
          : [],
      );
    expect(await gate()).toEqual(['gate.example.com A 60 203.0.113.11']);
    expect(said()).toEqual([`gate gate.example.com ${one}`]);
    world.account.ec2.unlisted.delete(one);
    await world.advance(65);
    expect(await gate()).toEqual(['gate.example.com A 60 203.0.113.11']);
    expect(said()).toEqual([`gate gate.example.com ${one}`, `gate gate.example.com ${one} cleared`]);
  });

  it('keeps the names of a pool that keeps them anyway, of which nothing is to be said', async () => {
    await open();
    const [one = ''] = await world.launch('mail');
    await world.advance(30);
    world.account.ec2.unlisted.add(one);
    await world.advance(300);
    expect(world.journal.filter(({ reason }) => reason === 'cap')).toEqual([]);
    expect((await world.zone(PUB)).filter((set) => set.startsWith('mx'))).toEqual([
      'mx1.example.com A 60 203.0.113.11',
    ]);
  });
});
