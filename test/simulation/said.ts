import type { JournalEntry } from '../../lib/model/journal.ts';
import { keyOf, type ResourceRecordSet } from '../../local/route53/resource-record-set.ts';
import { expectationOf } from './reference.ts';
import { contentOf, labelOf, plain } from './rendering.ts';
import { wronglySaidOfAddresses } from './said-of-addresses.ts';
import type { ZoneKey, Zones } from './setting.ts';
import { isTakenForOurs } from './undecided.ts';
import { Violated, type World } from './world.ts';

const PROMISE = '12 what is not done is said';

/** When all is calm: who finds something other than it should be finds a word on it in the journal, and no stale one. */
export function assertSaid(world: World): void {
  const { sets, optional } = expectationOf(world);
  const complaints: string[] = [];
  const stored = storedJournal(world);
  const all = [...world.journal, ...stored];
  for (const [key, { id, name: zoneName }] of Object.entries(world.zones) as [ZoneKey, Zones[ZoneKey]][]) {
    const labels = [...sets.keys()].filter((label) => label.startsWith(`${key} `) && !optional.has(label));
    const said = all.filter((entry) => 'zone' in entry && entry.zone === zoneName);
    if (!world.isThere(key)) {
      const isSaid = said.some(({ kind, reason }) => kind === 'withheld' && reason === 'zone-gone');
      if (labels.length > 0 && key !== 'rev' && !isSaid) complaints.push(`nobody said that ${zoneName} is gone`);
      continue;
    }
    const foreign = foreignSets(world, id);
    for (const label of labels) {
      const [, name = '', type = '', identifier = ''] = label.split(' ');
      const inTheWay = foreign.filter((each) => each.name === name && stands(each, { name, type, identifier }));
      const isUnsaid = inTheWay.length > 0 && !stays(said, name);
      if (isUnsaid && !inTheWay.every((each) => isTakenForOurs(world, id, said, each)))
        complaints.push(`nobody says why ${label} is not there`);
    }
    for (const entry of standing(world.journal, stored)) {
      if (entry.zone !== zoneName) continue;
      if (!foreign.some(({ name }) => name === entry.name))
        complaints.push(`another’s record at ${entry.name ?? ''} is still said, and there is none`);
    }
    if (world.strands.has('reporting')) complaints.push(...unreported(world, key, said, sets, optional));
  }
  complaints.push(...wronglySaidOfAddresses(world, world.journal, stored));
  if (complaints.length > 0) throw new Violated(PROMISE, complaints.join('\n  '));
}

interface Standing extends Pick<ResourceRecordSet, 'values'> {
  readonly name: string;
  readonly type: string;
  /** Empty where it is alone at its name and type. */
  readonly identifier: string;
}

/** Sets that surely are others'. */
function foreignSets({ account, chronicle }: World, zoneId: string): Standing[] {
  const holds = chronicle.holdsOf(zoneId);
  const zone = account.route53.zones().find(({ id }) => id === zoneId);
  return (zone?.current.sorted() ?? []).flatMap((set) => {
    const hold = holds.get(keyOf(set));
    return hold === undefined || hold === 'ours'
      ? []
      : [{ name: plain(set.name), type: set.type, identifier: set.setIdentifier ?? '', values: set.values }];
  });
}

/** RFC 1034 §3.6.2: a CNAME stands alone; sets with identifiers stand side by side. */
function stands(foreign: Standing, { type, identifier }: Omit<Standing, 'values'>): boolean {
  if (foreign.type === type) return foreign.identifier === '' || identifier === '' || foreign.identifier === identifier;
  return foreign.type === 'CNAME' || type === 'CNAME';
}

type Note = Extract<JournalEntry, { kind: 'conflict' | 'withheld' | 'refused' }>;

/** What the table keeps: a Lambda that dies when it has written it has no more time to say it. */
function storedJournal({ account, stack }: World): JournalEntry[] {
  const table = account.dynamodb.tables.get(stack?.outputs['RegistryTable'] ?? '');
  return (table?.all() ?? []).flatMap(({ pk, body }): JournalEntry[] => {
    if (pk === undefined || !('S' in pk) || !pk.S.startsWith('journal#')) return [];
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only journal entries are in that partition
    return JSON.parse(body !== undefined && 'S' in body ? body.S : '[]') as JournalEntry[];
  });
}

/** Conflicts that were said and not taken back, neither on the last line nor in the table. */
function standing(said: readonly JournalEntry[], stored: readonly JournalEntry[]): Note[] {
  const taken = lastNotes(stored);
  return [...lastNotes(said)].flatMap(([key, entry]) =>
    entry.cleared === true || taken.get(key)?.cleared === true ? [] : [entry],
  );
}

function lastNotes(said: readonly JournalEntry[]): ReadonlyMap<string, Note> {
  const last = new Map<string, Note>();
  for (const entry of said)
    if (entry.kind === 'conflict' && entry.reason === 'foreign-record')
      last.set(`${entry.role} ${entry.name} ${entry.type}`, entry);
  return last;
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
  optional: ReadonlySet<string>,
): string[] {
  const { id } = world.zones[key];
  const holds = world.chronicle.holdsOf(id);
  const zone = world.account.route53.zones().find((each) => each.id === id);
  return (zone?.current.sorted() ?? []).flatMap((set) => {
    const label = labelOf(key, set);
    const expected = optional.has(label) ? undefined : sets.get(label);
    const name = plain(set.name);
    if (holds.get(keyOf(set)) !== 'ours' || expected === undefined || expected === contentOf(set)) return [];
    if (!world.isHandled(key, name)) return [];
    world.count('drift reported and left');
    return stays(said, name) ? [] : [`nobody said that hands changed ${label}`];
  });
}
