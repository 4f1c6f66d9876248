import { AllocateAddressCommand } from '@aws-sdk/client-ec2';
import type { World } from '../../local/simulation/world.ts';

/** An Elastic IP for each pool that is named, with its tag. Answers their allocation ids. */
export async function allocate(world: Pick<World, 'user'>, ...pools: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const pool of pools) {
    const Tags = [{ Key: 'rolecall:pool', Value: pool }];
    const TagSpecifications = [{ ResourceType: 'elastic-ip' as const, Tags }];
    const { AllocationId = '' } = await world.user.ec2.send(
      new AllocateAddressCommand({ Domain: 'vpc', TagSpecifications }),
    );
    ids.push(AllocationId);
  }
  return ids;
}

/** For a world that has these addresses before the stack is deployed. */
export function withAddresses(...pools: readonly string[]): (world: Pick<World, 'user'>) => Promise<void> {
  return async (world) => {
    await allocate(world, ...pools);
  };
}
