import {
  type AddressAttribute,
  DescribeAddressesAttributeCommand,
  ModifyAddressAttributeCommand,
  ReleaseAddressCommand,
  ResetAddressAttributeCommand,
} from '@aws-sdk/client-ec2';
import { ChangeResourceRecordSetsCommand, CreateHostedZoneCommand } from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import { Account } from '../../local/account.ts';
import { clientsFor } from '../../local/in-process.ts';
import { VirtualTimeline } from '../../local/timeline.ts';

// "Create a reverse DNS record for email on Amazon EC2", "ModifyAddressAttribute", "ResetAddressAttribute",
// "DescribeAddressesAttribute". Against the local account alone: another endpoint would not know our zones.
async function opened(lifecycle: { readonly pageSize?: number } = {}) {
  const timeline = new VirtualTimeline(Date.UTC(2026, 0, 5));
  const account = new Account({ timeline, lifecycle });
  const { ec2, route53 } = clientsFor(account, 'conformance');
  const { HostedZone } = await route53.send(
    new CreateHostedZoneCommand({ Name: 'example.com', CallerReference: 'one' }),
  );
  const { allocationId, address } = account.ec2.allocateAddress({});
  const publish = (Name: string) =>
    route53.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: HostedZone?.Id,
        ChangeBatch: {
          Changes: [
            {
              Action: 'CREATE',
              ResourceRecordSet: { Name, Type: 'A', TTL: 60, ResourceRecords: [{ Value: address }] },
            },
          ],
        },
      }),
    );
  const modify = (DomainName: string) =>
    ec2.send(new ModifyAddressAttributeCommand({ AllocationId: allocationId, DomainName }));
  const reset = () =>
    ec2.send(new ResetAddressAttributeCommand({ AllocationId: allocationId, Attribute: 'domain-name' }));
  const shown = async (): Promise<AddressAttribute | undefined> => {
    const answer = await ec2.send(
      new DescribeAddressesAttributeCommand({ Attribute: 'domain-name', AllocationIds: [allocationId] }),
    );
    return answer.Addresses?.[0];
  };
  const release = () => ec2.send(new ReleaseAddressCommand({ AllocationId: allocationId }));
  return { timeline, account, ec2, allocationId, address, publish, modify, reset, shown, release };
}

describe('the reverse DNS of an Elastic IP', () => {
  it('is pending at first, and then there', async () => {
    const { timeline, publish, modify, shown, address, allocationId } = await opened();
    await publish('mx1.example.com');
    await timeline.advance(1_000);
    expect((await modify('mx1.example.com')).Address).toEqual({
      PublicIp: address,
      AllocationId: allocationId,
      PtrRecordUpdate: { Value: 'mx1.example.com.', Status: 'PENDING' },
    });
    expect(await shown()).toMatchObject({ PtrRecordUpdate: { Status: 'PENDING' } });
    await timeline.advance(2_000);
    expect(await shown()).toEqual({ PublicIp: address, AllocationId: allocationId, PtrRecord: 'mx1.example.com.' });
  });

  it('is refused where the name does not resolve to the address, or does not yet', async () => {
    const { publish, modify, shown } = await opened();
    await expect(modify('mx1.example.com')).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await publish('mx1.example.com');
    await expect(modify('mx1.example.com')).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    expect(await shown()).not.toHaveProperty('PtrRecordUpdate');
  });

  it('keeps its address from being released until it is reset', async () => {
    const { timeline, publish, modify, reset, shown, release } = await opened();
    await publish('mx1.example.com');
    await timeline.advance(1_000);
    await modify('mx1.example.com');
    await timeline.advance(2_000);
    await expect(release()).rejects.toMatchObject({ name: 'InvalidAddress.Locked' });
    await reset();
    expect(await shown()).toMatchObject({ PtrRecord: 'mx1.example.com.', PtrRecordUpdate: { Status: 'PENDING' } });
    await expect(release()).rejects.toMatchObject({ name: 'InvalidAddress.Locked' });
    await timeline.advance(2_000);
    expect(await shown()).not.toHaveProperty('PtrRecord');
    await release();
  });

  it('is listed in pages, and of unknown addresses not at all', async () => {
    const { account, ec2, allocationId } = await opened({ pageSize: 1 });
    const other = account.ec2.allocateAddress({});
    const first = await ec2.send(new DescribeAddressesAttributeCommand({ Attribute: 'domain-name' }));
    expect(first.Addresses).toMatchObject([{ AllocationId: allocationId }]);
    const second = await ec2.send(
      new DescribeAddressesAttributeCommand({ Attribute: 'domain-name', NextToken: first.NextToken }),
    );
    expect(second).toMatchObject({ Addresses: [{ AllocationId: other.allocationId }] });
    expect(second.NextToken).toBeUndefined();
    const AllocationIds = ['eipalloc-0fedcba9876543210'];
    await expect(ec2.send(new DescribeAddressesAttributeCommand({ AllocationIds }))).rejects.toMatchObject({
      name: 'InvalidAllocationID.NotFound',
    });
  });
});
