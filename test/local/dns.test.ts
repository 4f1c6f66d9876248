import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import type { Answer, DecodedPacket } from 'dns-packet';
import { decode, encode } from 'dns-packet';
import { afterEach, describe, expect, it } from 'vitest';
import type { DnsServer } from '../../local/dns/server.ts';
import { startDnsServer } from '../../local/dns/server.ts';
import type { ResourceRecordSet } from '../../local/route53/resource-record-set.ts';
import { createRoute53 } from '../../local/route53/service.ts';
import { VirtualTimeline } from '../../local/timeline.ts';

const servers: DnsServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

type GivenSet = Partial<ResourceRecordSet> & Pick<ResourceRecordSet, 'name' | 'type' | 'values'>;

/** Every set in sync in the zone example.com, and in a private corp.internal. */
async function serving(sets: readonly GivenSet[] = [], random?: () => number) {
  const timeline = new VirtualTimeline(Date.UTC(2026, 10, 21, 8));
  let ids = 0;
  const { model } = createRoute53({ timeline, newId: () => `id-${++ids}` });
  model.createZone({ name: 'example.com', callerReference: 'public', id: 'Z0AAA' });
  model.createZone({
    name: 'corp.internal',
    callerReference: 'private',
    id: 'Z0BBB',
    vpc: { id: 'vpc-1', region: 'us-east-1' },
  });
  for (const set of sets) {
    const zoneId = set.name.endsWith('corp.internal.') ? 'Z0BBB' : 'Z0AAA';
    const withTtl = set.aliasTarget === undefined ? { ttlSeconds: 60 } : {};
    await model.change(zoneId, [{ action: 'CREATE', set: { ...withTtl, ...set } }]);
  }
  await timeline.advance(400);
  const server = await startDnsServer({
    zones: () => model.servedZones(),
    port: 0,
    ...(random === undefined ? {} : { random }),
  });
  servers.push(server);
  return { timeline, model, server };
}

function queryOf(name: string, type: string, udpPayloadSize?: number): Buffer {
  const opt: Answer = {
    type: 'OPT',
    name: '.',
    udpPayloadSize: udpPayloadSize ?? 0,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
  };
  return encode({
    type: 'query',
    id: 4711,
    questions: [{ name, type: asRecordType(type), class: 'IN' }],
    additionals: udpPayloadSize === undefined ? [] : [opt],
  });
}

const RECORD_TYPES = ['A', 'AAAA', 'CNAME', 'TXT', 'MX', 'SRV', 'PTR', 'NS', 'SOA', 'AXFR'] as const;

function asRecordType(type: string): (typeof RECORD_TYPES)[number] {
  const known = RECORD_TYPES.find((each) => each === type);
  if (known === undefined) throw new Error(`The test does not know the type ${type}.`);
  return known;
}

function udp(server: DnsServer, query: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', reject);
    socket.once('message', (answer) => {
      socket.close();
      resolve(answer);
    });
    socket.send(query, server.port, server.address);
  });
}

function tcp(server: DnsServer, ...queries: readonly Buffer[]): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    const answers: Buffer[] = [];
    let received = Buffer.alloc(0);
    const socket = connect(server.port, server.address);
    socket.once('error', reject);
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
        const end = 2 + received.readUInt16BE(0);
        answers.push(received.subarray(2, end));
        received = received.subarray(end);
      }
      if (answers.length < queries.length) return;
      socket.destroy();
      resolve(answers);
    });
    for (const query of queries) {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(query.length);
      socket.write(Buffer.concat([length, query]));
    }
  });
}

async function ask(server: DnsServer, name: string, type = 'A'): Promise<DecodedPacket> {
  return decode(await udp(server, queryOf(name, type)));
}

function codeOf(packet: DecodedPacket): unknown {
  return 'rcode' in packet ? packet.rcode : undefined;
}

/** `name type ttl data`, sorted. */
function lines(answers: readonly Answer[] | undefined): string[] {
  return (answers ?? [])
    .map((answer) => {
      if (!('data' in answer)) return answer.type;
      const ttl = 'ttl' in answer ? answer.ttl : undefined;
      const data = typeof answer.data === 'string' ? answer.data : JSON.stringify(answer.data);
      return `${answer.name} ${answer.type} ${ttl} ${data}`;
    })
    .sort();
}

function address(name: string, ...values: string[]): GivenSet {
  return { name: `${name}.example.com.`, type: 'A', values };
}

