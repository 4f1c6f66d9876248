import type { JournalEntry } from '../../lib/model/journal.ts';
import type { AcceptedBatch } from '../../local/route53/model.ts';
import { keyOf, type ResourceRecordSet } from '../../local/route53/resource-record-set.ts';
import { plain } from './rendering.ts';
import type { World } from './world.ts';

/**
 * Whether nobody can say whose a set is that a batch of ours takes away: in its place the last batch before took away one of
 * ours, which nobody recorded, and hands have spoiled the serial of that since. Then another may have made this one, or hands
 * may have edited ours. Names with such a set count as handled.
 */
export function isUndecided(world: World, batch: AcceptedBatch, set: ResourceRecordSet): boolean {
  const { zoneId, zoneName, changes } = batch;
  const { account, chronicle, setting, stack } = world;
  const before = account.route53.batches.filter((each) => each.zoneId === zoneId && chronicle.hasMade(each));
  const last = before[before.indexOf(batch) - 1];
  const id = last?.comment?.split(' ')[1];
  if (last === undefined || id === undefined || !removes(last, set)) return false;
  const serialName = `${setting.owner}._rolecall.${zoneName}`;
  const found = changes.find((each) => each.action === 'DELETE' && each.set.name === serialName);
  if (found?.set.values[0]?.includes(id) === true) return false;
  const table = account.dynamodb.tables.get(stack?.outputs['RegistryTable'] ?? '');
  if (table?.get({ pk: { S: `group#${zoneId}` }, sk: { S: `2#intent#${id}` } }) === undefined) return false;
  countAsHandled(world, zoneId, set.name);
  return true;
}

/** What is said of it after that, nobody can say to be wrong. */
function countAsHandled(world: World, zoneId: string, name: string): void {
  for (const { chronicle } of world.other === undefined ? [world] : [world, world.other])
    chronicle.handled.add(`${zoneId} ${plain(name)}`);
}

function removes({ changes }: AcceptedBatch, set: ResourceRecordSet): boolean {
  const of = changes.filter((each) => keyOf(each.set) === keyOf(set));
  return of.some(({ action }) => action === 'DELETE') && of.every(({ action }) => action !== 'CREATE');
}

/**
 * Whether a set of another's is taken for ours, as nobody can tell: a zone's first batch never came about, and another made
 * the very same set of it before the next pass found no serial. Its name counts as handled, too.
 */
export function isTakenForOurs(
  world: World,
  zoneId: string,
  said: readonly JournalEntry[],
  { name, type, values }: Pick<ResourceRecordSet, 'name' | 'type' | 'values'>,
): boolean {
  const changes = said.flatMap((entry) => (entry.kind === 'change' ? [entry] : []));
  const first = changes[0]?.batch;
  const hasComeAbout = world.account.route53.batches.some(({ comment }) => comment?.endsWith(` ${first}`));
  if (first === undefined || hasComeAbout) return false;
  const isTaken = changes.some(
    (entry) =>
      entry.batch === first &&
      entry.action === 'create' &&
      entry.name === plain(name) &&
      entry.type === type &&
      entry.after.join() === [...values].sort().join(),
  );
  if (isTaken) countAsHandled(world, zoneId, name);
  return isTaken;
}
