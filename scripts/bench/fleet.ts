import type { AcceptedBatch } from '../../local/route53/model.ts';
import type { World } from '../../local/simulation/world.ts';

/** One has fewer than 10,000 addresses. */
const SUBNETS = ['subnet-0000000000000a001', 'subnet-0000000000000b001'];
const PATIENCE_SECONDS = 900;

/** A zone has room for 10,000 record sets, its own among them, until AWS is asked for more ("Quotas", Route 53 Developer Guide). */
const ROOM_ASKED_FOR = 20_000;

/**
 * As many instances of a role, without public addresses, as more than one subnet may have to take; zones have room for a
 * name of each.
 */
export async function launchInSubnets(world: World, role: string, count: number): Promise<string[]> {
  world.account.route53.mostRecordSets = ROOM_ASKED_FOR;
  const instances: string[] = [];
  const inEach = Math.ceil(count / SUBNETS.length);
  for (const [index, subnetId] of SUBNETS.entries()) {
    const part = Math.min(inEach, count - index * inEach);
    if (part > 0) instances.push(...(await world.launch(role, { count: part, publicAddress: false, subnetId })));
  }
  return instances;
}

/** By how many addresses the zone grew. */
export function growthOf({ changes }: AcceptedBatch): number {
  return changes
    .filter(({ set }) => set.type === 'A')
    .reduce((sum, { action, set }) => (action === 'DELETE' ? sum - set.values.length : sum + set.values.length), 0);
}

/** Of all zones. */
export function addressesIn(world: World): number {
  return world.account.route53.batches.reduce((sum, batch) => sum + growthOf(batch), 0);
}

/** Throws when it takes longer than anything here may. */
export async function until(world: World, isReached: () => boolean): Promise<void> {
  for (let seconds = 0; !isReached(); seconds += 1) {
    if (seconds > PATIENCE_SECONDS)
      throw new Error(`the zone holds ${addressesIn(world)} addresses and no change comes`);
    await world.advance(1);
  }
}
