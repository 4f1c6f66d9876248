import { afterOf, beforeOf, type Change, type WireChange } from '../model/change.ts';
import type { JournalEntry } from '../model/journal.ts';
import type { GroupHead, Intent, LedgerSet } from '../model/ledger.ts';
import { setKey } from '../model/record-set.ts';
import type { Zone } from '../model/zone.ts';
import { wireChanges } from '../plan/batch.ts';
import { acceptedPace, refusedPace } from './pace.ts';
import type { DnsOutcome, ZonePorts, Settlement } from './ports.ts';
import { type Fence, parseSerial, type SerialSeen, serialSet } from './serial.ts';
import { withdrawnBy } from './withdrawals.ts';

/** One batch and what is settled with it. */
export interface Sending {
  readonly head: GroupHead;
  readonly zone: Zone;
  readonly fence: Fence;
  readonly changes: readonly Change[];
  /** What we own in the zone for the roles of the changes. */
  readonly ledger: readonly LedgerSet[];
  /** Instances that have ended: of all others that lose a name it is kept when resolvers have forgotten them. */
  readonly ended?: ReadonlySet<string>;
  readonly settlement: Omit<Settlement, 'dropIntents' | 'head'>;
  readonly restated?: readonly LedgerSet[];
  /** The owner under whom the serial is to stand from then on; absent: under whom it does. */
  readonly movesTo?: string;
}

export type Applied =
  | {
      readonly kind: 'committed';
      readonly serial: number;
      readonly batch: string;
      /** A mark is another than it was read, and stays. */
      readonly isMarkedAnew: boolean;
    }
  /** Another moved the serial on, or is about to, or found that there is nothing to do: what we know is old. */
  | { readonly kind: 'superseded' }
  | { readonly kind: 'rejected'; readonly message: string }
  /** Not applied, or not known to be: the intent stays until the serial tells. */
  | {
      readonly kind: 'deferred';
      readonly why: Exclude<DnsOutcome['kind'], 'accepted' | 'rejected' | 'throttled' | 'busy'>;
      readonly message: string;
    }
  /** Not now, and not before the rest that the registry now tells every pass of. */
  | {
      readonly kind: 'put-off';
      readonly why: 'throttled' | 'busy';
      readonly message: string;
      readonly untilMs: number;
    };

/** Intent, write, record: in this order, so that a crash between any two is told by the zone's serial. */
export async function applyBatch(sending: Sending, ports: ZonePorts): Promise<Applied> {
  const { head, zone, fence, changes, movesTo } = sending;
  const owner = movesTo ?? head.serialOwner;
  const batch = ports.random.id();
  const intent: Intent = {
    zoneId: zone.id,
    batch,
    fromSerial: head.serial,
    toSerial: fence.next,
    changes,
    grown: growthOf(changes, sending.ledger),
    atMs: ports.clock.now(),
    ...withdrawnIn(sending),
    ...(movesTo === undefined ? {} : { movesTo }),
  };
  if ((await ports.registry.putIntent(intent, head)) === 'superseded') return { kind: 'superseded' };
  const wire = wireChanges(changes, fence.before, serialSet(owner, zone, fence.next, batch));
  const outcome = await ports.dns.change(zone.id, wire, `${owner} ${batch}`);
  switch (outcome.kind) {
    case 'accepted':
      return await record(intent, sending, ports, outcome.changeId);
    case 'unknown':
      return await settleUnknown(intent, sending, outcome.message, ports);
    case 'rejected':
      await drop(intent, ports);
      return { kind: 'rejected', message: outcome.message };
    case 'throttled':
    case 'busy':
      await drop(intent, ports);
      return await putOff(outcome.kind, outcome.message, head, wire, ports);
    case 'zone-gone':
    case 'access-denied':
      await drop(intent, ports);
      return { kind: 'deferred', why: outcome.kind, message: outcome.message };
  }
}

function withdrawnIn({ changes, ledger, ended }: Sending): Pick<Intent, 'withdrawn'> {
  const withdrawn = withdrawnBy(changes, ledger, ended ?? new Set());
  return withdrawn.length === 0 ? {} : { withdrawn };
}

