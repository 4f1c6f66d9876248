import { Route53Client } from '@aws-sdk/client-route-53';
import { describe, expect, test } from 'vitest';
import { createDns } from '../../lib/aws/route53.ts';
import { ServiceFailure } from '../../lib/model/errors.ts';
import { recordSet } from '../../lib/model/record-set.ts';
import { type Answer, broken, clientSettings, played, route53Error, xml } from './played-wire.ts';

function dnsWith(...answers: Answer[]) {
  const { sent, requestHandler } = played(...answers);
  return { sent, dns: createDns(new Route53Client(clientSettings(requestHandler))) };
}

const NAMESPACE = 'xmlns="https://route53.amazonaws.com/doc/2013-04-01/"';
const ACCEPTED = xml(
  200,
  `<ChangeResourceRecordSetsResponse ${NAMESPACE}><ChangeInfo><Id>/change/C2682N5HXP0BZ4</Id><Status>PENDING</Status><SubmittedAt>2026-11-21T08:00:00.000Z</SubmittedAt></ChangeInfo></ChangeResourceRecordSetsResponse>`,
);

function listed(sets: string, next = '<IsTruncated>false</IsTruncated>'): Answer {
  return xml(
    200,
    `<ListResourceRecordSetsResponse ${NAMESPACE}><ResourceRecordSets>${sets}</ResourceRecordSets>${next}<MaxItems>300</MaxItems></ListResourceRecordSetsResponse>`,
  );
}

function set(name: string, type: string, values: readonly string[], routing = ''): string {
  const records = values.map((value) => `<ResourceRecord><Value>${value}</Value></ResourceRecord>`).join('');
  return `<ResourceRecordSet><Name>${name}</Name><Type>${type}</Type>${routing}<TTL>60</TTL><ResourceRecords>${records}</ResourceRecords></ResourceRecordSet>`;
}

const WEB = recordSet('web.example.com', 'A', 60, ['203.0.113.11', '203.0.113.12']);

