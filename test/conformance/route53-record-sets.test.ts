import { type ChangeAction, type RRType } from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import { exceptFor } from './endpoint.ts';
import { change, createZone, listed, one, page, refusal, refusedAs, set } from './route53-calls.ts';

// "ResourceRecordSet", "Supported DNS record types", "Choosing a routing policy", "Quotas"
describe('Route 53 record sets', () => {
  it('lie within the zone', async () => {
    const zone = await createZone();
    expect(await refusal(change(zone, one('CREATE', set('web.example.org', 'A', ['203.0.113.11']))))).toEqual(
      refusedAs('InvalidChangeBatch', 'is not permitted in zone'),
    );
  });

  it(
    'are kept in lower case, with a final dot, and with octal escapes',
    exceptFor('moto', 'keeps them as they came', async () => {
      const zone = await createZone();
      await change(zone, one('CREATE', set(`*.Apps.${zone.name}`, 'A', ['203.0.113.11'])));
      expect(await listed(zone)).toEqual([`\\052.apps.${zone.name}. A 203.0.113.11`]);
    }),
  );

  it(
    'are not CNAMEs at the apex',
    exceptFor('moto', 'takes them', async () => {
      const zone = await createZone();
      expect(await refusal(change(zone, one('CREATE', set(zone.name, 'CNAME', ['example.org']))))).toEqual(
        refusedAs('InvalidChangeBatch', 'apex'),
      );
    }),
  );

  it(
    'are not CNAMEs beside other types, in whatever order they come',
    exceptFor('moto', 'keeps both', async () => {
      const zone = await createZone();
      const web = set(`web.${zone.name}`, 'A', ['203.0.113.11']);
      const alias = set(`web.${zone.name}`, 'CNAME', ['example.org']);
      expect(await refusal(change(zone, one('CREATE', web), one('CREATE', alias)))).toEqual(
        refusedAs('InvalidChangeBatch', 'conflict'),
      );
      await change(zone, one('CREATE', web));
      expect(await refusal(change(zone, one('CREATE', alias)))).toEqual(refusedAs('InvalidChangeBatch', 'conflict'));
      await change(zone, one('DELETE', web), one('CREATE', alias));
      expect(await refusal(change(zone, one('CREATE', web)))).toEqual(
        refusedAs('InvalidChangeBatch', 'conflicting RRSet of type CNAME'),
      );
    }),
  );

  it(
    'have one value when they are CNAMEs',
    exceptFor('moto', 'takes two', async () => {
      const zone = await createZone();
      expect(
        await refusal(
          change(zone, one('CREATE', set(`www.${zone.name}`, 'CNAME', ['a.example.org', 'b.example.org']))),
        ),
      ).toEqual(refusedAs('InvalidChangeBatch'));
    }),
  );

  it.each<[RRType, string]>([
    ['A', '999.1.1.1'],
    ['A', '2001:db8::1'],
    ['AAAA', '203.0.113.11'],
    ['MX', 'mail.example.org'],
    ['SRV', '0 10 mail.example.org'],
    ['TXT', 'without quotes'],
    ['TXT', `"${'x'.repeat(256)}"`],
  ])('refuse as %s the value %s', (type, value) =>
    exceptFor('moto', 'takes any value', async () => {
      const zone = await createZone();
      expect(await refusal(change(zone, one('CREATE', set(`x.${zone.name}`, type, [value]))))).toEqual(
        refusedAs('InvalidChangeBatch', "Invalid Resource Record: 'FATAL problem: "),
      );
    })(),
  );

  it.each<[RRType, string]>([
    ['AAAA', '2001:db8::1'],
    ['MX', '10 mail.example.org'],
    ['SRV', '0 10 80 web.example.org'],
    ['PTR', 'web.example.org'],
    ['TXT', '"one" "two & <three> \\"four\\""'],
    ['CAA', '0 issue "ca.example.net"'],
    ['NS', 'ns.example.org'],
  ])('give back %s values as they were given: %s', async (type, value) => {
    const zone = await createZone();
    const given = set(`x.${zone.name}`, type, [value]);
    await change(zone, one('CREATE', given));
    const { ResourceRecordSets } = await page(zone, { StartRecordName: `x.${zone.name}`, StartRecordType: type });
    expect(ResourceRecordSets).toEqual([{ ...given, Name: `x.${zone.name}.` }]);
    await change(zone, one('DELETE', given));
    expect(await listed(zone)).toEqual([]);
  });

  it(
    'do not have one value twice',
    exceptFor('moto', 'takes it', async () => {
      const zone = await createZone();
      expect(
        await refusal(change(zone, one('CREATE', set(`web.${zone.name}`, 'A', ['203.0.113.11', '203.0.113.11'])))),
      ).toEqual(refusedAs('InvalidChangeBatch'));
    }),
  );

  it(
    'do not mix routing policies under one name and type',
    exceptFor('moto', 'takes them', async () => {
      const zone = await createZone();
      const simple = set(`m.${zone.name}`, 'A', ['203.0.113.1']);
      const multivalue = set(`m.${zone.name}`, 'A', ['203.0.113.2'], { SetIdentifier: 'i-1', MultiValueAnswer: true });
      const weighted = set(`m.${zone.name}`, 'A', ['203.0.113.3'], { SetIdentifier: 'i-2', Weight: 10 });
      await change(zone, one('CREATE', simple));
      expect(await refusal(change(zone, one('CREATE', multivalue)))).toEqual(refusedAs('InvalidChangeBatch'));
      await change(zone, one('DELETE', simple), one('CREATE', multivalue));
      expect(await refusal(change(zone, one('CREATE', weighted)))).toEqual(refusedAs('InvalidChangeBatch'));
    }),
  );

  it(
    'need an identifier where they have a weight',
    exceptFor('moto', 'needs none', async () => {
      const zone = await createZone();
      const attempt = change(zone, one('CREATE', set(`m.${zone.name}`, 'A', ['203.0.113.1'], { Weight: 10 })));
      expect(await refusal(attempt)).toEqual(refusedAs('InvalidInput'));
    }),
  );

  it(
    'have values and a TTL, or an alias target, not both',
    exceptFor('moto', 'takes both', async () => {
      const zone = await createZone();
      const AliasTarget = { HostedZoneId: zone.id, DNSName: `web.${zone.name}`, EvaluateTargetHealth: false };
      const both = set(`a.${zone.name}`, 'A', ['203.0.113.1'], { AliasTarget });
      expect(await refusal(change(zone, one('CREATE', both)))).toEqual(
        refusedAs('InvalidInput', 'Expected exactly one of'),
      );
    }),
  );

  it(
    'number at most 100 of one name and type',
    exceptFor('moto', 'takes more', async () => {
      const zone = await createZone();
      const member = (index: number) =>
        one(
          'CREATE',
          set(`m.${zone.name}`, 'A', [`198.18.0.${index}`], { SetIdentifier: `${index}`, MultiValueAnswer: true }),
        );
      await change(zone, ...Array.from({ length: 100 }, (_none, index) => member(index)));
      expect(await refusal(change(zone, member(100)))).toEqual(refusedAs('InvalidChangeBatch'));
    }),
  );

  it(
    'have at most 400 values',
    exceptFor('moto', 'takes more', async () => {
      const zone = await createZone();
      const values = Array.from({ length: 401 }, (_none, index) => `198.18.${index >> 8}.${index & 255}`);
      expect(await refusal(change(zone, one('CREATE', set(`m.${zone.name}`, 'A', values))))).toEqual(
        refusedAs('InvalidChangeBatch'),
      );
      await change(zone, one('CREATE', set(`m.${zone.name}`, 'A', values.slice(1))));
    }),
  );

  it('number at most 1,000 values in a request, an UPSERT counting twice', async () => {
    const zone = await createZone();
    const batch = (Action: ChangeAction, count: number) =>
      Array.from({ length: count }, (_none, index) => one(Action, set(`n${index}.${zone.name}`, 'A', ['203.0.113.1'])));
    expect(await refusal(change(zone, ...batch('CREATE', 1_001)))).toEqual(
      refusedAs('InvalidChangeBatch', 'limit of 1000'),
    );
    expect(await refusal(change(zone, ...batch('UPSERT', 501)))).toEqual(
      refusedAs('InvalidChangeBatch', 'limit of 1000'),
    );
    await change(zone, ...batch('CREATE', 1_000));
    await change(zone, ...batch('UPSERT', 500));
  });

  it(
    'have at most 32,000 characters of values in a request',
    exceptFor('moto', 'takes more', async () => {
      const zone = await createZone();
      const long = `${`"${'x'.repeat(250)}" `.repeat(15)}"${'x'.repeat(193)}"`;
      const batch = (count: number) =>
        Array.from({ length: count }, (_none, index) => one('CREATE', set(`n${index}.${zone.name}`, 'TXT', [long])));
      expect(long).toHaveLength(3_990);
      expect(await refusal(change(zone, ...batch(9)))).toEqual(refusedAs('InvalidChangeBatch', 'limit of 32000'));
      await change(zone, ...batch(8));
    }),
  );
});