async function putOff(
  why: 'throttled' | 'busy',
  message: string,
  { group, pace: before }: GroupHead,
  wire: readonly WireChange[],
  ports: ZonePorts,
): Promise<Applied> {
  const elements = wire.reduce((sum, { set }) => sum + set.values.length, 0);
  const pace = refusedPace(before, why, { elements, changes: wire.length }, ports.clock.now(), ports.random);
  await ports.registry.writePace(group, pace);
  return { kind: 'put-off', why, message, untilMs: pace.restUntilMs };
}

/** A set that is created again where it was lost is owned already. */
function growthOf(changes: readonly Change[], ledger: readonly LedgerSet[]): number {
  const owned = new Set(ledger.map(({ role, set }) => `${role}|${setKey(set)}`));
  return changes.reduce((sum, change) => {
    if (change.action === 'delete') return sum - 1;
    return change.action === 'create' && !owned.has(`${change.role}|${setKey(change.after)}`) ? sum + 1 : sum;
  }, 0);
}

/** The ledger, the marks and the journal follow a batch that took effect. */
export async function record(
  intent: Intent,
  sending: Pick<Sending, 'head' | 'zone' | 'settlement' | 'restated'>,
  ports: ZonePorts,
  changeId?: string,
): Promise<Applied> {
  const acceptedAtMs = ports.clock.now();
  const entries = changeEntries(intent, sending.zone, acceptedAtMs);
  const journal = [...entries, ...sending.settlement.journal];
  const pace = acceptedPace(sending.head.pace);
  const commit = {
    ...sending.settlement,
    restated: sending.restated ?? [],
    ...(pace === undefined ? {} : { pace }),
    ...(sending.head.trouble === 'owner-taken' && intent.movesTo === undefined ? { keepsTrouble: true as const } : {}),
    ...(changeId === undefined ? {} : { changeId }),
    intent,
    journal,
  };
  const result = await ports.registry.commit(commit, acceptedAtMs);
  if (result === 'superseded') return { kind: 'superseded' };
  for (const entry of journal) ports.log.journal(entry);
  return { kind: 'committed', serial: intent.toSerial, batch: intent.batch, isMarkedAnew: result === 'marked-anew' };
}

/** After a time-out or a 5xx the zone itself is asked: our batch id in its serial means that all of it was applied. */
async function settleUnknown(intent: Intent, sending: Sending, message: string, ports: ZonePorts): Promise<Applied> {
  const at = { ...sending.head, serialOwner: intent.movesTo ?? sending.head.serialOwner };
  const seen = await readSerial(at, sending.zone, ports);
  if (parseSerial(seen)?.batch === intent.batch) return await record(intent, sending, ports);
  return { kind: 'deferred', why: 'unknown', message };
}

export async function readSerial(
  head: Pick<GroupHead, 'serialOwner'>,
  zone: Zone,
  ports: ZonePorts,
): Promise<SerialSeen> {
  const { name, type } = serialSet(head.serialOwner, zone, 0, '');
  return { set: (await ports.dns.read(zone.id, name, type))[0] };
}

async function drop(intent: Intent, ports: ZonePorts): Promise<void> {
  const nothing = { clearMarks: [], putNotes: [], clearNotes: [], journal: [] };
  await ports.registry.settle(intent.zoneId, { ...nothing, dropIntents: [intent] });
}

function changeEntries(intent: Intent, zone: Zone, acceptedAtMs: number): JournalEntry[] {
  return intent.changes.map((change): JournalEntry => {
    const before = beforeOf(change);
    const after = afterOf(change);
    const [instance] = change.instances;
    return {
      kind: 'change',
      action: change.action,
      role: change.role,
      zone: zone.name,
      name: (after ?? before)?.name ?? '',
      type: (after ?? before)?.type ?? '',
      reason: change.reason,
      ...(instance === undefined ? {} : { instance }),
      ...(change.instances.length > 1 ? { instances: change.instances } : {}),
      before: before?.values ?? [],
      after: after?.values ?? [],
      ttl: (after ?? before)?.ttlSeconds ?? 0,
      members: Object.keys(change.contributors).sort(),
      batch: intent.batch,
      serial: intent.toSerial,
      ...(change.sinceMs === undefined ? {} : { eventToAcceptedMs: Math.max(0, acceptedAtMs - change.sinceMs) }),
    };
  });
}
