import { ServiceFailure } from '../model/errors.ts';
import type { GroupHead, Ledger, LedgerSet, Mark, NewMark, Note } from '../model/ledger.ts';
import { type ObservedSet, setKey } from '../model/record-set.ts';
import { serialRecordName, type Zone } from '../model/zone.ts';
import { isKnown } from './findings.ts';
import type { DnsCursor, ZonePorts } from './ports.ts';
import { clearedEntries, isRefusalStale } from './notes.ts';
import { isToMove } from './owner-move.ts';
import { isExpected } from './serial.ts';
import { sayLeftAlone } from './left-alone.ts';
import { sayTrouble, troubleOf } from './trouble.ts';

/** A zone of up to 1,200 sets is read whole each minute; a larger one goes round, so many pages a minute. */
const PAGES_PER_SWEEP = 4;

/**
 * Holds a zone against the ledger and marks what differs, and what `missed` finds in the ledger itself. Reads the ledger
 * before and its serial after the zone, so that a change of our own in between is not taken for drift. Throws
 * `ServiceFailure`.
 */
export async function auditZone(
  zone: Zone,
  missed: (known: Ledger & { readonly head: GroupHead }, nowMs: number) => readonly NewMark[],
  ports: ZonePorts,
): Promise<{ readonly isDirty: boolean }> {
  const { head, marks, intents, requests, unknown } = await ports.registry.readGroup(zone.id);
  sayLeftAlone(zone.id, unknown, ports.log);
  const hasWork = marks.length > 0 || intents.length > 0 || requests.length > 0;
  if (head === undefined || head.retired) return { isDirty: hasWork };
  const ledger = await ports.registry.readLedger(zone.id);
  const { sets, notes } = ledger;
  const unmarked = unmarkedOf(missed({ head, ...ledger }, ports.clock.now()), marks);
  if (unmarked.length > 0) await ports.registry.putMarks(unmarked);
  const isDirty = hasWork || unmarked.length > 0;
  if (head.serial === undefined && notes.length === 0) return { isDirty };
  const listed = await listOrSay(zone, head, ports);
  if (listed.next !== undefined || head.auditCursor !== undefined)
    await ports.registry.writeAuditCursor(zone.id, listed.next);
  const found = differences(zone, sets, listed, ports.clock.now());
  if (isSerialDue(head, zone, listed)) found.push(serialMark(zone, ports.clock.now()));
  const freed = listed.isWhole ? freedConflicts(notes, sets, listed.sets) : [];
  const stale = notes.filter((note) => isRefusalStale(note, ports.clock.now()));
  if (found.length === 0 && freed.length === 0 && stale.length === 0) return { isDirty };

  const again = await ports.registry.readGroup(zone.id);
  if (again.head?.serial !== head.serial || again.intents.length > 0) return { isDirty: true };
  await ports.registry.putMarks([
    ...found,
    ...[...freed, ...stale].map((note) => freedMark(zone, note, ports.clock.now())),
  ]);
  const journal = clearedEntries(freed, zone.name);
  await ports.registry.settle(zone.id, { dropIntents: [], clearMarks: [], putNotes: [], clearNotes: freed, journal });
  for (const entry of journal) ports.log.journal(entry);
  return { isDirty: true };
}

/** What is marked already keeps its mark, which tells why. */
function unmarkedOf(missed: readonly NewMark[], marks: readonly Mark[]): NewMark[] {
  const rolesOf = new Map(marks.map(({ subject, roles }) => [subjectKey(subject), new Set(roles)]));
  return missed.filter(({ subject, roles }) => {
    const marked = rolesOf.get(subjectKey(subject));
    return marked === undefined || roles.some((role) => !marked.has(role));
  });
}

function subjectKey(subject: Mark['subject']): string {
  switch (subject.kind) {
    case 'instance':
      return `instance ${subject.instanceId}`;
    case 'role':
      return `role ${subject.role}`;
    case 'set':
      return `set ${subject.key}`;
    case 'serial':
      return 'serial';
  }
}

