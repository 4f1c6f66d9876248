import { desiredRecords } from '../desired/records.ts';
import { producerOf } from '../desired/produced.ts';
import { assignSlots, hasAddress, hasSlots } from '../desired/slots.ts';
import { isAdmitted } from '../desired/entitlement.ts';
import type { DesiredSet } from '../model/change.ts';
import { InvalidInput } from '../model/errors.ts';
import type { LedgerSet } from '../model/ledger.ts';
import type { Installation } from '../model/role.ts';
import type { Zone } from '../model/zone.ts';
import { LARGE_CHANGE_FRACTION, LARGE_CHANGE_MIN_SETS, largeChange } from '../plan/large-change.ts';
import { isReverse, roleOf } from './groups.ts';
import type { CorePorts, RoleState } from './ports.ts';

/**
 * Refuses a configuration that would take away a large part of a zone's records, unless it says that it means to. An
 * estimate, from the members and the slots as they are; nothing is read but the registry.
 */
export async function refuseLargeChange(
  after: Installation,
  changedRoles: readonly string[],
  ports: CorePorts,
): Promise<void> {
  if (after.allowLargeChange || changedRoles.length === 0) return;
  const changed = new Set(changedRoles);
  let states: readonly RoleState[] | undefined;
  for (const zone of after.zones) {
    const { head } = await ports.registry.readGroup(zone.id);
    const ownedSets = head?.ownedSets ?? 0;
    if (ownedSets < LARGE_CHANGE_MIN_SETS) continue;
    const ledger = (await ports.registry.readLedger(zone.id)).sets.filter(({ role }) => changed.has(role));
    states ??= await Promise.all(changedRoles.map((role) => ports.registry.readRole(role)));
    const desired = states.flatMap((state) => wantedBy(state, after, zone, ledger));
    const large = largeChange({ ledger, desired, ownedSets });
    if (large === undefined) continue;
    throw new InvalidInput(
      `This configuration would remove ${large.removed} of the ${large.owned} record sets in zones.${zone.key} (${zone.name}, ${zone.id}); at most ${LARGE_CHANGE_FRACTION * 100} % are removed unasked. Nothing was changed. If that is meant, set allowLargeChange: true and deploy again.`,
    );
  }
}

/** With the slots as the next election would fill them. */
function wantedBy(
  state: RoleState,
  after: Installation,
  zone: Zone,
  ledger: readonly LedgerSet[],
): readonly DesiredSet[] {
  const role = roleOf(after, state.role);
  if (role === undefined) return [];
  const previous = ledger.filter((owned) => owned.role === state.role);
  // The addresses of a pool that is new are not known before the addresses' first pass: its names are to stay.
  if (role.elasticIp !== undefined && !state.slots.some(hasAddress))
    return previous.filter(({ set }) => producerOf([role], zone, set) !== undefined);
  const members = state.members.filter((member) => isAdmitted(role, member));
  const slots = hasSlots(role)
    ? assignSlots({ role, slots: state.slots, pool: undefined, members }).slots
    : state.slots;
  const keepAbsent = new Set(members.map(({ instanceId }) => instanceId));
  const reverseZones = after.zones.map(({ name }) => name).filter(isReverse);
  return desiredRecords({ zone, role, members, slots, keepAbsent, previous, reverseZones }).sets;
}
