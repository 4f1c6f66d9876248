import type { ClientCall } from '../../local/in-process.ts';
import type { Instance } from '../../local/ec2/instance.ts';
import { STEADY_MS } from './chronicle.ts';
import type { World } from './world.ts';

export const GROUP_OF_ORDEALS = 'ordeals';

/** Two sweeps: whatever was done is known, and has had its effect. */
export const KNOWN_S = 130;
/** Longer than it takes until nobody can be wrong about who is there. */
export const LEFT_ALONE_S = STEADY_MS / 1000 + 20;

/** So many new instances that run, in the order of their launch. */
export async function hire(world: World, role: string, count: number): Promise<readonly string[]> {
  const { fleet, lifecycle } = world.account.ec2;
  const ids: string[] = [];
  for (let each = 0; each < count; each += 1) {
    const [launched] = world.account.ec2.launch({
      count: 1,
      imageId: 'ami-1',
      type: 't3.micro',
      subnetId: fleet.subnets.find(({ autoAssignPublic }) => autoAssignPublic)?.id ?? '',
      publicAddress: true,
      interfaces: 1,
      ipv6AddressCount: 0,
      spot: false,
      tags: { 'rolecall:role': role },
    });
    if (launched === undefined) continue;
    ids.push(launched.id);
    world.note(`hired ${launched.id} for ${role}`);
    world.chronicle.touch(launched.id);
    // Who is the oldest is told by the second of the launch.
    await world.advance(1);
  }
  await world.advance(lifecycle.pendingMs / 1000);
  return ids;
}

export function running(world: World, ids: readonly string[]): readonly Instance[] {
  const { fleet } = world.account.ec2;
  return ids.flatMap((id) => fleet.find(id) ?? []).filter(({ state }) => state === 'running');
}

export function tag(world: World, id: string, tags: Readonly<Record<string, string>>): void {
  world.note(`tagged ${id} ${JSON.stringify(tags)}`);
  world.chronicle.touch(id);
  world.account.ec2.createTags([id], tags);
}

/** The group lets it go, for good. */
export function letGo(world: World, id: string): void {
  world.note(`let go ${id}`);
  world.chronicle.touch(id);
  world.account.scalingGroups.attach(GROUP_OF_ORDEALS, [id]);
  world.account.scalingGroups.remove(id, 'EC2');
}

export function isOfPass({ caller }: Pick<ClientCall, 'caller'>): boolean {
  return caller.startsWith('Reconcile');
}
