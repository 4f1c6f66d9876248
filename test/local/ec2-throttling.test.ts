import {
  AllocateAddressCommand,
  DescribeAddressesCommand,
  DisassociateAddressCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { Account } from '../../local/account.ts';
import { clientsFor } from '../../local/in-process.ts';
import { VirtualTimeline } from '../../local/timeline.ts';

function started() {
  const timeline = new VirtualTimeline(0);
  const account = new Account({ timeline });
  return { timeline, account, ec2: clientsFor(account, 'test').ec2 };
}

/** How many of so many allocations went through, and what the others were told. */
async function allocations(ec2: EC2Client, count: number): Promise<{ done: number; refusals: string[] }> {
  const settled = await Promise.allSettled(
    Array.from({ length: count }, () => ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }))),
  );
  const refusals = settled.flatMap((each) => (each.status === 'rejected' ? [String(each.reason)] : []));
  return { done: count - refusals.length, refusals: [...new Set(refusals)] };
}

// "Request throttling for the Amazon EC2 API"
describe('throttling', () => {
  it('lets 50 calls of an action that changes something through at once, and 5 a second', async () => {
    const { timeline, account, ec2 } = started();
    account.ec2.throttling = true;
    const burst = await allocations(ec2, 60);
    expect(burst.done).toBe(50);
    expect(burst.refusals).toEqual(['RequestLimitExceeded: Request limit exceeded.']);
    await timeline.advance(1_000);
    expect((await allocations(ec2, 10)).done).toBe(5);
    account.close();
  });

  it('counts each action apart', async () => {
    const { account, ec2 } = started();
    account.ec2.throttling = true;
    await allocations(ec2, 60);
    await expect(ec2.send(new DescribeAddressesCommand({}))).resolves.toBeDefined();
    const AssociationId = 'eipassoc-0123456789abcdef0';
    await expect(ec2.send(new DisassociateAddressCommand({ AssociationId }))).rejects.toMatchObject({
      name: 'InvalidAssociationID.NotFound',
    });
    account.close();
  });

  it('is off unless it is switched on', async () => {
    const { account, ec2 } = started();
    expect((await allocations(ec2, 120)).done).toBe(120);
    account.close();
  });
});
