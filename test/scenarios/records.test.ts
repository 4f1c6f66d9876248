import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import { ListResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { withAddresses } from './pool-addresses.ts';

const PUB = 'Z0PUB';
const INT = 'Z0INT';
const REV = 'Z0REV';

const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: {
    pub: { name: 'example.com', id: PUB },
    int: { name: 'corp.internal', id: INT, private: true },
    rev: { name: '10.in-addr.arpa', id: REV, private: true },
  },
  roles: {
    web: {
      names: [
        { zone: 'pub', routing: 'multivalue', ttl: '30s' },
        { zone: 'int', name: '{role}-{ordinal}', ptr: true },
      ],
      aliases: ['www.example.com', '*.apps.example.com'],
      srv: { '_http._tcp': 80 },
      whenEmpty: { answer: '192.0.2.10' },
    },
    api: {
      names: [{ zone: 'pub', routing: { weighted: { tag: 'rolecall:weight', default: 10 } } }],
      whenEmpty: { answer: 'sorry.example.net' },
    },
    mail: {
      names: [{ zone: 'pub', name: 'mx{ordinal}' }],
      mx: { name: 'example.com', preference: 10 },
      elasticIp: { pool: 'mail' },
      whenEmpty: 'keep',
    },
    box: { names: [{ zone: 'pub', name: '{instanceId}', address: 'ec2-name' }] },
  },
};

const FROM_THE_DEPLOY_ON = [
  'api.example.com CNAME 60 sorry.example.net',
  '*.apps.example.com CNAME 30 web.example.com',
  'web.example.com A 30 192.0.2.10',
  'www.example.com CNAME 30 web.example.com',
];

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

async function open(): Promise<void> {
  world = await World.open(CONFIGURATION);
  await world.advance(5);
}

describe('the records of a role', () => {
  it('that depend on no member are there from the deploy on, and come back when the last has gone', async () => {
    await open();
    expect(await world.zone(PUB)).toEqual(FROM_THE_DEPLOY_ON);
    const [one = ''] = await world.launch('web');
    await world.advance(5);
    expect(await world.zone(PUB)).not.toEqual(FROM_THE_DEPLOY_ON);
    await world.terminate(one);
    await world.advance(2);
    expect(await world.zone(PUB)).toEqual(FROM_THE_DEPLOY_ON);
    expect(await world.zone(INT)).toEqual([]);
    expect(await world.zone(REV)).toEqual([]);
  });

  it('are those of its members, of every kind, in the zones that they belong to', async () => {
    await open();
    await world.launch('web', { count: 2 });
    await world.advance(5);
    expect(await world.zone(PUB)).toEqual([
      'api.example.com CNAME 60 sorry.example.net',
      '*.apps.example.com CNAME 30 web.example.com',
      'web.example.com A 30 203.0.113.11',
      'web.example.com A 30 203.0.113.12',
      'www.example.com CNAME 30 web.example.com',
    ]);
    expect(await world.zone(INT)).toEqual([
      'web-1.corp.internal A 60 10.0.0.11',
      'web-2.corp.internal A 60 10.0.0.12',
      '_http._tcp.web.corp.internal SRV 60 0 10 80 web-1.corp.internal 0 10 80 web-2.corp.internal',
    ]);
    expect(await world.zone(REV)).toEqual([
      '11.0.0.10.in-addr.arpa PTR 60 web-1.corp.internal',
      '12.0.0.10.in-addr.arpa PTR 60 web-2.corp.internal',
    ]);
  });

  it('with an answer in their place change in one batch, for the reason of the member', async () => {
    await open();
    const [one = ''] = await world.launch('api');
    await world.advance(5);
    expect(await world.zone(PUB)).toContain('api.example.com A 60 203.0.113.11');
    const entries = world.journal.flatMap((entry) =>
      entry.kind === 'change' && entry.reason === 'launched' ? [entry] : [],
    );
    expect(entries.map(({ action, type, instance }) => [action, type, instance])).toEqual([
      ['create', 'A', one],
      ['delete', 'CNAME', one],
    ]);
    expect(new Set(entries.map(({ batch }) => batch)).size).toBe(1);
  });

  it('follow the weight of the tag', async () => {
    await open();
    const [one = ''] = await world.launch('api');
    await world.advance(5);
    await world.user.ec2.send(
      new CreateTagsCommand({ Resources: [one], Tags: [{ Key: 'rolecall:weight', Value: '0' }] }),
    );
    await world.advance(5);
    const { ResourceRecordSets = [] } = await world.user.route53.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: PUB }),
    );
    const weighted = ResourceRecordSets.filter(({ Name }) => Name === 'api.example.com.');
    expect(weighted.map(({ SetIdentifier, Weight }) => [SetIdentifier, Weight])).toEqual([[one, 0]]);
  });

  it('with the EC2 name go as soon as the instance does', async () => {
    await open();
    const [one = ''] = await world.launch('box');
    await world.advance(5);
    expect(await world.zone(PUB)).toContain(`${one}.example.com CNAME 60 ec2-203-0-113-11.compute-1.amazonaws.com`);
    await world.terminate(one);
    await world.advance(1);
    expect(await world.zone(PUB)).toEqual(FROM_THE_DEPLOY_ON);
  });

  it('of mail are those of the pool, held or not', async () => {
    world = await World.open(CONFIGURATION, {
      before: withAddresses('mail', 'mail'),
    });
    await world.advance(65);
    const [one = ''] = await world.launch('mail');
    await world.advance(10);
    const mail = [
      'example.com MX 60 10 mx1.example.com 10 mx2.example.com',
      'mx1.example.com A 60',
      'mx2.example.com A 60',
    ];
    const isMail = (line: string) => line.includes(' MX ') || line.startsWith('mx');
    const held = (await world.zone(PUB)).filter(isMail);
    expect(held.map((line) => line.replace(/ [\d.]+$/, ''))).toEqual(mail);
    await world.terminate(one);
    await world.advance(65);
    expect((await world.zone(PUB)).filter(isMail)).toEqual(held);
  });
});
