import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Account } from '../../local/account.ts';
import { VirtualTimeline } from '../../local/timeline.ts';
import type { WireRequest } from '../../local/wire.ts';

const SCOPES = ['ec2', 'route53', 'dynamodb', 'sqs', 'events', 'sts', 'autoscaling', 'monitoring', 'nothing'];
const TARGETS = [
  'DynamoDB_20120810.PutItem',
  'DynamoDB_20120810.Query',
  'AmazonSQS.SendMessage',
  'AWSEvents.PutEvents',
];
const FORMS = [
  'Action=RunInstances&Version=2016-11-15&MinCount=1&MaxCount=1',
  'Action=DescribeInstances&Version=2016-11-15&Filter.1.Name=x',
  'Action=AssociateAddress&Version=2016-11-15&AllocationId=eipalloc-1',
  'Action=GetCallerIdentity&Version=2011-06-15',
];
const XML =
  '<ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeBatch><Changes><Change><Action>CREATE</Action><ResourceRecordSet><Name>a.example.com</Name><Type>A</Type><TTL>60</TTL></ResourceRecordSet></Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>';

/** Text that nearly is what the protocol wants: cut, doubled, or with something put in. */
function spoiled(text: string): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat(text.length), fc.nat(text.length), fc.string({ maxLength: 8 }))
    .map(([from, to, put]) => text.slice(0, Math.min(from, to)) + put + text.slice(Math.max(from, to) - (to % 3)));
}

const body = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.json(),
  ...FORMS.map(spoiled),
  spoiled(XML),
  spoiled('{"TableName":"t","Item":{"pk":{"S":"a"},"n":{"N":"1"}},"ConditionExpression":"attribute_not_exists(#a)"}'),
);

const request: fc.Arbitrary<WireRequest> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
  path: fc.oneof(
    fc.constantFrom(
      '/',
      '/2013-04-01/hostedzone/Z1/rrset',
      '/2013-04-01/hostedzone/Z1/rrset?maxitems=x',
      '/2013-04-01/change/C1',
    ),
    fc.string({ maxLength: 40 }).map((text) => `/${text}`),
  ),
  headers: fc.tuple(fc.constantFrom(...SCOPES), fc.constantFrom(...TARGETS, ''), fc.boolean()).map(
    ([scope, target, isSigned]): Record<string, string> => ({
      ...(isSigned ? { authorization: `AWS4-HMAC-SHA256 Credential=k/20260101/us-east-1/${scope}/aws4_request` } : {}),
      ...(target === '' ? {} : { 'x-amz-target': target }),
    }),
  ),
  body,
});

describe('whatever is sent to the local account', () => {
  it('gets an answer of the protocol, never an exception', async () => {
    const statuses = new Map<number, number>();
    const account = new Account({ timeline: new VirtualTimeline(0), random: () => 0.5 });
    await fc.assert(
      fc.asyncProperty(request, async (wire) => {
        const { status } = await account.handle(wire);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        expect(status).toBeGreaterThanOrEqual(200);
        expect(status).toBeLessThan(500);
      }),
      { numRuns: 3_000, seed: 5 },
    );
    account.close();
    expect(statuses.get(400) ?? 0).toBeGreaterThan(500);
  });
});
