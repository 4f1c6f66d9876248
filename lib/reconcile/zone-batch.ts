import type { Change } from '../model/change.ts';
import type { OwnedCheck } from '../model/health-check.ts';
import type { GroupHead, Intent, LedgerSet, Mark } from '../model/ledger.ts';
import { setKey } from '../model/record-set.ts';
import { serialRecordName, type Zone } from '../model/zone.ts';
import { MAX_ELEMENTS, nextBatch } from '../plan/batch.ts';
import { type Applied, applyBatch } from './apply.ts';
import { type Findings, inspect, SINGLE_READS } from './findings.ts';
import { growing, isZoneFull } from './full-zone.ts';
import { doubtChecks, type Uncheckable } from './health-checks.ts';
import { isContested, namesOf } from './intents.ts';
import { isToMove, moveToOwner } from './owner-move.ts';
import { elementsFor } from './pace.ts';
import type { PassOutcome } from './pass.ts';
import type { ZonePorts } from './ports.ts';
import { type Fence, isExpected, type SerialSeen } from './serial.ts';
import { sayTrouble } from './trouble.ts';
import type { Planned } from './zone-plan.ts';
import { endedBy } from './withdrawals.ts';

const MAX_REJECTIONS = 5;

/** Read when the ledger had this serial: once that has moved on, the zone is no longer as it was found. */
interface Found extends Findings {
  readonly ledgerSerial: number | undefined;
}

/** What one pass learns on its way; nothing of it outlives the pass. */
export interface Learnt {
  findings?: Found;
  rejections: number;
  progressed: boolean;
  paced: boolean;
  /** Lowered to find the one change that Route 53 would not have. */
  maxElements: number;
  /** Changes that Route 53 refused alone, for no reason that we could see. */
  readonly refused: Map<string, string>;
  readonly uncheckable: Uncheckable;
}

export type Step = PassOutcome | { readonly kind: 'again' };

/** What a round has read and planned. */
export interface Work {
  readonly head: GroupHead;
  readonly zone: Zone;
  readonly fence: Fence;
  readonly marks: readonly Mark[];
  readonly intents: readonly Intent[];
  /** A request waits until no batch of another's may be on its way. */
  readonly isAsked: boolean;
  readonly seen: SerialSeen | undefined;
  readonly planned: Planned;
  readonly ledger: readonly LedgerSet[];
  readonly checks: readonly OwnedCheck[];
}

/** Sends the next batch, if there is one, and settles what it answers for. */
export async function carryOut(work: Work, learnt: Learnt, ports: ZonePorts): Promise<Step> {
  const { head, zone, fence, marks, intents, seen, planned, ledger } = work;
  const { putNotes, clearNotes, journal } = planned;
  const changes = planned.plan.changes.filter((change) => !learnt.refused.has(keyOf(change)));
  const isFirst = head.serial === undefined;
  const most = Math.min(learnt.maxElements, elementsFor(head), isFirst ? SINGLE_READS : MAX_ELEMENTS);
  const { batch, rest } = nextBatch(changes, { maxElements: most });
  // What stood there before tells our work from another's where the answer, and then the first serial, is lost.
  if (isFirst && !isLookedAt(batch, learnt)) return await lookAt(batch, work, learnt, ports);
  const isSerialLost = head.serial !== undefined && seen !== undefined && !isExpected(head, seen);
  const isMoveDue =
    isToMove(head) && (head.trouble !== 'owner-taken' || marks.some(({ subject }) => subject.kind === 'serial'));
  const { restated } = planned.plan;
  if (batch.length === 0 && !isSerialLost && !isContested(head, intents)) {
    const step = isMoveDue ? await moveOwner(work, learnt, ports) : undefined;
    if (step !== undefined) return step;
    if (restated.length > 0 && (await restate(head, zone, restated, ports)) === 'superseded') return { kind: 'again' };
    const said = { clearMarks: marks, putNotes, clearNotes, journal };
    const settled = await ports.registry.settle(zone.id, { head, dropIntents: intents, ...said });
    if (settled === 'superseded') return { kind: 'again' };
    for (const entry of journal) ports.log.journal(entry);
    return settled === 'marked-anew' ? { kind: 'again' } : { kind: 'done' };
  }
  const isLast = rest.length === 0 && planned.isPart !== true && !isMoveDue && !work.isAsked;
  const settlement = { clearMarks: isLast ? marks : [], putNotes, clearNotes, journal };
  const applied = await applyBatch(
    { head, zone, fence, changes: batch, ledger, ended: endedBy(marks), settlement, restated },
    ports,
  );
  if (applied.kind === 'rejected') return await learnFromRejection(applied.message, work, batch, learnt, ports);
  return await afterBatch(applied, work, isLast, learnt, ports);
}

