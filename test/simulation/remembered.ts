import type { AcceptedBatch } from '../../local/route53/model.ts';
import { keyOf, type ResourceRecordSet } from '../../local/route53/resource-record-set.ts';
import { answersOf } from './addresses-of.ts';
import { expectationOf } from './reference.ts';
import { labelOf, plain } from './rendering.ts';
import type { World } from './world.ts';

type Removal = Pick<AcceptedBatch, 'changes' | 'zoneId'>;

/** What a batch of ours makes of what resolvers may answer: whose addresses came into a set, and whose are still remembered. */
export function rememberBatch(world: World, batch: AcceptedBatch): void {
  rememberRemoved(world, batch);
  rememberAdded(world, batch);
}

/** What left a set, or is in it with a shorter TTL now, is remembered for the TTL that it had there. */
export function rememberRemoved({ account, chronicle }: World, { changes, zoneId }: Removal): void {
  const instances = account.ec2.fleet.instances.current();
  const created = setsOf(changes, 'CREATE');
  for (const set of setsOf(changes, 'DELETE')) {
    const { name, type, ttlSeconds = 0 } = set;
    const next = created.filter(
      (each) => each.name === name && each.type === type && (each.ttlSeconds ?? 0) >= ttlSeconds,
    );
    for (const value of set.values) {
      if (next.some(({ values }) => values.includes(value))) continue;
      const untilMs = chronicle.nowMs + account.route53.inSyncMs + ttlSeconds * 1000;
      const leaving = instances.filter(
        (each) => answersOf(each).includes(plain(value)) && chronicle.isFor(each.id, zoneId, keyOf(set), value),
      );
      for (const { id } of leaving)
        chronicle.rememberedUntilMs.set(id, Math.max(untilMs, chronicle.rememberedUntilMs.get(id) ?? 0));
    }
  }
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