describe('the DNS server', () => {
  it('answers with every value, with authority, and repeats the question as it was asked', async () => {
    const { server } = await serving([address('web', '203.0.113.11', '203.0.113.12')]);
    const packet = await ask(server, 'WEB.example.COM');
    expect(codeOf(packet)).toBe('NOERROR');
    expect(packet).toMatchObject({ id: 4711, flag_qr: true, flag_aa: true, flag_tc: false, flag_ra: false });
    expect(packet.questions).toMatchObject([{ name: 'WEB.example.COM', type: 'A' }]);
    expect(lines(packet.answers)).toEqual(['WEB.example.COM A 60 203.0.113.11', 'WEB.example.COM A 60 203.0.113.12']);
  });

  it('answers from what is in sync, not from what was just accepted', async () => {
    const { server, model, timeline } = await serving();
    const set = { name: 'web.example.com.', type: 'A', ttlSeconds: 60, values: ['203.0.113.11'] };
    await model.change('Z0AAA', [{ action: 'CREATE', set }]);
    expect(codeOf(await ask(server, 'web.example.com'))).toBe('NXDOMAIN');
    await timeline.advance(400);
    expect(lines((await ask(server, 'web.example.com')).answers)).toEqual(['web.example.com A 60 203.0.113.11']);
  });

  it.each([
    ['AAAA', '2001:db8::1', '2001:db8::1'],
    ['TXT', '"a b" "\\"c\\\\ \\052"', JSON.stringify([Buffer.from('a b'), Buffer.from('"c\\ *')])],
    ['MX', '10 Mail.example.com.', '{"preference":10,"exchange":"mail.example.com"}'],
    ['SRV', '0 10 8080 a.example.com', '{"priority":0,"weight":10,"port":8080,"target":"a.example.com"}'],
    ['PTR', 'web.example.com', 'web.example.com'],
  ])('answers %s', async (type, value, data) => {
    const { server } = await serving([{ name: 'x.example.com.', type, values: [value] }]);
    expect(lines((await ask(server, 'x.example.com', type)).answers)).toEqual([`x.example.com ${type} 60 ${data}`]);
  });

  it('says that a name is not there, with the SOA for as long as its minimum or its TTL allows', async () => {
    const { server } = await serving();
    const packet = await ask(server, 'nothing.example.com');
    expect(codeOf(packet)).toBe('NXDOMAIN');
    expect(packet.answers).toEqual([]);
    expect(packet.authorities).toMatchObject([
      { name: 'example.com', type: 'SOA', ttl: 900, data: { minimum: 86_400 } },
    ]);
  });

  it('says that a name has no such type, also when it only has names below it', async () => {
    const { server } = await serving([address('a.b', '203.0.113.11')]);
    for (const [name, type] of [
      ['a.b.example.com', 'AAAA'],
      ['b.example.com', 'A'],
    ] as const) {
      const packet = await ask(server, name, type);
      expect(codeOf(packet)).toBe('NOERROR');
      expect(packet.answers).toEqual([]);
      expect(packet.authorities).toMatchObject([{ type: 'SOA' }]);
    }
  });

  it('refuses names of none of its zones', async () => {
    const { server } = await serving();
    const packet = await ask(server, 'example.org');
    expect(codeOf(packet)).toBe('REFUSED');
    expect(packet.flag_aa).toBe(false);
  });

  it('follows a CNAME within its zones, and only names one outside', async () => {
    const { server } = await serving([
      { name: 'www.example.com.', type: 'CNAME', values: ['db.corp.internal.'] },
      { name: 'db.corp.internal.', type: 'A', values: ['10.0.0.11'] },
      { name: 'out.example.com.', type: 'CNAME', values: ['example.org'] },
      { name: 'lost.example.com.', type: 'CNAME', values: ['nothing.example.com'] },
    ]);
    expect(lines((await ask(server, 'www.example.com')).answers)).toEqual([
      'db.corp.internal A 60 10.0.0.11',
      'www.example.com CNAME 60 db.corp.internal',
    ]);
    expect(lines((await ask(server, 'www.example.com', 'CNAME')).answers)).toEqual([
      'www.example.com CNAME 60 db.corp.internal',
    ]);
    const out = await ask(server, 'out.example.com');
    expect([codeOf(out), lines(out.answers)]).toEqual(['NOERROR', ['out.example.com CNAME 60 example.org']]);
    const lost = await ask(server, 'lost.example.com');
    expect([codeOf(lost), lines(lost.answers)]).toEqual([
      'NXDOMAIN',
      ['lost.example.com CNAME 60 nothing.example.com'],
    ]);
  });

  it('comes to an end with CNAMEs that go round', async () => {
    const { server } = await serving([
      { name: 'a.example.com.', type: 'CNAME', values: ['b.example.com'] },
      { name: 'b.example.com.', type: 'CNAME', values: ['a.example.com'] },
    ]);
    expect(codeOf(await ask(server, 'a.example.com'))).toBe('NOERROR');
  });

  // RFC 4592, 2.2.1
  it('lets a wildcard stand for names that are not there, at any depth, and for no others', async () => {
    const { server } = await serving([
      { name: '\\052.apps.example.com.', type: 'A', values: ['203.0.113.11'] },
      address('one.apps', '203.0.113.12'),
      address('deep.two.apps', '203.0.113.13'),
    ]);
    const answered = async (name: string) => lines((await ask(server, name)).answers);
    expect(await answered('any.apps.example.com')).toEqual(['any.apps.example.com A 60 203.0.113.11']);
    expect(await answered('a.b.apps.example.com')).toEqual(['a.b.apps.example.com A 60 203.0.113.11']);
    expect(await answered('one.apps.example.com')).toEqual(['one.apps.example.com A 60 203.0.113.12']);
    expect(await answered('*.apps.example.com')).toEqual(['*.apps.example.com A 60 203.0.113.11']);
    expect(codeOf(await ask(server, 'x.one.apps.example.com'))).toBe('NXDOMAIN');
    expect(await answered('two.apps.example.com')).toEqual([]);
    expect(codeOf(await ask(server, 'two.apps.example.com'))).toBe('NOERROR');
    expect(await answered('apps.example.com')).toEqual([]);
  });

  it('answers with up to eight of the sets of a multivalue name', async () => {
    const sets = Array.from(
      { length: 12 },
      (_none, index): GivenSet => ({
        ...address('m', `203.0.113.${index + 1}`),
        setIdentifier: `i-${index}`,
        multiValueAnswer: true,
      }),
    );
    const { server } = await serving(sets);
    expect((await ask(server, 'm.example.com')).answers).toHaveLength(8);
  });

  it('answers with one of the weighted sets, by weight', async () => {
    const draws = [0.1, 0.5, 0.74, 0.76, 0.9];
    const { server } = await serving(
      [
        { ...address('w', '203.0.113.1'), setIdentifier: 'one', weight: 30 },
        { ...address('w', '203.0.113.2'), setIdentifier: 'two', weight: 10 },
        { ...address('w', '203.0.113.3'), setIdentifier: 'none', weight: 0 },
      ],
      () => draws[0] ?? 0,
    );
    const seen: string[] = [];
    while (draws.length > 0) {
      seen.push(...lines((await ask(server, 'w.example.com')).answers));
      draws.shift();
    }
    expect(seen.map((line) => line.split(' ').at(-1))).toEqual([
      '203.0.113.1',
      '203.0.113.1',
      '203.0.113.1',
      '203.0.113.2',
      '203.0.113.2',
    ]);
  });

  it('answers an alias with what its target holds', async () => {
    const { server } = await serving([
      address('web', '203.0.113.11'),
      {
        name: 'example.com.',
        type: 'A',
        values: [],
        aliasTarget: { hostedZoneId: 'Z0AAA', dnsName: 'web.example.com.', evaluateTargetHealth: false },
      },
    ]);
    expect(lines((await ask(server, 'example.com')).answers)).toEqual(['example.com A 60 203.0.113.11']);
  });

  it('truncates what is too long for UDP, and sends it whole over TCP', async () => {
    const values = Array.from({ length: 60 }, (_none, index) => `203.0.113.${index + 1}`);
    const { server } = await serving([address('many', ...values)]);
    const short = decode(await udp(server, queryOf('many.example.com', 'A')));
    expect([short.flag_tc, short.answers]).toEqual([true, []]);
    const [whole = Buffer.alloc(0)] = await tcp(server, queryOf('many.example.com', 'A'));
    expect(decode(whole).answers).toHaveLength(60);
    const large = decode(await udp(server, queryOf('many.example.com', 'A', 4_096)));
    expect([large.flag_tc, large.answers?.length]).toEqual([false, 60]);
    expect(large.additionals).toMatchObject([{ type: 'OPT' }]);
  });

  it('answers several queries on one connection', async () => {
    const { server } = await serving([address('a', '203.0.113.1'), address('b', '203.0.113.2')]);
    const answers = await tcp(server, queryOf('a.example.com', 'A'), queryOf('b.example.com', 'A'));
    expect(answers.map((answer) => lines(decode(answer).answers))).toEqual([
      ['a.example.com A 60 203.0.113.1'],
      ['b.example.com A 60 203.0.113.2'],
    ]);
  });

  it('refuses zone transfers, other operations and garbage, and goes on', async () => {
    const { server } = await serving([address('web', '203.0.113.11')]);
    expect(codeOf(await ask(server, 'example.com', 'AXFR'))).toBe('REFUSED');
    const update = queryOf('example.com', 'SOA');
    update.writeUInt16BE(5 << 11, 2);
    expect(codeOf(decode(await udp(server, update)))).toBe('NOTIMP');
    const garbage = Buffer.concat([queryOf('a', 'A').subarray(0, 12), Buffer.from([63, 1, 2])]);
    expect(codeOf(decode(await udp(server, garbage)))).toBe('FORMERR');
    expect((await ask(server, 'web.example.com')).answers).toHaveLength(1);
  });

  it('takes the next free port when the wanted one is in use, and frees its own', async () => {
    const { server: first, model } = await serving();
    const zones = () => model.servedZones();
    const second = await startDnsServer({ zones, port: first.port });
    expect(second.port).toBeGreaterThan(first.port);
    await second.close();
    const third = await startDnsServer({ zones, port: second.port });
    expect(third.port).toBe(second.port);
    await third.close();
  });
});
