import { afterEach, describe, expect, it } from 'vitest';
import { parseConfiguration } from '../../lib/config/schema.ts';
import { World } from '../../local/simulation/world.ts';
import { withAddresses } from './pool-addresses.ts';

const PUB = 'Z0BBB';
const INT = 'Z0AAA';
const REV = 'Z0CCC';

/** Every kind of name and member, in one configuration. */
const CONFIGURATION = parseConfiguration({
  owner: 'prod-eu',
  zones: {
    int: { name: 'corp.internal', private: true, id: INT },
    pub: { name: 'example.com', id: PUB },
    rev: { name: '10.in-addr.arpa', private: true, id: REV },
  },
  defaults: { ttl: '60s', health: 'status-checks', whenEmpty: 'remove', drift: 'repair' },
  openRoles: 'int',
  roles: {
    cache: 'int',
    web: {
      names: [
        { zone: 'pub', routing: 'multivalue', ttl: '30s' },
        { zone: 'int', name: '{role}-{ordinal}', ptr: true },
        { zone: 'int', name: '{role}.{az}' },
      ],
      aliases: ['www.example.com', '*.apps.example.com'],
      srv: { '_http._tcp': 80 },
      whenEmpty: { answer: '192.0.2.10' },
      allow: { vpcs: ['vpc-0*'], subnets: ['subnet-*'] },
    },
    mail: {
      names: [{ zone: 'pub', name: 'mx{ordinal}' }],
      mx: { name: 'example.com', preference: 10 },
      elasticIp: { pool: 'mail', succession: 'oldest', preferZone: true },
      whenEmpty: 'keep',
    },
    'master-db': { names: [{ zone: 'int' }], holders: 1, succession: 'oldest' },
    api: { names: [{ zone: 'pub', routing: { weighted: { tag: 'rolecall:weight', default: 10 } } }] },
  },
  hosts: { 'dc1-web': { roles: ['web'], expireAfter: '30m' } },
});

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

async function open(): Promise<void> {
  world = await World.open(CONFIGURATION, {
    before: withAddresses('mail'),
  });
  await world.advance(10);
}

describe('the example of the reference', () => {
  it('has its fixed names from the deploy on', async () => {
    await open();
    expect(await world.zone(PUB)).toEqual([
      'example.com MX 60 10 mx1.example.com',
      '*.apps.example.com CNAME 30 web.example.com',
      'mx1.example.com A 60 203.0.113.11',
      'web.example.com A 30 192.0.2.10',
      'www.example.com CNAME 30 web.example.com',
    ]);
    expect(await world.zone(INT)).toEqual([]);
    expect(await world.zone(REV)).toEqual([]);
  });

  it('has a name for each thing that its members are', async () => {
    await open();
    const [one = ''] = await world.launch('web');
    const [two = ''] = await world.launch('web');
    await world.advance(10);
    expect((await world.zone(PUB)).filter((set) => set.startsWith('web.')).sort()).toEqual([
      'web.example.com A 30 203.0.113.12',
      'web.example.com A 30 203.0.113.13',
    ]);
    expect(await world.zone(INT)).toEqual([
      'web.us-east-1a.corp.internal A 60 10.0.0.11',
      'web.us-east-1b.corp.internal A 60 10.0.40.11',
      'web-1.corp.internal A 60 10.0.0.11',
      'web-2.corp.internal A 60 10.0.40.11',
      '_http._tcp.web.corp.internal SRV 60 0 10 80 web-1.corp.internal 0 10 80 web-2.corp.internal',
    ]);
    expect(await world.zone(REV)).toEqual([
      '11.0.0.10.in-addr.arpa PTR 60 web-1.corp.internal',
      '11.40.0.10.in-addr.arpa PTR 60 web-2.corp.internal',
    ]);
    await world.terminate(one);
    await world.advance(5);
    expect((await world.zone(PUB)).filter((set) => set.startsWith('web.'))).toEqual([
      'web.example.com A 30 203.0.113.13',
    ]);
    expect(await world.zone(INT)).toEqual([
      'web.us-east-1b.corp.internal A 60 10.0.40.11',
      'web-2.corp.internal A 60 10.0.40.11',
      '_http._tcp.web.corp.internal SRV 60 0 10 80 web-2.corp.internal',
    ]);
    expect(await world.zone(REV)).toEqual(['11.40.0.10.in-addr.arpa PTR 60 web-2.corp.internal']);
    await world.terminate(two);
    await world.advance(5);
    expect((await world.zone(PUB)).filter((set) => set.startsWith('web.'))).toEqual([
      'web.example.com A 30 192.0.2.10',
    ]);
    expect(await world.zone(INT)).toEqual([]);
    expect(await world.zone(REV)).toEqual([]);
  });

  it('gives a role that is not listed its name, and its mail server the address that mx1 has had from the start', async () => {
    await open();
    await world.launch('queue');
    await world.launch('api', { tags: { 'rolecall:weight': '50' } });
    await world.advance(10);
    await world.launch('mail');
    await world.advance(10);
    expect(await world.zone(INT)).toEqual(['queue.corp.internal A 60 10.0.0.11']);
    expect((await world.zone(PUB)).filter((set) => /^(?:api|mx1|example)/.test(set))).toEqual([
      'example.com MX 60 10 mx1.example.com',
      'api.example.com A 60 203.0.113.13',
      'mx1.example.com A 60 203.0.113.11',
    ]);
    expect(world.journal.filter(({ kind }) => kind === 'moved')).toHaveLength(1);
  });

  it('gives an exclusive name to the oldest, and to the next when it dies', async () => {
    await open();
    const [one = ''] = await world.launch('master-db');
    await world.advance(10);
    await world.launch('master-db');
    await world.advance(10);
    expect(await world.zone(INT)).toEqual(['master-db.corp.internal A 60 10.0.0.11']);
    await world.terminate(one);
    await world.advance(5);
    expect(await world.zone(INT)).toEqual(['master-db.corp.internal A 60 10.0.40.11']);
  });
});
