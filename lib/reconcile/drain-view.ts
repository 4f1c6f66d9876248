import type { Departure, DrainingRole, DrainView } from '../desired/drain.ts';
import { afterOf } from '../model/change.ts';
import { asksInEffect, type DrainAsk } from '../model/drain.ts';
import type { LifecycleAction, Withdrawal } from '../model/drain-progress.ts';
import { type Fact, isLive, membersOf } from '../model/fact.ts';
import type { NewMark } from '../model/ledger.ts';
import type { Installation } from '../model/role.ts';
import { ADDRESSES_GROUP } from '../model/zone.ts';
import { groupsOf, roleOf } from './groups.ts';
import type { GoneZone } from './drain-port.ts';
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
  registry: Pick<Registry, 'readRole' | 'readDirt' | 'readDrainProgress' | 'readGroup' | 'readLedger'>,
  follow: (withdrawal: Withdrawal) => Promise<Withdrawal> = async (withdrawal) => withdrawal,
): Promise<DrainView & { readonly actions: readonly LifecycleAction[] }> {
  const { roles, isOutdated } = await rolesOf(fact, installation, registry);
  const { isDirty, goneZones } = await registry.readDirt(distinct(subjectsOf(instanceId, fact, roles, installation)));
  const { actions, withdrawals: found } = await registry.readDrainProgress(instanceId);
  const withdrawals: Withdrawal[] = [];
  for (const withdrawal of found) withdrawals.push(await follow(withdrawal));
  const lost: Departure[] = [];
  for (const zone of goneZones) lost.push(...(await lostWith(zone, instanceId, roles, registry)));
  return {
    instanceId,
    isLive: fact !== undefined && isLive(fact),
    isHeld: fact?.gone === undefined && (actions.some(isWaiting) || hookAsks(fact).some(isUnstored(actions))),
    roles,
    isOutdated,
    isDirty,
    withdrawals: [...withdrawals, ...lost],
    actions,
  };
}

/** What may have named it in a zone that is gone: the sets of the ledger, and batches of which nobody will learn any more. */
async function lostWith(
  { zoneId, sinceMs }: GoneZone,
  instanceId: string,
  roles: readonly DrainingRole[],
  registry: Pick<Registry, 'readGroup' | 'readLedger'>,
): Promise<Departure[]> {
  const { intents } = await registry.readGroup(zoneId);
  const ttls = intents.flatMap(({ withdrawn = [], changes }) => [
    ...withdrawn.filter((each) => each.instanceId === instanceId).map(({ ttlSeconds }) => ttlSeconds),
    ...changes
      .filter(({ contributors }) => contributors[instanceId] !== undefined)
      .map((change) => afterOf(change)?.ttlSeconds ?? 0),
  ]);
  for (const { definition } of roles) {
    const { sets } = await registry.readLedger(zoneId, definition.role);
    for (const { set, contributors } of sets) if (contributors[instanceId] !== undefined) ttls.push(set.ttlSeconds);
  }
  return ttls.length === 0 ? [] : [{ acceptedAtMs: sinceMs, ttlSeconds: Math.max(...ttls) }];
}

/** What of it, or of its roles, a pass may still have to take away. */
function subjectsOf(
  instanceId: string,
  fact: Fact | undefined,
  roles: readonly DrainingRole[],
  installation: Installation,
): Pick<NewMark, 'group' | 'subject'>[] {
  if (roles.length === 0 && hookAsks(fact).length === 0) return [];
  // A role that it lost just before, or that a deployment took away, may have had names in whichever zone.
  const everywhere = [...installation.zones.map(({ id }) => id), ADDRESSES_GROUP];
  const listed = roles.flatMap(({ definition: { role }, definition }) =>
    groupsOf(installation, definition).map((group) => ({ group, subject: { kind: 'role' as const, role } })),
  );
  const unlisted = (fact === undefined ? [] : membersOf(fact))
    .filter(({ role }) => roleOf(installation, role) === undefined)
    .flatMap(({ role }) => everywhere.map((group) => ({ group, subject: { kind: 'role' as const, role } })));
  const own = everywhere.map((group) => ({ group, subject: { kind: 'instance' as const, instanceId } }));
  return [...own, ...listed, ...unlisted];
}

function hookAsks(fact: Fact | undefined): readonly DrainAsk[] {
  return asksInEffect(fact?.drains).filter(({ by }) => by === 'hook');
}

/** The ask is stored before the action that it came with. */
function isUnstored(actions: readonly LifecycleAction[]): (ask: DrainAsk) => boolean {
  return (ask) => !actions.some(({ token }) => token === ask.token);
}

function isWaiting({ transition, completedAtMs }: LifecycleAction): boolean {
  return transition === 'terminating' && completedAtMs === undefined;
}

/** A BatchGetItem refuses a key that it is given twice. */
function distinct<Subject>(subjects: readonly Subject[]): Subject[] {
  return [...new Map(subjects.map((subject) => [JSON.stringify(subject), subject])).values()];
}

/** A fact and what its roles have of it are written together: a role that has it no more has changed since the fact was read. */
async function rolesOf(
  fact: Fact | undefined,
  installation: Installation,
  registry: Pick<Registry, 'readRole'>,
): Promise<{ readonly roles: readonly DrainingRole[]; readonly isOutdated: boolean }> {
  const roles: DrainingRole[] = [];
  let isOutdated = false;
  for (const { role } of fact === undefined ? [] : membersOf(fact)) {
    const definition = roleOf(installation, role);
    if (definition === undefined) continue;
    const state = await registry.readRole(role);
    if (!state.members.some((member) => member.instanceId === fact?.instanceId)) isOutdated = true;
    const { members, slots } = admittedOnly({ ...state, definition });
    roles.push({ definition, members, slots });
  }
  return { roles, isOutdated };
}
