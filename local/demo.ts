import { AllocateAddressCommand, type EC2Client } from '@aws-sdk/client-ec2';
import { launch } from '../lib/cli/fleet.ts';
import { POOL_TAG } from '../lib/model/instance.ts';

export const DEMOS = ['none', 'small'] as const;
export type Demo = (typeof DEMOS)[number];

/** What answers once the fleet serves. */
export const DEMO_NAMES = ['web.example.com', 'mx1.example.com', 'cache.corp.internal'] as const;

const SMALL: readonly { readonly role: string; readonly count: number }[] = [
  { role: 'web', count: 2 },
  { role: 'cache', count: 1 },
  { role: 'mail', count: 2 },
];

/** One Elastic IP for two mail hosts: one serves under it, the other stands by. It is there before the stack is. */
export async function allocateDemoAddress(ec2: EC2Client): Promise<void> {
  await ec2.send(
    new AllocateAddressCommand({
      Domain: 'vpc',
      TagSpecifications: [{ ResourceType: 'elastic-ip', Tags: [{ Key: POOL_TAG, Value: 'mail' }] }],
    }),
  );
}

export async function launchDemoFleet(ec2: EC2Client): Promise<void> {
  for (const { role, count } of SMALL) await launch(ec2, [role], { count, withPublicAddress: true });
}
