import type { DrainingRole, DrainView } from '../desired/drain.ts';
import type { LifecycleAction, Withdrawal } from '../model/drain-progress.ts';
import { type Fact, isLive, membersOf } from '../model/fact.ts';
import type { Installation } from '../model/role.ts';
import { ADDRESSES_GROUP } from '../model/zone.ts';
import { groupsOf, roleOf } from './groups.ts';
import type { Registry } from './ports.ts';
import { admittedOnly } from './role-state.ts';

/**
 * What the registry has of one instance's drain, to be judged by `drainState`. Slots are read first, then marks, and what
 * took it out of its names last: each pass writes them in that order or at once, so that nothing is missed in between.
 */
export async function readDrainView(
  instanceId: string,
  fact: Fact | undefined,
  installation: Installation,
  registry: Pick<Registry, 'readRole' | 'areDirty' | 'readDrainProgress'>,
  follow: (withdrawal: Withdrawal) => Promise<Withdrawal> = async (withdrawal) => withdrawal,
): Promise<DrainView & { readonly actions: readonly LifecycleAction[] }> {
  const roles = await rolesOf(fact, installation, registry);
  // A role that it lost just before may still have its names to take away, in whichever zone.
  const everywhere = [...installation.zones.map(({ id }) => id), ADDRESSES_GROUP].map((group) => ({
    group,
    subject: { kind: 'instance' as const, instanceId },
  }));
  const ofRoles = roles.flatMap(({ definition: { role }, definition }) =>
    groupsOf(installation, definition).map((group) => ({ group, subject: { kind: 'role' as const, role } })),
  );
  const subjects = roles.length === 0 ? [] : [...everywhere, ...ofRoles];
  const isDirty = await registry.areDirty(distinct(subjects));
  const { actions, withdrawals: found } = await registry.readDrainProgress(instanceId);
  const withdrawals: Withdrawal[] = [];
  for (const withdrawal of found) withdrawals.push(await follow(withdrawal));
  return {
    instanceId,
    isLive: fact !== undefined && isLive(fact),
    isHeld: fact?.gone === undefined && actions.some(isWaiting),
    roles,
    isDirty,
    withdrawals,
    actions,
  };
}

function isWaiting({ transition, completedAtMs }: LifecycleAction): boolean {
  return transition === 'terminating' && completedAtMs === undefined;
}

/** A BatchGetItem refuses a key that it is given twice. */
function distinct<Subject>(subjects: readonly Subject[]): Subject[] {
  return [...new Map(subjects.map((subject) => [JSON.stringify(subject), subject])).values()];
}

async function rolesOf(
  fact: Fact | undefined,
  installation: Installation,
  registry: Pick<Registry, 'readRole'>,
): Promise<DrainingRole[]> {
  const roles: DrainingRole[] = [];
  for (const { role } of fact === undefined ? [] : membersOf(fact)) {
    const definition = roleOf(installation, role);
    if (definition === undefined) continue;
    const { members, slots } = admittedOnly({ ...(await registry.readRole(role)), definition });
    roles.push({ definition, members, slots });
  }
  return roles;
}
