import type { Fact } from '../model/fact.ts';
import { foldHost } from '../model/host.ts';
import type { Host, Installation } from '../model/role.ts';
import { factUpdate } from './claims.ts';
import type { CorePorts, FactUpdate } from './ports.ts';

export function hostOf(installation: Installation | undefined, id: string): Host | undefined {
  return installation?.hosts?.find((host) => host.id === id);
}

/** What time and the configuration change for a host; nothing for an instance. */
export function hostUpdates(before: Fact, installation: Installation, nowMs: number): FactUpdate[] {
  const after = foldHost(before, hostOf(installation, before.instanceId), nowMs);
  return after === before ? [] : [factUpdate(before, after, installation, nowMs).write];
}

/**
 * Brings the facts of hosts in line with a configuration. One that another writes meanwhile is left to the next sweep.
 * Returns the groups that have work by it.
 */
export async function refoldHosts(
  ids: readonly string[],
  installation: Installation,
  { registry, clock }: Pick<CorePorts, 'registry' | 'clock'>,
): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const { facts } = await registry.readFacts(ids);
  const updates = facts.flatMap((fact) => hostUpdates(fact, installation, clock.now()));
  if (updates.length > 0) await registry.saveFacts(updates);
  return updates.flatMap(({ marks }) => marks.map(({ group }) => group));
}
