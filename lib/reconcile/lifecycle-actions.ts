import type { LifecycleAction as LifecycleObservation } from '../events/observation.ts';
import type { Fact } from '../model/fact.ts';
import { claimedRoles } from '../model/instance.ts';
import { DRAINS_GROUP } from '../model/zone.ts';
import type { CorePorts } from './ports.ts';
import { wake } from './wake.ts';

/**
 * Notes that instances wait at hooks; the pass over drains lets them go on. `facts` are those that were just read, which
 * tell an instance without a role from one that nobody has read yet.
 */
export async function takeActions(
  observed: readonly LifecycleObservation[],
  facts: ReadonlyMap<string, Fact>,
  ports: Pick<CorePorts, 'registry' | 'queue'>,
): Promise<void> {
  if (observed.length === 0) return;
  for (const { instanceId, token, group, hook, transition, atMs } of observed) {
    const read = facts.get(instanceId)?.description;
    const isRoleless = read !== undefined && claimedRoles(read.tags).roles.length === 0;
    await ports.registry.putAction({
      instanceId,
      token,
      group,
      hook,
      transition,
      atMs,
      ...(isRoleless ? { roleless: true } : {}),
    });
  }
  await wake([DRAINS_GROUP], ports);
}
