import type { AcceptedBatch } from '../../local/route53/model.ts';
import { type Change, keyOf, type ResourceRecordSet } from '../../local/route53/resource-record-set.ts';
import { answersOf } from './addresses-of.ts';
import { expectationOf } from './reference.ts';
import { claimsOf, isDraining, keepingRoleOf, labelOf, plain } from './rendering.ts';
import type { World } from './world.ts';

type Removal = Pick<AcceptedBatch, 'changes' | 'zoneId'>;

/** What a batch of ours makes of what resolvers may answer: whose addresses came into a set, and whose are still remembered. */
export function rememberBatch(world: World, batch: AcceptedBatch): void {
  rememberRemoved(world, batch);
  rememberAdded(world, batch);
}

/** For how long resolvers may still answer with an address of the instance, as far as the Lambdas' clocks can tell. */
export function secondsRemembered(world: World, instanceId: string): number {
  const { rememberedUntilMs, rememberedWithZoneMs } = world.chronicle;
  const kept = [...(rememberedWithZoneMs.get(instanceId) ?? [])].filter(([role]) =>
    hasAnother(world, role, instanceId),
  );
  const untilMs = Math.max(rememberedUntilMs.get(instanceId) ?? 0, ...kept.map(([, keptMs]) => keptMs));
  return Math.max(0, untilMs - 2 * world.trouble.weather.skewMs - world.timeline.now()) / 1000;
}

/** Whether a role that keeps its last member's addresses has another one for its names. */
function hasAnother({ account }: World, role: string, instanceId: string): boolean {
  return account.ec2.fleet.instances
    .current()
    .some(
      (each) =>
        each.id !== instanceId &&
        each.state === 'running' &&
        !isDraining(each) &&
        !account.autoscaling.isWaiting(each.id) &&
        claimsOf(each).includes(role),
    );
}

/** What a zone that is deleted had in a name that keeps its last member's address was to stay as long as there is no other. */
export function rememberLost(world: World, { changes, zoneId }: Removal): void {
  const { chronicle } = world;
  const roleOf = ({ set }: Change) => keepingRoleOf(world.setting, plain(set.name));
  rememberRemoved(world, { changes: changes.filter((change) => roleOf(change) === undefined), zoneId });
  for (const change of changes) {
    const role = roleOf(change);
    if (role === undefined) continue;
    for (const [id, untilMs] of whoIsRemembered(world, { changes: [change], zoneId })) {
      const ofRoles = chronicle.rememberedWithZoneMs.get(id) ?? new Map<string, number>();
      chronicle.rememberedWithZoneMs.set(id, ofRoles.set(role, Math.max(untilMs, ofRoles.get(role) ?? 0)));
    }
  }
}

/** What left a set, or is in it with a shorter TTL now, is remembered for the TTL that it had there. */
export function rememberRemoved(world: World, removal: Removal): void {
  const { rememberedUntilMs } = world.chronicle;
  for (const [id, untilMs] of whoIsRemembered(world, removal))
    rememberedUntilMs.set(id, Math.max(untilMs, rememberedUntilMs.get(id) ?? 0));
}

/** Each, once for each address, and until when. */
function whoIsRemembered({ account, chronicle }: World, { changes, zoneId }: Removal): (readonly [string, number])[] {
  const instances = account.ec2.fleet.instances.current();
  const created = setsOf(changes, 'CREATE');
  return setsOf(changes, 'DELETE').flatMap((set) => {
    const { name, type, ttlSeconds = 0 } = set;
    const next = created.filter(
      (each) => each.name === name && each.type === type && (each.ttlSeconds ?? 0) >= ttlSeconds,
    );
    const untilMs = chronicle.nowMs + account.route53.inSyncMs + ttlSeconds * 1000;
    const gone = set.values.filter((value) => !next.some(({ values }) => values.includes(value)));
    return gone.flatMap((value) =>
      instances
        .filter((each) => answersOf(each).includes(plain(value)) && chronicle.isFor(each.id, zoneId, keyOf(set), value))
        .map(({ id }) => [id, untilMs] as const),
    );
  });
}

function rememberAdded(world: World, batch: AcceptedBatch): void {
  const { chronicle } = world;
  const { changes, zoneId, atMs } = batch;
  const readAtMs = chronicle.hasMade(batch) ? chronicle.originOf(batch).readAtMs : atMs;
  const had = new Map(setsOf(changes, 'DELETE').map((set) => [keyOf(set), new Set(set.values)]));
  for (const set of setsOf(changes, 'CREATE'))
    for (const value of set.values)
      if (had.get(keyOf(set))?.has(value) !== true)
        chronicle.entered(zoneId, keyOf(set), value, {
          readAtMs,
          isWanted: () => isWanted(world, zoneId, set, value),
        });
}

function isWanted(world: World, zoneId: string, set: ResourceRecordSet, value: string): boolean {
  const { sets } = expectationOf(world);
  return (
    sets
      .get(labelOf(world.keyOf(zoneId), set))
      ?.split(/[ ,]/)
      .includes(plain(value)) === true
  );
}

/** Those that may lead to an instance. */
function setsOf(changes: AcceptedBatch['changes'], wanted: 'CREATE' | 'DELETE'): ResourceRecordSet[] {
  return changes.flatMap(({ action, set }) =>
    action === wanted && (set.type === 'A' || set.type === 'AAAA' || set.type === 'CNAME') ? [set] : [],
  );
}
