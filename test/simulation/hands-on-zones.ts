import type { HostedZone } from '../../local/route53/hosted-zone.ts';
import { type Change, keyOf, type ResourceRecordSet } from '../../local/route53/resource-record-set.ts';
import type { Chance } from './chance.ts';
import { rememberLost } from './remembered.ts';
import { ROLE_NAMES, type ZoneKey } from './setting.ts';
import type { World } from './world.ts';

export function create(world: World, zone: ZoneKey, label: string, type: string, values: readonly string[]): void {
  const set: ResourceRecordSet = { name: `${label}.${world.zones[zone].name}.`, type, ttlSeconds: 300, values };
  void world.edit(world.zones[zone].id, [{ action: 'CREATE', set }]);
}

/** Often at a name that a role has, or will have. */
export function foreignRecord(world: World, chance: Chance): void {
  const role = chance.pick([...ROLE_NAMES, 'misc', 'shard-1', 'mx1']) ?? 'misc';
  const zone = chance.pick(['pub', 'int'] as const);
  if (chance.happens(0.7)) create(world, zone, role, 'A', ['192.0.2.77']);
  else create(world, zone, role, 'CNAME', ['elsewhere.example.net.']);
  if (!chance.happens(0.5)) return;
  world.timeline.after(chance.between(1_000, 200_000), () => {
    if (!world.trouble.isActive) return;
    for (const [key, hold] of world.chronicle.holdsOf(world.zones[zone].id)) {
      if (hold !== 'foreign' || key.includes('theirs') || key.includes('shop')) continue;
      if (world.chronicle.strangers.has(`${world.zones[zone].id} ${key}`)) continue;
      const set = setOf(world, world.zones[zone].id, key);
      if (set !== undefined) void world.edit(world.zones[zone].id, [{ action: 'DELETE', set }]);
    }
  });
}

function setOf(world: World, zoneId: string, key: string): ResourceRecordSet | undefined {
  const zone = world.account.route53.zones().find(({ id }) => id === zoneId);
  return zone?.current.sorted().find((set) => keyOf(set) === key);
}

function anyOfOurs(
  world: World,
  chance: Chance,
): { readonly zoneId: string; readonly set: ResourceRecordSet } | undefined {
  const all = Object.values(world.zones).flatMap(({ id: zoneId }) =>
    [...world.chronicle.holdsOf(zoneId)].flatMap(([key, hold]) => {
      const isOurs = hold === 'ours' && !key.includes('_rolecall');
      const set = isOurs && isForUsAlone(world, key) ? setOf(world, zoneId, key) : undefined;
      return set === undefined ? [] : [{ zoneId, set }];
    }),
  );
  return chance.pick(all);
}

/** Where hands delete a set and another who wants the name makes one, both would take it for their own. */
function isForUsAlone({ other }: World, key: string): boolean {
  return other === undefined || /^(?:shard-|pair-|mx)\d/.test(key);
}

export function editOurs(world: World, chance: Chance): void {
  const found = anyOfOurs(world, chance);
  if (found === undefined) return;
  const { zoneId, set } = found;
  const values = set.type === 'A' && chance.happens(0.6) ? ['192.0.2.66'] : set.values;
  disturbZone(world);
  void world.edit(zoneId, [
    { action: 'UPSERT', set: { ...set, values, ttlSeconds: chance.pick([5, 60, 999] as const) } },
  ]);
}

export function deleteOurs(world: World, chance: Chance): void {
  const found = anyOfOurs(world, chance);
  if (found === undefined) return;
  disturbZone(world);
  void world.edit(found.zoneId, [{ action: 'DELETE', set: found.set }]);
  if (chance.happens(0.3)) {
    world.timeline.after(chance.between(100, 90_000), () => {
      if (!world.trouble.isActive) return;
      void world.edit(found.zoneId, [{ action: 'CREATE', set: { ...found.set, ttlSeconds: 61 } }]);
    });
  }
}

/** What hands change is seen by a sweep, or by a batch that Route 53 refuses. */
function disturbZone(world: World): void {
  world.trouble.disturb(75_000);
}

export function spoilSerial(world: World, chance: Chance): void {
  const { id, name } = world.zones[chance.pick(['pub', 'int', 'rev'] as const)];
  const set = setOf(world, id, `${world.setting.owner}._rolecall.${name}. TXT `);
  if (set === undefined) return;
  disturbZone(world);
  const changed = { ...set, values: [`"owner=${world.setting.owner} serial=99 batch=x"`] };
  void world.edit(id, [
    chance.happens(0.5) ? { action: 'DELETE', set } : { action: 'UPSERT', set: { ...changed, ttlSeconds: 60 } },
  ]);
}

/** Some before ours in the order of a list, the others after them; more than two pages of 300. */
const MOST_BYSTANDERS = 700;

/** What others have in the zone, and nobody touches. */
export function crowdIn(world: World, chance: Chance): void {
  const zone = chance.pick(['pub', 'int'] as const);
  const count = chance.between(MOST_BYSTANDERS / 2, MOST_BYSTANDERS);
  world.note(`${count} records of others in ${zone}`);
  const changes = Array.from({ length: count }, (_nothing, number): Change => {
    const name = `${chance.pick(['alien', 'host', 'zebra'] as const)}-${number}.${world.zones[zone].name}.`;
    return { action: 'CREATE', set: { name, type: 'A', ttlSeconds: 300, values: ['198.51.100.201'] } };
  });
  void world.edit(world.zones[zone].id, changes);
}

/** Everything in it first, as Route 53 wants it, and then the zone: for good. */
export function deleteZone(world: World, chance: Chance): void {
  const key = chance.pick(['pub', 'int', 'rev'] as const);
  const { id } = world.zones[key];
  const zones = world.account.route53.zones();
  const zone = zones.find((each) => each.id === id);
  if (zone === undefined || zones.length < Object.keys(world.zones).length) return;
  const isOwn = ({ name, type }: ResourceRecordSet) => name === zone.name && (type === 'NS' || type === 'SOA');
  const sets = zone.current.sorted().filter((set) => !isOwn(set));
  disturbZone(world);
  void emptied(
    world,
    zone,
    sets.map((set) => ({ action: 'DELETE', set })),
  );
}

async function emptied(world: World, zone: HostedZone, changes: readonly Change[]): Promise<void> {
  const wereOurs = changes.filter(({ set }) => world.chronicle.holdsOf(zone.id).get(keyOf(set)) === 'ours');
  await world.edit(zone.id, changes);
  // Refused, or filled again meanwhile: then it stays. Or other hands were quicker.
  if (zone.current.size > 2 || !world.account.route53.zones().includes(zone)) return;
  world.account.route53.deleteZone(zone.id);
  rememberLost(world, { zoneId: zone.id, changes: wereOurs });
  world.chronicle.holds.delete(zone.id);
  world.note(`by hand: deleted ${zone.name}`);
  world.count('zone deleted');
}