describe('a change', () => {
  test('sends what was, then what shall be, names with their final dot', async () => {
    const { dns, sent } = dnsWith(ACCEPTED);
    const outcome = await dns.change(
      'Z0AAA',
      [
        { action: 'DELETE', set: WEB },
        { action: 'CREATE', set: recordSet('*.apps.example.com', 'A', 60, ['203.0.113.11']) },
        {
          action: 'CREATE',
          set: recordSet('rolecall._rolecall.example.com', 'TXT', 60, ['"owner=rolecall serial=8 batch=b8"']),
        },
      ],
      'rolecall b8',
    );
    expect(outcome).toEqual({ kind: 'accepted', changeId: 'C2682N5HXP0BZ4' });
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ method: 'POST', path: '/2013-04-01/hostedzone/Z0AAA/rrset' });
    expect(sent[0]?.body.replace(/^<\?xml[^>]*>/, '')).toBe(
      `<ChangeResourceRecordSetsRequest ${NAMESPACE}><ChangeBatch><Changes>` +
        '<Change><Action>DELETE</Action><ResourceRecordSet><Name>web.example.com.</Name><Type>A</Type><TTL>60</TTL><ResourceRecords><ResourceRecord><Value>203.0.113.11</Value></ResourceRecord><ResourceRecord><Value>203.0.113.12</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change>' +
        '<Change><Action>CREATE</Action><ResourceRecordSet><Name>*.apps.example.com.</Name><Type>A</Type><TTL>60</TTL><ResourceRecords><ResourceRecord><Value>203.0.113.11</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change>' +
        '<Change><Action>CREATE</Action><ResourceRecordSet><Name>rolecall._rolecall.example.com.</Name><Type>TXT</Type><TTL>60</TTL><ResourceRecords><ResourceRecord><Value>&quot;owner=rolecall serial=8 batch=b8&quot;</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change>' +
        '</Changes><Comment>rolecall b8</Comment></ChangeBatch></ChangeResourceRecordSetsRequest>',
    );
  });

  test('sends a routing policy with its set identifier', async () => {
    const { dns, sent } = dnsWith(ACCEPTED);
    const multivalue = { kind: 'multivalue', setIdentifier: 'i-0b2' } as const;
    const weighted = { kind: 'weighted', setIdentifier: 'i-0b3', weight: 0 } as const;
    await dns.change(
      'Z0AAA',
      [
        { action: 'CREATE', set: recordSet('web.example.com', 'A', 60, ['203.0.113.11'], multivalue) },
        { action: 'CREATE', set: recordSet('api.example.com', 'A', 60, ['203.0.113.12'], weighted) },
      ],
      '',
    );
    expect(sent[0]?.body).toContain('<SetIdentifier>i-0b2</SetIdentifier><MultiValueAnswer>true</MultiValueAnswer>');
    expect(sent[0]?.body).toContain('<SetIdentifier>i-0b3</SetIdentifier><Weight>0</Weight>');
  });

  test.each([
    [
      'InvalidChangeBatch',
      400,
      "[Tried to delete resource record set [name='web.example.com.', type='A'] but it was not found]",
      'rejected',
    ],
    ['InvalidInput', 400, 'Invalid XML', 'rejected'],
    [
      'PriorRequestNotComplete',
      400,
      'The request was rejected because Route 53 was still processing a prior request.',
      'busy',
    ],
    ['Throttling', 400, 'Rate exceeded', 'throttled'],
    ['NoSuchHostedZone', 404, 'No hosted zone found with ID: Z0AAA', 'zone-gone'],
    ['AccessDenied', 403, 'User is not authorized to perform: route53:ChangeResourceRecordSets', 'access-denied'],
    ['InternalFailure', 500, 'Something broke', 'unknown'],
    ['ServiceUnavailable', 503, 'Try again', 'unknown'],
  ] as const)('tells %s by its name', async (code, status, message, kind) => {
    const { dns, sent } = dnsWith(route53Error(status, code, message));
    expect(await dns.change('Z0AAA', [{ action: 'DELETE', set: WEB }], '')).toEqual({
      kind,
      message: `${code}: ${message}`,
    });
    expect(sent).toHaveLength(1);
  });

  test('does not know what became of a batch whose connection broke, and sends it once', async () => {
    const { dns, sent } = dnsWith(broken('ECONNRESET'));
    expect(await dns.change('Z0AAA', [{ action: 'DELETE', set: WEB }], '')).toMatchObject({ kind: 'unknown' });
    expect(sent).toHaveLength(1);
  });

  test('does not know what became of a batch whose answer cannot be read', async () => {
    const { dns } = dnsWith({ status: 200, body: '<html>busy', type: 'text/html' });
    expect(await dns.change('Z0AAA', [{ action: 'DELETE', set: WEB }], '')).toMatchObject({ kind: 'unknown' });
  });

  test('takes no rejection for one when its client had sent the batch before', async () => {
    const { sent, requestHandler } = played(broken('ECONNRESET'), route53Error(400, 'InvalidChangeBatch', '[…]'));
    const dns = createDns(new Route53Client(clientSettings(requestHandler, 3)));
    expect(await dns.change('Z0AAA', [{ action: 'DELETE', set: WEB }], '')).toEqual({
      kind: 'unknown',
      message: 'InvalidChangeBatch: […]',
    });
    expect(sent).toHaveLength(2);
  });
});

