import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import { exceptFor } from './endpoint.ts';
import { change, createZone, listed, one, page, refusal, refusedAs, set } from './route53-calls.ts';

// "DNS domain name format" (Amazon Route 53 Developer Guide)
describe('Route 53 names', () => {
  it(
    'have labels of at most 63 characters',
    exceptFor('moto', 'takes longer ones', async () => {
      const zone = await createZone();
      const label = 'x'.repeat(63);
      expect(await refusal(change(zone, one('CREATE', set(`${label}x.${zone.name}`, 'A', ['203.0.113.1']))))).toEqual(
        refusedAs('InvalidChangeBatch', 'DomainLabelTooLong'),
      );
      await change(zone, one('CREATE', set(`${label}.${zone.name}`, 'A', ['203.0.113.1'])));
    }),
  );

  it(
    'have at most 255 characters',
    exceptFor('moto', 'takes longer ones', async () => {
      const zone = await createZone();
      const long = `${`${'x'.repeat(60)}.`.repeat(4)}${zone.name}`;
      expect(await refusal(change(zone, one('CREATE', set(long, 'A', ['203.0.113.1']))))).toEqual(
        refusedAs('InvalidChangeBatch', 'DomainNameTooLong'),
      );
    }),
  );

  it(
    'have no empty label',
    exceptFor('moto', 'takes it', async () => {
      const zone = await createZone();
      const attempt = change(zone, one('CREATE', set(`a..${zone.name}`, 'A', ['203.0.113.1'])));
      expect((await refusal(attempt)).name).toBe('InvalidChangeBatch');
    }),
  );

  it.each([
    ['@', '\\100'],
    ['/', '\\057'],
  ])(
    'come back with %s as its octal escape, whichever way they were given',
    async (character, escape) =>
      await exceptFor('moto', 'keeps them as they came', async () => {
        const zone = await createZone();
        const given = set(`a${character}b.${zone.name}`, 'A', ['203.0.113.1']);
        await change(zone, one('CREATE', given));
        expect(await listed(zone)).toEqual([`a${escape}b.${zone.name}. A 203.0.113.1`]);
        await change(zone, one('DELETE', { ...given, Name: `A${escape}B.${zone.name}.` }));
        expect(await listed(zone)).toEqual([]);
      })(),
  );
});

// "ResourceRecordSet", "ResourceRecord" (Amazon Route 53 API Reference)
describe('Route 53 fields', () => {
  it.each<[string, Partial<ResourceRecordSet>]>([
    ['a TTL below 0', { TTL: -1 }],
    ['a TTL above 2147483647', { TTL: 2_147_483_648 }],
    ['a weight above 255', { SetIdentifier: 'i-1', Weight: 256 }],
    ['an empty set identifier', { SetIdentifier: '', Weight: 1 }],
    ['a set identifier of 129 characters', { SetIdentifier: 'x'.repeat(129), Weight: 1 }],
    ['an identifier without a routing policy', { SetIdentifier: 'i-1' }],
    ['two routing policies', { SetIdentifier: 'i-1', Weight: 1, MultiValueAnswer: true }],
  ])(
    'refuse %s',
    async (_what, more) =>
      await exceptFor('moto', 'takes any', async () => {
        const zone = await createZone();
        const attempt = change(zone, one('CREATE', set(`f.${zone.name}`, 'A', ['203.0.113.1'], more)));
        expect((await refusal(attempt)).name).toBe('InvalidInput');
      })(),
  );

  it('take the largest and the smallest of each', async () => {
    const zone = await createZone();
    await change(zone, one('CREATE', set(`ttl.${zone.name}`, 'A', ['203.0.113.1'], { TTL: 0 })));
    await change(zone, one('CREATE', set(`long.${zone.name}`, 'A', ['203.0.113.1'], { TTL: 2_147_483_647 })));
    const weighted = (SetIdentifier: string, Weight: number) =>
      set(`w.${zone.name}`, 'A', ['203.0.113.1'], { SetIdentifier, Weight });
    await change(zone, one('CREATE', weighted('x'.repeat(128), 0)), one('CREATE', weighted('y', 255)));
    expect(await listed(zone)).toHaveLength(4);
  });

  it(
    'refuse a value of more than 4,000 characters',
    exceptFor('moto', 'takes it', async () => {
      const zone = await createZone();
      const value = `"${'x'.repeat(250)}" `.repeat(16).trim();
      expect(value.length).toBeGreaterThan(4_000);
      const attempt = change(zone, one('CREATE', set(`t.${zone.name}`, 'TXT', [value])));
      expect((await refusal(attempt)).name).toMatch(/^(InvalidChangeBatch|InvalidInput)$/);
    }),
  );
});

// "SOA and NS records that Amazon Route 53 creates for a public hosted zone" (Amazon Route 53 Developer Guide)
describe('the NS and SOA sets of a Route 53 zone', () => {
  it.each(['NS', 'SOA'] as const)(
    'are not deleted: %s',
    async (type) =>
      await exceptFor('moto', 'deletes them', async () => {
        const zone = await createZone();
        const { ResourceRecordSets = [] } = await page(zone);
        const own = ResourceRecordSets.find(({ Type }) => Type === type);
        expect(own?.Name).toBe(`${zone.name}.`);
        const attempt = change(zone, { Action: 'DELETE', ResourceRecordSet: own });
        expect(await refusal(attempt)).toEqual(refusedAs('InvalidChangeBatch'));
      })(),
  );
});
