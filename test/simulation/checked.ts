import type { Instance } from '../../local/ec2/instance.ts';
import { Violated, type World } from './world.ts';

/** An instance of a role that runs, with an auto-assigned public address or none. */
export async function launched(world: World, role: string, publicAddress = true): Promise<Instance> {
  const subnet = world.account.ec2.fleet.subnets.find(({ autoAssignPublic }) => autoAssignPublic);
  const [pending] = world.account.ec2.launch({
    count: 1,
    imageId: 'ami-1',
    type: 't3.micro',
    subnetId: subnet?.id ?? '',
    publicAddress,
    interfaces: 1,
    ipv6AddressCount: 0,
    spot: false,
    tags: { 'rolecall:role': role },
  });
  await world.advance(10);
  const instance = world.account.ec2.fleet.find(pending?.id ?? '');
  if (instance === undefined) throw new Error('nothing was launched');
  return instance;
}

/** The promise that a checker says is broken; `none` where it says nothing. */
export function violationOf(check: () => void): string {
  try {
    check();
  } catch (error) {
    if (error instanceof Violated) return error.invariant;
    throw error;
  }
  return 'none';
}