describe('a read', () => {
  test('asks once, for this name and type', async () => {
    const { dns, sent } = dnsWith(listed(set('web.example.com.', 'A', ['203.0.113.12', '203.0.113.11'])));
    expect(await dns.read('Z0AAA', 'web.example.com', 'A')).toEqual([
      {
        name: 'web.example.com',
        type: 'A',
        ttlSeconds: 60,
        values: ['203.0.113.11', '203.0.113.12'],
        routing: { kind: 'simple' },
      },
    ]);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({
      method: 'GET',
      path: '/2013-04-01/hostedzone/Z0AAA/rrset',
      query: { name: 'web.example.com.', type: 'A', maxitems: '100' },
    });
  });

  test('finds nothing where Route 53 answers the sets that follow', async () => {
    const following = set('web.example.com.', 'TXT', ['&quot;x&quot;']) + set('www.example.com.', 'A', ['203.0.113.1']);
    const { dns } = dnsWith(listed(following));
    expect(await dns.read('Z0AAA', 'web.example.com', 'A')).toEqual([]);
  });

  test('finds every set of a routing policy', async () => {
    const { dns } = dnsWith(
      listed(
        set(
          'web.example.com.',
          'A',
          ['203.0.113.1'],
          '<SetIdentifier>i-0b2</SetIdentifier><MultiValueAnswer>true</MultiValueAnswer>',
        ) + set('web.example.com.', 'A', ['203.0.113.2'], '<SetIdentifier>i-0b3</SetIdentifier><Weight>0</Weight>'),
      ),
    );
    expect(await dns.read('Z0AAA', 'web.example.com', 'A')).toEqual([
      {
        name: 'web.example.com',
        type: 'A',
        ttlSeconds: 60,
        values: ['203.0.113.1'],
        routing: { kind: 'multivalue', setIdentifier: 'i-0b2' },
      },
      {
        name: 'web.example.com',
        type: 'A',
        ttlSeconds: 60,
        values: ['203.0.113.2'],
        routing: { kind: 'weighted', setIdentifier: 'i-0b3', weight: 0 },
      },
    ]);
  });

  test('finds a wildcard, which Route 53 escapes', async () => {
    const { dns, sent } = dnsWith(listed(set('\\052.apps.example.com.', 'A', ['203.0.113.1'])));
    expect(await dns.read('Z0AAA', '*.apps.example.com', 'A')).toMatchObject([{ name: '*.apps.example.com' }]);
    expect(sent[0]?.query).toMatchObject({ name: '*.apps.example.com.' });
  });

  test('does not take a name with an escaped dot for one of ours', async () => {
    const { dns } = dnsWith(listed(set('web\\056example.com.', 'A', ['203.0.113.1'])));
    expect(await dns.read('Z0AAA', 'web.example.com', 'A')).toEqual([]);
  });

  test('refuses to show a part of the sets of one name', async () => {
    const next =
      '<IsTruncated>true</IsTruncated><NextRecordName>web.example.com.</NextRecordName><NextRecordType>A</NextRecordType><NextRecordIdentifier>i-0b3</NextRecordIdentifier>';
    const one = set(
      'web.example.com.',
      'A',
      ['203.0.113.1'],
      '<SetIdentifier>i-0b2</SetIdentifier><MultiValueAnswer>true</MultiValueAnswer>',
    );
    const { dns } = dnsWith(listed(one, next));
    await expect(dns.read('Z0AAA', 'web.example.com', 'A')).rejects.toThrow(ServiceFailure);
  });

  test('reads pointers without the final dot, in lower case', async () => {
    const { dns } = dnsWith(
      listed(
        set('a.example.com.', 'CNAME', ['Host.Example.com.']) +
          set('b.example.com.', 'MX', ['10 MX1.example.com.', '20  mx2.example.com']) +
          set('_http._tcp.web.example.com.', 'SRV', ['0 10 80 web-1.example.com.']) +
          set('11.113.0.203.in-addr.arpa.', 'PTR', ['web.example.com.']) +
          set('c.example.com.', 'TXT', ['&quot;Case And Dot.&quot;']),
      ),
    );
    const { sets } = await dns.page('Z0AAA');
    expect(sets.map((each) => ('values' in each ? each.values : each))).toEqual([
      ['host.example.com'],
      ['10 mx1.example.com', '20 mx2.example.com'],
      ['0 10 80 web-1.example.com'],
      ['web.example.com'],
      ['"Case And Dot."'],
    ]);
  });

  test.each([
    ['NoSuchHostedZone', 404, 'not-found'],
    ['Throttling', 400, 'throttled'],
    ['AccessDenied', 403, 'access-denied'],
    ['InternalFailure', 500, 'unavailable'],
    ['InvalidInput', 400, 'invalid'],
  ] as const)('throws a failure at %s', async (code, status, kind) => {
    const { dns } = dnsWith(route53Error(status, code, 'said so'));
    await expect(dns.read('Z0AAA', 'web.example.com', 'A')).rejects.toMatchObject({
      name: 'ServiceFailure',
      kind,
      message: `${code}: said so`,
    });
  });
});

