import { producerOf } from '../desired/produced.ts';
import { afterOf, beforeOf } from '../model/change.ts';
import { InvalidInput } from '../model/errors.ts';
import type { GroupHead, LedgerSet, Mark } from '../model/ledger.ts';
import { isOpaque, type ObservedSet, type RecordSet, setKey } from '../model/record-set.ts';
import type { Installation } from '../model/role.ts';
import { serialRecordName, type Zone } from '../model/zone.ts';
import type { DnsCursor, ZonePorts } from './ports.ts';
import { parseSerial } from './serial.ts';
import { planZone } from './zone-plan.ts';
import { readView } from './zone-view.ts';

/** The quota of a zone is 10,000 record sets, 300 a page ("Quotas", Amazon Route 53 Developer Guide). */
const MAX_PAGES = 40;

/** A record set that is not ours and can be, and what becomes of it then. */
export interface Adoptable {
  readonly role: string;
  readonly set: RecordSet;
  readonly fate: 'stays' | 'changes' | 'goes';
  /** As it would be; absent where it goes. */
  readonly after?: RecordSet;
}

export interface Adoption {
  readonly zone: Zone;
  /** What the zone's TXT set of this owner says; absent where it has none. */
  readonly serial?: number;
  readonly sets: readonly Adoptable[];
}

export type AdoptionPorts = Pick<ZonePorts, 'registry' | 'dns' | 'clock'>;

/**
 * What can be adopted in a zone: with `names`, the sets at those names that members would fill now; without, every set
 * that the configuration can produce, whoever its members are, and of which the owner's serial is the proof.
 * Reads the whole zone and the registry; writes nothing.
 *
 * @throws InvalidInput where the zone has no serial of the owner and no names are given.
 */
export async function adoptable(
  zone: Zone,
  installation: Installation,
  names: readonly string[] | undefined,
  ports: AdoptionPorts,
): Promise<Adoption> {
  const { head } = await ports.registry.readGroup(zone.id);
  const { sets: ledger } = await ports.registry.readLedger(zone.id);
  const listed = await listZone(zone, ports);
  const { owner } = installation;
  const from = head ?? { group: zone.id, owner, serialOwner: owner, zone, ownedSets: 0, retired: false, epoch: 0 };
  const serialName = serialRecordName(from.serialOwner, zone.name);
  const serial = parseSerial({ set: listed.find(({ name, type }) => name === serialName && type === 'TXT') })?.serial;
  if (names === undefined && serial === undefined) {
    throw new InvalidInput(
      `${zone.name} has no record ${serialName} TXT that Rolecall wrote: nothing proves that ${from.serialOwner} published what is there. Give the names that you want to adopt instead.`,
    );
  }
  const owned = new Set(ledger.map(({ set }) => setKey(set)));
  const foreign = listed.flatMap((set) => {
    if (isOpaque(set) || owned.has(setKey(set)) || (names !== undefined && !names.includes(set.name))) return [];
    const role = producerOf(installation.roles, zone, set);
    return role === undefined ? [] : [{ role, set, contributors: {}, serial: head?.serial ?? 0 }];
  });
  const sets = await foretell(zone, from, foreign, ports);
  const wanted = names === undefined ? sets : sets.filter(({ fate }) => fate !== 'goes');
  return { zone, ...(serial === undefined ? {} : { serial }), sets: wanted };
}

/** The ordinary plan, made as if the sets were in the ledger. */
async function foretell(
  zone: Zone,
  head: GroupHead,
  foreign: readonly LedgerSet[],
  ports: AdoptionPorts,
): Promise<Adoptable[]> {
  const nowMs = ports.clock.now();
  const marks = [...new Set(foreign.map(({ role }) => role))].map(
    (role): Mark => ({
      group: zone.id,
      subject: { kind: 'role', role },
      roles: [role],
      reason: 'configured',
      sinceMs: nowMs,
      stamp: '',
    }),
  );
  const view = await readView(zone, marks, ports);
  const adopted = { ...view, notes: [], ledger: [...view.ledger, ...foreign] };
  const { plan } = planZone(head, zone, adopted, marks, { refused: new Map(), uncheckable: new Map() }, nowMs);
  const changes = new Map(
    plan.changes.flatMap((change) => {
      const before = beforeOf(change);
      return before === undefined ? [] : [[setKey(before), change] as const];
    }),
  );
  const replaced = new Set(plan.changes.flatMap((change) => (change.action === 'create' ? [change.after.name] : [])));
  return foreign.map(({ role, set }) => {
    const change = changes.get(setKey(set));
    if (change === undefined) return { role, set, fate: 'stays', after: set };
    const after = afterOf(change) ?? plan.changes.map(afterOf).find((each) => each?.name === set.name);
    const isGone = after === undefined || (change.action === 'delete' && !replaced.has(set.name));
    return isGone ? { role, set, fate: 'goes' } : { role, set, fate: 'changes', after };
  });
}

async function listZone(zone: Zone, ports: AdoptionPorts): Promise<readonly ObservedSet[]> {
  const sets = new Map<string, ObservedSet>();
  let cursor: DnsCursor | undefined;
  for (let pages = 0; pages === 0 || (cursor !== undefined && pages < MAX_PAGES); pages += 1) {
    const page = await ports.dns.page(zone.id, cursor);
    for (const set of page.sets) sets.set(setKey(set), set);
    cursor = page.next;
  }
  if (cursor !== undefined) throw new InvalidInput(`${zone.name} has more record sets than can be read at once`);
  return [...sets.values()];
}
