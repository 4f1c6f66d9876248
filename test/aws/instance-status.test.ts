import { RunInstancesCommand } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import { readStatuses } from '../../lib/aws/instance-status.ts';
import { Account } from '../../local/account.ts';
import { type Clients, clientsFor } from '../../local/in-process.ts';
import { VirtualTimeline } from '../../local/timeline.ts';

let account: Account;
let clients: Clients;

afterEach(() => {
  account.close();
});

/** So many running instances, five to a page. */
async function running(count: number): Promise<string[]> {
  const timeline = new VirtualTimeline(0);
  account = new Account({ timeline, lifecycle: { pageSize: 5 } });
  clients = clientsFor(account, 'test');
  const { Instances = [] } = await clients.ec2.send(new RunInstancesCommand({ MinCount: count, MaxCount: count }));
  await timeline.advance(600_000);
  return Instances.flatMap(({ InstanceId }) => InstanceId ?? []);
}

describe('the status checks of all running instances', () => {
  it('are read page by page, each instance once', async () => {
    const ids = await running(12);
    account.ec2.failStatusCheck(ids[11] ?? '');
    const statuses = await readStatuses(clients.ec2);
    expect([...statuses.keys()].sort()).toEqual([...ids].sort());
    expect([...statuses].filter(([, verdict]) => verdict === 'impaired')).toEqual([[ids[11], 'impaired']]);
    expect(account.callCount('ec2', 'DescribeInstanceStatus')).toBe(3);
  });

  it('are not told in part where a later page fails', async () => {
    await running(12);
    let pages = 0;
    account.faults.add({
      service: 'ec2',
      operation: 'DescribeInstanceStatus',
      effect: 'throttle',
      when: () => (pages += 1) === 3,
    });
    await expect(readStatuses(clients.ec2)).rejects.toMatchObject({ kind: 'throttled' });
    expect(pages).toBe(3);
  });
});
