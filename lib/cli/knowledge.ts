import { RolecallError } from '../model/errors.ts';
import { type Fact, isLive, membersOf } from '../model/fact.ts';
import type { OwnedCheck } from '../model/health-check.ts';
import { claimedRoles } from '../model/instance.ts';
import type { Intent, GroupHead, LedgerSet, Mark, Note } from '../model/ledger.ts';
import type { Request } from '../model/request.ts';
import type { Installation } from '../model/role.ts';
import type { SweepRecord } from '../model/sweep.ts';
import { ADDRESSES_GROUP, type Zone } from '../model/zone.ts';
import { roleOf } from '../reconcile/groups.ts';
import type { History, Registry, RoleState } from '../reconcile/ports.ts';

/** All that the registry says, as the commands that only look need it. */
export interface Knowledge {
  readonly nowMs: number;
  readonly installation: Installation;
  /** By instance id. */
  readonly facts: ReadonlyMap<string, Fact>;
  /** Every role that is listed, claimed, or has records; `definition` is absent where it is refused. */
  readonly roles: readonly RoleState[];
  readonly zones: readonly ZoneKnowledge[];
  readonly addresses: GroupKnowledge;
  readonly lastSweep?: SweepRecord;
}

export interface GroupKnowledge {
  readonly head?: GroupHead;
  readonly marks: readonly Mark[];
  readonly intents: readonly Intent[];
  readonly requests: readonly Request[];
  readonly notes: readonly Note[];
}

export interface ZoneKnowledge extends GroupKnowledge {
  readonly zone: Zone;
  /** The ledger. */
  readonly sets: readonly LedgerSet[];
  /** Health checks of ours for names of the zone. */
  readonly checks: readonly OwnedCheck[];
}

/** What is read from; a target has it all. */
export interface Sources {
  readonly registry: Registry;
  readonly history: History;
  readonly clock: { now(): number };
}

/** @throws RolecallError when nothing is deployed. */
export async function readKnowledge({ registry, history, clock }: Sources): Promise<Knowledge> {
  const { installation, facts } = await registry.readAllFacts();
  if (installation === undefined) {
    throw new RolecallError('not-installed', 'the registry holds no configuration: deploy the stack first');
  }
  const [zones, addresses, lastSweep] = await Promise.all([
    Promise.all(installation.zones.map((zone) => readZone(registry, zone))),
    readAddresses(registry),
    history.readLastSweep(),
  ]);
  const names = [
    ...installation.roles.map(({ role }) => role),
    ...facts.filter(isLive).flatMap((fact) => claimedRoles(fact.description?.tags ?? {}).roles),
    ...facts.flatMap(membersOf).map(({ role }) => role),
    ...zones.flatMap(({ sets }) => sets.map(({ role }) => role)),
  ];
  const roles = await Promise.all(
    [...new Set(names)].sort().map(async (role) => asDefined(await registry.readRole(role), installation)),
  );
  return {
    nowMs: clock.now(),
    installation,
    facts: new Map(facts.map((fact) => [fact.instanceId, fact])),
    roles,
    zones,
    addresses,
    ...(lastSweep === undefined ? {} : { lastSweep }),
  };
}

/** An open role is defined by the installation alone. */
function asDefined(state: RoleState, installation: Installation): RoleState {
  const definition = state.definition ?? roleOf(installation, state.role);
  return definition === undefined ? state : { ...state, definition };
}

async function readZone(registry: Registry, zone: Zone): Promise<ZoneKnowledge> {
  const [group, { sets, notes, checks }] = await Promise.all([
    registry.readGroup(zone.id),
    registry.readLedger(zone.id),
  ]);
  return { zone, ...group, sets, notes, checks };
}

async function readAddresses(registry: Registry): Promise<GroupKnowledge> {
  const [group, { notes }] = await Promise.all([
    registry.readGroup(ADDRESSES_GROUP),
    registry.readLedger(ADDRESSES_GROUP),
  ]);
  return { ...group, notes };
}

/** As every result writes a time. */
export const isoTime = (atMs: number): string => new Date(atMs).toISOString();
