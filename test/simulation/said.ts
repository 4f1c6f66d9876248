import type { JournalEntry } from '../../lib/model/journal.ts';
import { keyOf } from '../../local/route53/resource-record-set.ts';
import { expectationOf } from './reference.ts';
import { contentOf, labelOf, plain } from './rendering.ts';
import type { ZoneKey, Zones } from './setting.ts';
import { Violated, type World } from './world.ts';

const PROMISE = '12 what is not done is said';

/** When all is calm: who finds something other than it should be finds a word on it in the journal, and no stale one. */
export function assertSaid(world: World): void {
  const { sets, optional } = expectationOf(world);
  const complaints: string[] = [];
  for (const [key, { id, name: zoneName }] of Object.entries(world.zones) as [ZoneKey, Zones[ZoneKey]][]) {
    const labels = [...sets.keys()].filter((label) => label.startsWith(`${key} `) && !optional.has(label));
    const said = world.journal.filter((entry) => 'zone' in entry && entry.zone === zoneName);
    if (!world.isThere(key)) {
      const isSaid = said.some(({ kind, reason }) => kind === 'withheld' && reason === 'zone-gone');
      if (labels.length > 0 && key !== 'rev' && !isSaid) complaints.push(`nobody said that ${zoneName} is gone`);
      continue;
    }
    const foreign = foreignSets(world, id);
    for (const label of labels) {
      const [, name = '', type = ''] = label.split(' ');
      const inTheWay = foreign.some((each) => each.name === name && stands(each.type, type));
      if (inTheWay && !stays(said, name)) complaints.push(`nobody says why ${label} is not there`);
    }
    for (const entry of standing(said)) {
      if (!foreign.some(({ name }) => name === entry.name))
        complaints.push(`another’s record at ${entry.name ?? ''} is still said, and there is none`);
    }
    if (world.strands.has('reporting')) complaints.push(...unreported(world, key, said, sets));
  }
  if (complaints.length > 0) throw new Violated(PROMISE, complaints.join('\n  '));
}

interface Standing {
  readonly name: string;
  readonly type: string;
}

/** Sets that surely are others'. */
function foreignSets({ account, chronicle }: World, zoneId: string): Standing[] {
  const holds = chronicle.holdsOf(zoneId);
  const zone = account.route53.zones().find(({ id }) => id === zoneId);
  return (zone?.current.sorted() ?? []).flatMap((set) => {
    const hold = holds.get(keyOf(set));
    return hold === undefined || hold === 'ours' ? [] : [{ name: plain(set.name), type: set.type }];
  });
}

/** RFC 1034 §3.6.2: a CNAME stands alone. */
function stands(foreign: string, type: string): boolean {
  return foreign === type || foreign === 'CNAME' || type === 'CNAME';
}

type Note = Extract<JournalEntry, { kind: 'conflict' | 'withheld' | 'refused' }>;

/** Conflicts that were said and not taken back. */
function standing(said: readonly JournalEntry[]): Note[] {
  const last = new Map<string, Note>();
  for (const entry of said)
    if (entry.kind === 'conflict' && entry.reason === 'foreign-record')
      last.set(`${entry.role} ${entry.name} ${entry.type}`, entry);
  return [...last.values()].filter(({ cleared }) => cleared !== true);
}

function stays(said: readonly JournalEntry[], name: string): boolean {
  return said.some(
    (entry) => 'name' in entry && entry.name === name && ['conflict', 'withheld', 'drift'].includes(entry.kind),
  );
}

/** Under `report`, what hands made of ours stays, and was said. */
function unreported(
  world: World,
  key: ZoneKey,
  said: readonly JournalEntry[],
  sets: ReadonlyMap<string, string>,
): string[] {
  const { id } = world.zones[key];
  const holds = world.chronicle.holdsOf(id);
  const zone = world.account.route53.zones().find((each) => each.id === id);
  return (zone?.current.sorted() ?? []).flatMap((set) => {
    const expected = sets.get(labelOf(key, set));
    const name = plain(set.name);
    if (holds.get(keyOf(set)) !== 'ours' || expected === undefined || expected === contentOf(set)) return [];
    if (!world.isHandled(key, name)) return [];
    world.count('drift reported and left');
    return stays(said, name) ? [] : [`nobody said that hands changed ${labelOf(key, set)}`];
  });
}
