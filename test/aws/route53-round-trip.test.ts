import { Route53Client } from '@aws-sdk/client-route-53';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDns } from '../../lib/aws/route53.ts';
import { type RecordSet, type RecordType, type Routing, recordSet, sameRecordSet } from '../../lib/model/record-set.ts';
import { clientSettings, played, xml } from './played-wire.ts';

const label = fc.stringMatching(/^[a-z0-9_](?:[a-z0-9-]{0,8}[a-z0-9])?$/);
const host = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => `${labels.join('.')}.example.com`);
const name = fc.oneof(
  host,
  host.map((each) => `*.${each}`),
);

const valueOfType: Readonly<Record<RecordType, fc.Arbitrary<string>>> = {
  A: fc.ipV4(),
  AAAA: fc.constantFrom('2001:db8::1', '2001:db8::2', '2001:db8:0:1::'),
  CNAME: host,
  PTR: host,
  MX: fc.tuple(fc.nat(65_535), host).map(([preference, target]) => `${preference} ${target}`),
  SRV: fc.tuple(fc.nat(65_535), host).map(([port, target]) => `0 10 ${port} ${target}`),
  TXT: fc.stringMatching(/^[ !#-[\]-~]{0,40}$/).map((content) => `"${content}"`),
};

const routing: fc.Arbitrary<Routing> = fc.oneof(
  fc.constant({ kind: 'simple' } as const),
  fc.stringMatching(/^i-[0-9a-f]{8}$/).map((setIdentifier) => ({ kind: 'multivalue', setIdentifier }) as const),
  fc
    .tuple(fc.stringMatching(/^i-[0-9a-f]{8}$/), fc.nat(255))
    .map(([setIdentifier, weight]) => ({ kind: 'weighted', setIdentifier, weight }) as const),
);

const anySet: fc.Arbitrary<RecordSet> = fc
  .constantFrom(...(['A', 'AAAA', 'CNAME', 'MX', 'SRV', 'PTR', 'TXT'] as const))
  .chain((type) =>
    fc
      .tuple(name, fc.nat(2_147_483_647), fc.array(valueOfType[type], { minLength: 1, maxLength: 5 }), routing)
      .map(([owner, ttlSeconds, values, policy]) => recordSet(owner, type, ttlSeconds, values, policy)),
  );

const ACCEPTED = xml(
  200,
  '<ChangeResourceRecordSetsResponse><ChangeInfo><Id>/change/C1</Id><Status>PENDING</Status><SubmittedAt>2026-11-21T08:00:00Z</SubmittedAt></ChangeInfo></ChangeResourceRecordSetsResponse>',
);

/** What Route 53 would list after this change: the same element, with `*` escaped. */
async function listedAfterCreating(set: RecordSet): Promise<string> {
  const { sent, requestHandler } = played(ACCEPTED);
  const dns = createDns(new Route53Client(clientSettings(requestHandler)));
  expect(await dns.change('Z0AAA', [{ action: 'CREATE', set }], 'b1')).toEqual({ kind: 'accepted', changeId: 'C1' });
  const element = /<ResourceRecordSet>.*<\/ResourceRecordSet>/s.exec(sent[0]?.body ?? '')?.[0] ?? '';
  return element.replace('<Name>*.', '<Name>\\052.');
}

describe('a set that was created', () => {
  test('is read back as it was, whatever its name, type, values and routing', async () => {
    const types = new Set<string>();
    await fc.assert(
      fc.asyncProperty(anySet, async (set) => {
        const element = await listedAfterCreating(set);
        const { requestHandler } = played(
          xml(
            200,
            `<ListResourceRecordSetsResponse><ResourceRecordSets>${element}</ResourceRecordSets><IsTruncated>false</IsTruncated></ListResourceRecordSetsResponse>`,
          ),
        );
        const dns = createDns(new Route53Client(clientSettings(requestHandler)));
        const found = await dns.read('Z0AAA', set.name, set.type);
        expect(found).toEqual([set]);
        expect(found.every((each) => sameRecordSet(each, set))).toBe(true);
        types.add(set.type);
      }),
      { numRuns: 150 },
    );
    expect(types.size).toBeGreaterThan(5);
  });
});
