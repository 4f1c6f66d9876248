import type { DrainingRole } from '../desired/drain.ts';
import type { LifecycleAction } from '../model/drain-progress.ts';
import { type Fact, isLive } from '../model/fact.ts';
import type { Installation } from '../model/role.ts';
import { ADDRESSES_GROUP } from '../model/zone.ts';
import { groupsOf } from './groups.ts';
import type { PassPorts } from './ports.ts';

/** How long an instance may stay unknown before it is taken for one without a role. */
const UNKNOWN_MS = 60_000;
/** A launch is never held up for longer by names that cannot be written. */
const PATIENCE_MS = 10 * 60_000;

/** Whether an instance that waits at a launch hook may go on: it serves in DNS, or has nothing to wait for. */
export async function launchState(
  action: LifecycleAction,
  fact: Fact | undefined,
  roles: readonly DrainingRole[],
  installation: Installation,
  ports: PassPorts,
): Promise<'go-on' | 'wait'> {
  const waitedMs = ports.clock.now() - action.atMs;
  if (action.roleless === true || waitedMs >= PATIENCE_MS) return 'go-on';
  if (fact?.description === undefined) return waitedMs >= UNKNOWN_MS ? 'go-on' : 'wait';
  if (!isLive(fact) || roles.length === 0) return 'go-on';
  if (fact.description.state !== 'running') return 'wait';
  return (await areNamesServed(action.instanceId, roles, installation, ports)) ? 'go-on' : 'wait';
}

/** Every set with a part of it is known to all name servers, and no pass has anything left to do for it. */
async function areNamesServed(
  instanceId: string,
  roles: readonly DrainingRole[],
  installation: Installation,
  ports: PassPorts,
): Promise<boolean> {
  const groups = new Map(roles.map(({ definition }) => [definition.role, groupsOf(installation, definition)]));
  const subjects = [...new Set([...groups.values()].flat())].map((group) => ({
    group,
    subject: { kind: 'instance' as const, instanceId },
  }));
  if ((await ports.registry.readDirt(subjects)).isDirty) return false;
  const changeIds = new Set<string>();
  for (const [role, zoneIds] of groups) {
    for (const zoneId of zoneIds.filter((group) => group !== ADDRESSES_GROUP)) {
      const { sets } = await ports.registry.readLedger(zoneId, role);
      for (const { contributors, changeId } of sets)
        if (contributors[instanceId] !== undefined && changeId !== undefined) changeIds.add(changeId);
    }
  }
  for (const changeId of changeIds) if ((await ports.dns.changeStatus(changeId)) === 'pending') return false;
  return true;
}
