import { AllocateAddressCommand, EC2Client } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { createReverseDns } from '../../lib/aws/reverse-dns.ts';
import { Account } from '../../local/account.ts';
import { clientsFor } from '../../local/in-process.ts';
import { VirtualTimeline } from '../../local/timeline.ts';
import { clientSettings, ec2Error, played, xml } from './played-wire.ts';

function playing(...answers: Parameters<typeof played>) {
  const { sent, requestHandler } = played(...answers);
  return { sent, reverseDns: createReverseDns(new EC2Client(clientSettings(requestHandler))) };
}

function attributes(...items: readonly string[]) {
  const set = items.map((item) => `<item>${item}</item>`).join('');
  return xml(
    200,
    `<DescribeAddressesAttributeResponse><addressSet>${set}</addressSet></DescribeAddressesAttributeResponse>`,
  );
}

describe('the reverse DNS of many addresses', () => {
  it('is read a hundred to a request, and every page of each', async () => {
    const account = new Account({ timeline: new VirtualTimeline(0), lifecycle: { pageSize: 30 } });
    const { ec2 } = clientsFor(account, 'test');
    const ids: string[] = [];
    for (let count = 0; count < 230; count += 1) {
      const { AllocationId = '' } = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }));
      ids.push(AllocationId);
    }
    const shown = await createReverseDns(ec2).describeReverseDns(ids);
    expect(shown.map(({ allocationId }) => allocationId).sort()).toEqual([...ids].sort());
    // Two requests of four pages each, and one of a single page.
    expect(account.callCount('ec2', 'DescribeAddressesAttribute')).toBe(9);
    account.close();
  });

  it('is not shown in part where a later page fails', async () => {
    const page = xml(
      200,
      '<DescribeAddressesAttributeResponse><addressSet><item><allocationId>eipalloc-1</allocationId></item></addressSet>' +
        '<nextToken>more</nextToken></DescribeAddressesAttributeResponse>',
    );
    const { reverseDns } = playing(page, ec2Error(503, 'RequestLimitExceeded', 'Request limit exceeded.'));
    await expect(reverseDns.describeReverseDns(['eipalloc-1', 'eipalloc-2'])).rejects.toMatchObject({
      kind: 'throttled',
    });
  });

  it('asks for nothing where there is nothing to ask for', async () => {
    const { sent, reverseDns } = playing();
    expect(await reverseDns.describeReverseDns([])).toEqual([]);
    expect(sent).toEqual([]);
  });
});

describe('an update of reverse DNS', () => {
  it.each([
    ['PENDING', { pending: 'mx1.example.com' }],
    ['pending', { pending: 'mx1.example.com' }],
    ['FAILED', { failed: { name: 'mx1.example.com', reason: 'it does not resolve' } }],
  ])('with the status %s is told apart', async (status, told) => {
    const { reverseDns } = playing(
      attributes(
        '<allocationId>eipalloc-1</allocationId><ptrRecord>Old.Example.com.</ptrRecord>' +
          `<ptrRecordUpdate><value>MX1.example.com.</value><status>${status}</status>` +
          '<reason>it does not resolve</reason></ptrRecordUpdate>',
      ),
    );
    expect(await reverseDns.describeReverseDns(['eipalloc-1'])).toEqual([
      { allocationId: 'eipalloc-1', current: 'old.example.com', ...told },
    ]);
  });

  it('is over where the name that it asked for is there', async () => {
    const { reverseDns } = playing(
      attributes(
        '<allocationId>eipalloc-1</allocationId><ptrRecord>mx1.example.com.</ptrRecord>' +
          '<ptrRecordUpdate><value>mx1.example.com.</value><status>SUCCESSFUL</status></ptrRecordUpdate>',
      ),
    );
    expect(await reverseDns.describeReverseDns(['eipalloc-1'])).toEqual([
      { allocationId: 'eipalloc-1', current: 'mx1.example.com' },
    ]);
  });

  it.each([
    [403, 'UnauthorizedOperation', 'access-denied'],
    [503, 'RequestLimitExceeded', 'throttled'],
    [400, 'InvalidParameterValue', 'rejected'],
    [500, 'InternalError', 'unknown'],
  ] as const)('that is answered with %i %s is %s, and is sent once', async (status, code, kind) => {
    const { sent, reverseDns } = playing(ec2Error(status, code, 'so it is'));
    expect((await reverseDns.setReverseDns('eipalloc-1', 'mx1.example.com')).kind).toBe(kind);
    expect(sent).toHaveLength(1);
  });
});
