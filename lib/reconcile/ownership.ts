import { producerOf } from '../desired/produced.ts';
import type { JournalEntry } from '../model/journal.ts';
import type { GroupHead, LedgerSet, NewMark, Note } from '../model/ledger.ts';
import { isOpaque, sameRecordSet, setKey } from '../model/record-set.ts';
import type { AdoptRequest, ReleaseRequest, Request, RequestOutcome } from '../model/request.ts';
import { serialRecordName, type Zone } from '../model/zone.ts';
import { inspect } from './findings.ts';
import type { ZonePorts } from './ports.ts';

const RELEASED = 'released: it is left as it is, and no longer ours';

/**
 * Adopts record sets into the ledger, or releases them from it, as was asked. Nothing is written to Route 53: what is
 * adopted is planned like anything else from then on, and what is released is another's.
 */
export async function changeOwnership(head: GroupHead, zone: Zone, request: Request, ports: ZonePorts): Promise<void> {
  const { body } = request;
  const outcome = await outcomeOf(head, zone, body, ports);
  if (outcome !== undefined) await ports.registry.answerRequest(request, outcome);
}

/** Nothing where another pass went on meanwhile: the next round takes it up again. */
async function outcomeOf(
  head: GroupHead,
  zone: Zone,
  body: Request['body'],
  ports: ZonePorts,
): Promise<RequestOutcome | undefined> {
  switch (body.kind) {
    case 'adopt':
      return await adopt(head, zone, body, ports);
    case 'release':
      return await release(head, zone, body, ports);
    case 'move':
      return { kind: 'refused', message: `${zone.name} is a zone: nothing is known there of ${body.kind}` };
  }
}

async function adopt(
  head: GroupHead,
  zone: Zone,
  { sets }: AdoptRequest,
  ports: ZonePorts,
): Promise<RequestOutcome | undefined> {
  const installation = await ports.registry.readInstallation();
  const { sets: ledger, notes } = await ports.registry.readLedger(zone.id);
  const owned = new Set(ledger.map(({ set }) => setKey(set)));
  const names = sets.map(({ name }) => name);
  const { byName } = await inspect(ports.dns, zone.id, names, serialRecordName(head.serialOwner, zone.name));
  const put: LedgerSet[] = [];
  for (const set of sets) {
    const role = producerOf(installation?.roles ?? [], zone, set);
    const place = `${set.type} ${set.name}`;
    if (role === undefined) return refused(`no role of the configuration can have ${place}`);
    if (owned.has(setKey(set))) continue;
    const found = byName.get(set.name)?.find((each) => setKey(each) === setKey(set));
    if (found === undefined || isOpaque(found) || !sameRecordSet(found, set))
      return refused(`${place} is no longer what you were shown; ask again`);
    put.push({ role, set: found, contributors: {}, serial: head.serial ?? 0 });
  }
  const adopted = new Set(names);
  const clearNotes = notes.filter(({ kind, name }) => kind === 'conflict' && adopted.has(name));
  const roles = [...put.map(({ role }) => role), ...clearNotes.map(({ role }) => role)];
  const journal = clearNotes.map((note) => conflictEntry(note, zone, true));
  const edit = { put, remove: [], grown: put.length, putMarks: marksFor(zone, roles, ports), putNotes: [], clearNotes };
  const written = await ports.registry.editLedger({ ...edit, ...readWith(head, zone), journal });
  if (written === 'superseded') return undefined;
  for (const entry of journal) ports.log.journal(entry);
  return { kind: 'done', message: `${put.length} record sets in ${zone.name} are ours now` };
}

async function release(
  head: GroupHead,
  zone: Zone,
  { names }: ReleaseRequest,
  ports: ZonePorts,
): Promise<RequestOutcome | undefined> {
  const { sets: ledger, notes } = await ports.registry.readLedger(zone.id);
  const remove = ledger.filter(({ set }) => names.includes(set.name));
  const released = new Set(notes.flatMap(({ name, detail }) => (detail === RELEASED ? [name] : [])));
  const missing = names.filter((name) => !released.has(name) && !remove.some(({ set }) => set.name === name));
  if (missing.length > 0) return refused(`no record set of ours is at ${missing.join(', ')}`);
  const sinceMs = ports.clock.now();
  const places = new Map(remove.map((owned) => [`${owned.role} ${owned.set.name} ${owned.set.type}`, owned]));
  const putNotes = [...places.values()].map(
    ({ role, set: { name, type } }): Note => ({
      kind: 'conflict',
      role,
      name,
      type,
      reason: 'foreign-record',
      detail: RELEASED,
      sinceMs,
    }),
  );
  const journal = putNotes.map((note) => conflictEntry(note, zone, false));
  const edit = { put: [], remove, grown: -remove.length, putMarks: [], putNotes, clearNotes: [] };
  const written = await ports.registry.editLedger({ ...edit, ...readWith(head, zone), journal });
  if (written === 'superseded') return undefined;
  for (const entry of journal) ports.log.journal(entry);
  return {
    kind: 'done',
    message: `${remove.length} record sets in ${zone.name} are left as they are, and no longer ours`,
  };
}

/** Whoever planned before may still have for ours what no longer is. */
function readWith({ serial: fromSerial, epoch }: GroupHead, { id: zoneId }: Zone) {
  return { zoneId, fromSerial, epoch, movesEpoch: true } as const;
}

function refused(message: string): RequestOutcome {
  return { kind: 'refused', message };
}

function marksFor(zone: Zone, roles: readonly string[], ports: ZonePorts): NewMark[] {
  const sinceMs = ports.clock.now();
  return [...new Set(roles)].map((role) => ({
    group: zone.id,
    subject: { kind: 'role', role },
    roles: [role],
    reason: 'configured',
    sinceMs,
  }));
}

function conflictEntry(note: Note, zone: Zone, isCleared: boolean): JournalEntry {
  const { role, name, type, reason, detail } = note;
  return {
    kind: 'conflict',
    role,
    zone: zone.name,
    name,
    type,
    reason,
    ...(detail === undefined ? {} : { detail }),
    ...(isCleared ? { cleared: true as const } : {}),
  };
}