/** Nothing where it cannot be moved for now, and all else is as it should be. */
async function moveOwner({ head, zone, fence }: Work, learnt: Learnt, ports: ZonePorts): Promise<Step | undefined> {
  const moved = await moveToOwner(head, zone, fence, ports);
  if (moved.kind === 'taken') {
    await sayTrouble(head, zone, 'owner-taken', moved.message, ports);
    return undefined;
  }
  if (moved.kind !== 'again') return await afterBatch(moved, { head, zone }, false, learnt, ports);
  learnt.rejections += 1;
  delete learnt.findings;
  return learnt.rejections > MAX_REJECTIONS ? defer('rejected', moved.message, learnt) : { kind: 'again' };
}

async function restate(head: GroupHead, zone: Zone, restated: readonly LedgerSet[], ports: ZonePorts) {
  const nothing = { remove: [], grown: 0, putMarks: [], putNotes: [], clearNotes: [], journal: [] };
  const { serial: fromSerial, epoch } = head;
  return await ports.registry.editLedger({ ...nothing, zoneId: zone.id, fromSerial, epoch, put: restated });
}

async function afterBatch(
  applied: Exclude<Applied, { readonly kind: 'rejected' }>,
  { head, zone }: Pick<Work, 'head' | 'zone'>,
  isLast: boolean,
  learnt: Learnt,
  ports: ZonePorts,
): Promise<Step> {
  switch (applied.kind) {
    case 'committed':
      learnt.progressed = true;
      learnt.rejections = 0;
      delete learnt.findings;
      // Who marked it anew may have known that this pass has yet to end, and not have woken it.
      return isLast && !applied.isMarkedAnew ? { kind: 'done' } : { kind: 'again' };
    case 'superseded':
      delete learnt.findings;
      return { kind: 'again' };
    case 'put-off':
      return applied;
    case 'deferred':
      if (applied.why === 'zone-gone' || applied.why === 'access-denied')
        await sayTrouble(head, zone, applied.why, applied.message, ports);
      return defer(applied.why, applied.message, learnt);
  }
}

/** The text of the error is only a hint: the sets of the batch are read again, and the next round plans from them. */
async function learnFromRejection(
  message: string,
  work: Work,
  batch: readonly Change[],
  learnt: Learnt,
  ports: ZonePorts,
): Promise<Step> {
  learnt.rejections += 1;
  if (learnt.rejections > MAX_REJECTIONS + Math.ceil(Math.log2(batch.length + 1)))
    return defer('rejected', message, learnt);
  const wanted = growing(batch);
  if (isZoneFull(message) && wanted.length > 0) {
    // Where there is no room for one, there is for none; all else goes on.
    const refused = wanted.length === 1 ? growing(work.planned.plan.changes) : [];
    for (const change of refused) learnt.refused.set(keyOf(change), message);
    learnt.maxElements = refused.length > 0 ? MAX_ELEMENTS : Math.max(1, Math.floor(batch.length / 2));
    return { kind: 'again' };
  }
  if (await doubtChecks(work.zone, message, work.checks, batch, ports)) return { kind: 'again' };
  if (isLookedAt(batch, learnt) && learnt.rejections > 1) {
    // Everything was read, and still the batch is refused: halve it until the culprit stands alone.
    const [only] = batch;
    if (batch.length === 1 && only !== undefined) {
      learnt.refused.set(keyOf(only), message);
      learnt.maxElements = MAX_ELEMENTS;
    } else learnt.maxElements = Math.max(1, Math.floor(batch.length / 2));
  }
  return await lookAt(batch, work, learnt, ports);
}

function isLookedAt(batch: readonly Change[], { findings }: Learnt): boolean {
  return findings !== undefined && namesOf(batch).every((name) => findings.byName.has(name));
}

/** The next round plans from what Route 53 has at the names of the batch. */
async function lookAt(
  batch: readonly Change[],
  { head, zone }: Pick<Work, 'head' | 'zone'>,
  learnt: Learnt,
  ports: ZonePorts,
): Promise<Step> {
  const fresh = await inspect(ports.dns, zone.id, namesOf(batch), serialRecordName(head.serialOwner, zone.name));
  learn(fresh, head, learnt);
  return { kind: 'again' };
}

/** What was read of other names before is still so: nobody has written since. */
export function learn(fresh: Findings, head: GroupHead, learnt: Learnt): void {
  const byName = new Map([...(learnt.findings?.byName ?? []), ...fresh.byName]);
  learnt.findings = { ...fresh, byName, ledgerSerial: head.serial };
}

export function defer(why: string, message: string, learnt: Learnt): PassOutcome {
  return { kind: 'deferred', why, message, progressed: learnt.progressed };
}

export function keyOf(change: Change): string {
  return setKey(change.action === 'delete' ? change.before : change.after);
}
