import { keyOf, type ResourceRecordSet } from '../../local/route53/resource-record-set.ts';
import { plain } from './rendering.ts';
import type { ZoneKey } from './setting.ts';
import type { World } from './world.ts';

/** Ended, and no Lambda was told before EC2 stopped saying so: there never was proof, and there will be none. */
export function isForgotten({ account, chronicle }: World, instanceId: string): boolean {
  if (!chronicle.goneAtMs.has(instanceId) || chronicle.provenAtMs.has(instanceId)) return false;
  const { fleet, lifecycle } = account.ec2;
  const instance = fleet.find(instanceId);
  const { terminatedAtMs = Number.POSITIVE_INFINITY } = instance ?? {};
  return instance === undefined || terminatedAtMs <= chronicle.nowMs - lifecycle.terminatedListedMs;
}

export function someAreForgotten(world: World): boolean {
  return [...world.chronicle.goneAtMs.keys()].some((id) => isForgotten(world, id));
}

/**
 * `zone key` of the sets that may stay though no one is there any more, and for whom each does. Absence alone never takes all of a role away
 * where its addresses cannot become a stranger's: of a role that nobody is left in, one forgotten instance may stay in its
 * names, of one with a pool each that had an address of it, and it is said of each.
 */
export function setsOfTheForgotten(
  world: World,
  expected: ReadonlyMap<string, string>,
): ReadonlyMap<string, readonly string[]> {
  const staying = lastOfRoles(world).filter(({ role }) => ![...expected.keys()].some((label) => isOf(role, label)));
  const found = new Map<string, readonly string[]>();
  const names = new Map<string, readonly string[]>();
  for (const { zone, role, instanceIds } of staying) {
    for (const set of setsIn(world, zone)) {
      if (!isOf(role, `${zone} ${plain(set.name)}`) || !isOnlyFor(world, zone, set, instanceIds)) continue;
      found.set(`${zone} ${keyOf(set)}`, instanceIds);
      names.set(plain(set.name), instanceIds);
    }
  }
  for (const zone of zoneKeys(world)) {
    for (const set of setsIn(world, zone)) {
      const behind = pointsTo(set).map((name) => names.get(name));
      const [first] = behind;
      if (first !== undefined && !behind.includes(undefined)) found.set(`${zone} ${keyOf(set)}`, first);
    }
  }
  return found;
}

interface Staying {
  readonly zone: ZoneKey;
  readonly role: string;
  readonly instanceIds: readonly string[];
}

/** Who is said to stay in which zone, of each role that only one is said to stay of, or that has a pool. */
function lastOfRoles(world: World): Staying[] {
  const last = new Map<
    string,
    Omit<Staying, 'instanceIds'> & { readonly instanceId: string; readonly isOver: boolean }
  >();
  for (const entry of world.journal) {
    if (entry.kind !== 'withheld' || entry.reason !== 'cap' || entry.instance === undefined) continue;
    const zone = zoneKeys(world).find((key) => world.zones[key].name === entry.zone);
    if (zone === undefined || !isForgotten(world, entry.instance)) continue;
    const { role, instance: instanceId } = entry;
    last.set(`${zone} ${role} ${instanceId}`, { zone, role, instanceId, isOver: entry.cleared === true });
  }
  const standing = [...last.values()].filter(({ isOver }) => !isOver);
  return standing.flatMap(({ zone, role, instanceId }): Staying[] => {
    const ofRole = standing.filter((other) => other.role === role);
    if (ofRole.every((other) => other.instanceId === instanceId)) return [{ zone, role, instanceIds: [instanceId] }];
    return hasPool(world, role) ? [{ zone, role, instanceIds: ofRole.map((each) => each.instanceId) }] : [];
  });
}

function hasPool({ setting }: World, role: string): boolean {
  const definition = setting.roles[role];
  return typeof definition === 'object' && definition.elasticIp !== undefined;
}

/**
 * Whether every value is an address that the set got because of one of the instances, and that no stranger can get; or an
 * Elastic IP that one of them was to have, who never had any.
 */
function isOnlyFor(world: World, zone: ZoneKey, set: ResourceRecordSet, instanceIds: readonly string[]): boolean {
  const { chronicle, zones } = world;
  if (set.type !== 'A' && set.type !== 'AAAA') return false;
  const wasOf = (instanceId: string, value: string) =>
    (isFree(world, value) && chronicle.associated.has(`${value} ${instanceId}`)) ||
    (!chronicle.publicHolders.has(value) && chronicle.isFor(instanceId, zones[zone].id, keyOf(set), value));
  const promised = set.values.filter((value) => !instanceIds.some((instanceId) => wasOf(instanceId, value)));
  const waiting = instanceIds.filter((id) => ![...chronicle.associated].some((each) => each.endsWith(` ${id}`)));
  return promised.every((value) => isFree(world, value)) && promised.length <= waiting.length;
}

/** Whether it is an Elastic IP that nobody has now; its name may have been there before anybody had it. */
function isFree({ account }: World, value: string): boolean {
  const elasticIp = account.ec2.elasticIps.addresses.current().find(({ address }) => address === value);
  return elasticIp !== undefined && elasticIp.association === undefined;
}

function pointsTo({ type, values }: ResourceRecordSet): string[] {
  return type === 'PTR' || type === 'SRV' || type === 'MX'
    ? values.map((value) => plain(value.split(' ').at(-1) ?? ''))
    : [];
}

/** A label begins with the zone and the name; a role's names all have the role in a label of their own, those of mail `mx<n>`. */
function isOf(role: string, label: string): boolean {
  return new RegExp(`[ .](${role}(-\\d+)?${role === 'mail' ? '|mx\\d+' : ''})\\.`).test(label);
}

function setsIn({ account, zones }: World, zone: ZoneKey): readonly ResourceRecordSet[] {
  return (
    account.route53
      .zones()
      .find(({ id }) => id === zones[zone].id)
      ?.current.sorted() ?? []
  );
}

function zoneKeys({ zones }: World): ZoneKey[] {
  return Object.keys(zones) as ZoneKey[];
}