describe('a page', () => {
  test('goes on where the one before ended', async () => {
    const next =
      '<IsTruncated>true</IsTruncated><NextRecordName>\\052.example.com.</NextRecordName><NextRecordType>TLSA</NextRecordType><NextRecordIdentifier>i-0b3</NextRecordIdentifier>';
    const { dns, sent } = dnsWith(
      listed(set('example.com.', 'NS', ['ns-1.awsdns-01.org.', 'ns-2.awsdns-02.com.']), next),
      listed(''),
    );
    const first = await dns.page('Z0AAA');
    expect(first).toEqual({
      sets: [{ opaque: true, name: 'example.com', type: 'NS' }],
      next: { name: '*.example.com', type: 'TLSA', setIdentifier: 'i-0b3' },
    });
    expect(await dns.page('Z0AAA', first.next)).toEqual({ sets: [] });
    expect(sent.map((request) => request.query)).toEqual([
      { maxitems: '300' },
      { maxitems: '300', name: '*.example.com.', type: 'TLSA', identifier: 'i-0b3' },
    ]);
  });

  test('gives a foreign name back to Route 53 as it came', async () => {
    const next =
      '<IsTruncated>true</IsTruncated><NextRecordName>a\\056b\\100c.example.com.</NextRecordName><NextRecordType>A</NextRecordType>';
    const { dns, sent } = dnsWith(listed('', next), listed(''));
    await dns.page('Z0AAA', (await dns.page('Z0AAA')).next);
    expect(sent[1]?.query['name']).toBe('a\\056b\\100c.example.com.');
  });

  test.each([
    [
      'an alias',
      '<ResourceRecordSet><Name>x.example.com.</Name><Type>A</Type><AliasTarget><HostedZoneId>Z1</HostedZoneId><DNSName>lb.example.com.</DNSName><EvaluateTargetHealth>false</EvaluateTargetHealth></AliasTarget></ResourceRecordSet>',
    ],
    ['a type of no concern', set('x.example.com.', 'CAA', ['0 issue &quot;ca.example.net&quot;'])],
    [
      'latency routing',
      set('x.example.com.', 'A', ['203.0.113.1'], '<SetIdentifier>eu</SetIdentifier><Region>eu-west-1</Region>'),
    ],
    [
      'geolocation routing',
      set(
        'x.example.com.',
        'A',
        ['203.0.113.1'],
        '<SetIdentifier>eu</SetIdentifier><GeoLocation><ContinentCode>EU</ContinentCode></GeoLocation>',
      ),
    ],
    [
      'failover routing',
      set('x.example.com.', 'A', ['203.0.113.1'], '<SetIdentifier>eu</SetIdentifier><Failover>PRIMARY</Failover>'),
    ],
    [
      'routing by address range',
      set(
        'x.example.com.',
        'A',
        ['203.0.113.1'],
        '<SetIdentifier>eu</SetIdentifier><CidrRoutingConfig><CollectionId>c</CollectionId><LocationName>l</LocationName></CidrRoutingConfig>',
      ),
    ],
    ['values that differ in case alone', set('x.example.com.', 'MX', ['10 MX.example.com', '10 mx.example.com'])],
  ])('names a set that it cannot give back: %s', async (_what, body) => {
    const { dns } = dnsWith(listed(body));
    const { sets } = await dns.page('Z0AAA');
    expect(sets).toHaveLength(1);
    expect(sets[0]).toMatchObject({ opaque: true, name: 'x.example.com' });
    expect(sets[0]).not.toHaveProperty('values');
  });

  test('gives a health check back with the set that it is attached to', async () => {
    const more = '<SetIdentifier>eu</SetIdentifier><Weight>1</Weight><HealthCheckId>h</HealthCheckId>';
    const { dns } = dnsWith(listed(set('x.example.com.', 'A', ['203.0.113.1'], more)));
    expect((await dns.page('Z0AAA')).sets).toEqual([
      {
        name: 'x.example.com',
        type: 'A',
        ttlSeconds: 60,
        values: ['203.0.113.1'],
        routing: { kind: 'weighted', setIdentifier: 'eu', weight: 1 },
        healthCheckId: 'h',
      },
    ]);
  });

  test('keeps the identifier of a set that it cannot give back', async () => {
    const { dns } = dnsWith(
      listed(
        set('x.example.com.', 'A', ['203.0.113.1'], '<SetIdentifier>eu</SetIdentifier><Region>eu-west-1</Region>'),
      ),
    );
    expect(await dns.page('Z0AAA')).toEqual({
      sets: [{ opaque: true, name: 'x.example.com', type: 'A', setIdentifier: 'eu' }],
    });
  });

  test('refuses a truncated answer that does not say where it goes on', async () => {
    const { dns } = dnsWith(listed('', '<IsTruncated>true</IsTruncated>'));
    await expect(dns.page('Z0AAA')).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