/** It is not as the ledger has it, or is to move to another owner, and nothing there is known to stand in the way. */
function isSerialDue(head: GroupHead, zone: Zone, { sets, isWhole }: Listed): boolean {
  const at = (owner: string) =>
    sets.find(({ name, type }) => name === serialRecordName(owner, zone.name) && type === 'TXT');
  if (isWhole && !isExpected(head, { set: at(head.serialOwner) })) return true;
  return isToMove(head) && !(head.trouble === 'owner-taken' && at(head.owner) !== undefined);
}

/** A zone that has no work is missed by the sweep alone. */
async function listOrSay(zone: Zone, head: GroupHead, ports: ZonePorts): Promise<Listed> {
  try {
    return await list(zone.id, head.auditCursor, ports);
  } catch (error) {
    if (error instanceof ServiceFailure && troubleOf(error) === 'zone-gone')
      await sayTrouble(head, zone, 'zone-gone', error.message, ports);
    throw error;
  }
}

interface Listed {
  readonly sets: readonly ObservedSet[];
  readonly isWhole: boolean;
  readonly from: DnsCursor | undefined;
  readonly next: DnsCursor | undefined;
}

async function list(zoneId: string, from: DnsCursor | undefined, ports: ZonePorts): Promise<Listed> {
  const sets: ObservedSet[] = [];
  let cursor = from;
  for (let pages = 0; pages < PAGES_PER_SWEEP; pages += 1) {
    const page = await ports.dns.page(zoneId, cursor);
    sets.push(...page.sets);
    cursor = page.next;
    if (cursor === undefined) break;
  }
  return { sets, isWhole: from === undefined && cursor === undefined, from, next: cursor };
}

function differences(zone: Zone, ledger: readonly LedgerSet[], listed: Listed, nowMs: number): NewMark[] {
  const byKey = new Map(listed.sets.map((set) => [setKey(set), set]));
  return ledger.flatMap(({ role, set, serial }) => {
    if (!isCovered(set.name, listed)) return [];
    const key = setKey(set);
    const observed = byKey.get(key);
    if (isKnown(observed, set)) return [];
    return [
      {
        group: zone.id,
        subject: { kind: 'set' as const, key, ledgerSerial: serial, ...(observed === undefined ? {} : { observed }) },
        roles: [role],
        reason: 'drift' as const,
        sinceMs: nowMs,
      },
    ];
  });
}

/** Route 53 lists in ASCII order of the labels reversed ("ListResourceRecordSets", Amazon Route 53 API Reference). */
function isCovered(name: string, listed: Listed): boolean {
  if (listed.isWhole) return true;
  const place = orderOf(name);
  return (
    (listed.from === undefined || place > orderOf(listed.from.name)) &&
    (listed.next === undefined || place < orderOf(listed.next.name))
  );
}

function orderOf(name: string): string {
  return `${name.split('.').reverse().join('.')}.`;
}

function serialMark(zone: Zone, nowMs: number): NewMark {
  return { group: zone.id, subject: { kind: 'serial' }, roles: [], reason: 'drift', sinceMs: nowMs };
}

/**
 * A conflict stands until the foreign set is seen gone. Where others have come to the name meanwhile, ours may stand beside
 * them, or not: that the next pass finds out.
 */
function freedConflicts(notes: readonly Note[], ledger: readonly LedgerSet[], sets: readonly ObservedSet[]): Note[] {
  const owned = new Set(ledger.flatMap(({ set }) => (set.values.length === 0 ? [] : [setKey(set)])));
  return notes.filter(
    (note) =>
      note.reason === 'foreign-record' &&
      !sets.some(
        (set) =>
          set.name === note.name &&
          !owned.has(setKey(set)) &&
          (note.inTheWay === undefined || note.inTheWay === setKey(set)) &&
          (set.type === note.type || set.type === 'CNAME' || note.type === 'CNAME'),
      ),
  );
}

function freedMark(zone: Zone, note: Note, nowMs: number): NewMark {
  return {
    group: zone.id,
    subject: { kind: 'role', role: note.role },
    roles: [note.role],
    reason: 'configured',
    sinceMs: nowMs,
  };
}
