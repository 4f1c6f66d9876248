import type { RoleObject } from '../../lib/config/configuration.ts';
import type { Instance } from '../../local/ec2/instance.ts';
import type { AcceptedBatch } from '../../local/route53/model.ts';
import { keyOf } from '../../local/route53/resource-record-set.ts';
import { addressesOf } from './addresses-of.ts';
import { type Chronicle, STEADY_MS } from './chronicle.ts';
import { claimsOf, isDraining, plain } from './rendering.ts';
import type { World } from './world.ts';

interface Exclusive {
  readonly role: string;
  readonly definition: RoleObject;
}

/** The exclusive role that a name is of; of those the zone itself is asked who holds them. */
export function exclusiveRoleOf({ setting }: World, name: string): Exclusive | undefined {
  return Object.entries(setting.roles).flatMap(([role, definition]): Exclusive[] => {
    if (typeof definition === 'string' || definition.holders === undefined) return [];
    return name.startsWith(`${role}.`) || name.startsWith(`${role}-`) ? [{ role, definition }] : [];
  })[0];
}

/**
 * Whether a name that a batch takes an address from had it because of the instance; one that was given what a holder left
 * behind holds nothing by that.
 */
export function isIn(
  chronicle: Chronicle,
  { changes, zoneId }: AcceptedBatch,
  key: string,
  value: string,
  { id }: Instance,
): boolean {
  return changes.some(
    ({ action, set }) =>
      action === 'DELETE' &&
      `${plain(set.name)} ${set.type}` === key &&
      set.values.includes(value) &&
      chronicle.isFor(id, zoneId, keyOf(set), value),
  );
}

/**
 * Whether an instance that nobody touched must keep its part in a name: as a holder of an exclusive role that is not the
 * newest's. One that is no member any more need not, however late it is taken out, nor one that is sick while another that
 * is well, or ended well and nobody was told, is left in the name; where all are sick, all stay. `left`: the values that the name still has.
 */
export function isHeldForGood(world: World, name: string, instance: Instance, left: ReadonlySet<string>): boolean {
  const exclusive = exclusiveRoleOf(world, name);
  if (exclusive === undefined || exclusive.definition.succession === 'newest') return false;
  if (isDraining(instance) || !claimsOf(instance).includes(exclusive.role)) return false;
  return instance.impairedSinceMs === undefined || !world.account.ec2.fleet.instances.current().some(isWellIn);

  function isWellIn(each: Instance): boolean {
    const isKnownSick = each.impairedSinceMs !== undefined && world.chronicle.isSteady(each, STEADY_MS);
    if (isKnownSick) return false;
    const elasticIp = world.account.ec2.elasticIps.ofInstance(each.id)?.address;
    if (each.state === 'running') return [...addressesOf(each), elasticIp ?? ''].some((address) => left.has(address));
    return isEndedUntold(each.id) && [...left].some((address) => wasOf(each.id, address));
  }

  function isEndedUntold(id: string): boolean {
    return world.chronicle.goneAtMs.has(id) && !world.chronicle.provenAtMs.has(id);
  }

  function wasOf(id: string, address: string): boolean {
    const { publicHolders, privateHolders } = world.chronicle;
    return [publicHolders, privateHolders].some((holders) => holders.get(address)?.has(id) === true);
  }
}
