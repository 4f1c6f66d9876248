import type { Change } from '../model/change.ts';
import { ServiceFailure } from '../model/errors.ts';
import type { OwnedCheck } from '../model/health-check.ts';
import type { GroupHead, Intent, LedgerSet, Mark } from '../model/ledger.ts';
import { setKey } from '../model/record-set.ts';
import { serialRecordName, type Zone } from '../model/zone.ts';
import { MAX_ELEMENTS, nextBatch } from '../plan/batch.ts';
import { type Applied, applyBatch, readSerial } from './apply.ts';
import { elect } from './election.ts';
import { type Findings, inspect, SINGLE_READS } from './findings.ts';
import { growing, isZoneFull } from './full-zone.ts';
import { doubtChecks, makeChecks, tidyChecks, type Uncheckable, uncheckedKey } from './health-checks.ts';
import { namesOf, settleIntents } from './intents.ts';
import { changeOwnership } from './ownership.ts';
import { isToMove, moveToOwner } from './owner-move.ts';
import { elementsFor, restMs, unhurriedMs } from './pace.ts';
import type { PassOutcome } from './pass.ts';
import type { GroupWork, RoleState, ZonePorts } from './ports.ts';
import { isClaim, sayRefused } from './role-state.ts';
import { type Fence, fenceOf, isExpected, type SerialSeen } from './serial.ts';
import { sayTrouble, troubleOf } from './trouble.ts';
import { type Planned, planZone, type View } from './zone-plan.ts';
import { endedBy } from './withdrawals.ts';
import { type EntitledView, readView } from './zone-view.ts';
import { wake } from './wake.ts';

const MAX_REJECTIONS = 5;
const MAX_ROUNDS = 200;
/** Left of a rest, so little is slept through: the wake-up that ends it may come a little early. */
const SHORT_REST_MS = 1_000;

/** Read when the ledger had this serial: once that has moved on, the zone is no longer as it was found. */
interface Found extends Findings {
  readonly ledgerSerial: number | undefined;
}

/** What one pass learns on its way; nothing of it outlives the pass. */
interface Learnt {
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

type Step = PassOutcome | { readonly kind: 'again' };

/**
 * One pass over a zone: everything dirty, read after the serial, planned, written, recorded; again until nothing is
 * left. It never sees an event, only the registry.
 */
export async function reconcileZone(zoneId: string, ports: ZonePorts, deadlineMs: number): Promise<PassOutcome> {
  const learnt: Learnt = {
    rejections: 0,
    progressed: false,
    paced: false,
    maxElements: MAX_ELEMENTS,
    refused: new Map(),
    uncheckable: new Map(),
  };
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    if (ports.clock.now() >= deadlineMs) return { kind: 'out-of-time' };
    const step = await oneRound(zoneId, learnt, ports);
    if (step.kind !== 'again') return step;
  }
  return { kind: 'out-of-time' };
}

async function oneRound(zoneId: string, learnt: Learnt, ports: ZonePorts): Promise<Step> {
  const { head, marks, intents, requests, ledger } = await ports.registry.readGroup(zoneId);
  if (head?.zone === undefined || head.retired) return { kind: 'done' };
  if (marks.length === 0 && intents.length === 0 && requests.length === 0) return { kind: 'done' };
  const nowMs = ports.clock.now();
  const rest = restMs(head, nowMs);
  if (rest > SHORT_REST_MS) return { kind: 'resting', untilMs: nowMs + rest };
  const pauseMs = Math.max(rest, learnt.paced ? 0 : unhurriedMs(head, marks, nowMs));
  learnt.paced = pauseMs > 0;
  if (pauseMs > 0) {
    await ports.clock.sleep(pauseMs);
    return { kind: 'again' };
  }

  try {
    return await workOn({ head, zone: head.zone, marks, intents, requests, ledger }, learnt, ports);
  } catch (error) {
    const reason = error instanceof ServiceFailure ? troubleOf(error) : undefined;
    if (!(error instanceof ServiceFailure) || reason === undefined) throw error;
    await sayTrouble(head, head.zone, reason, error.message, ports);
    return defer(reason, error.message, learnt);
  }
}

/** What the group was read to have, when it has a zone. */
interface ZoneWork extends Pick<Work, 'head' | 'zone' | 'marks' | 'intents'> {
  readonly requests: GroupWork['requests'];
  readonly ledger: GroupWork['ledger'];
}

async function workOn(
  { head, zone, marks: marked, intents, requests, ledger }: ZoneWork,
  learnt: Learnt,
  ports: ZonePorts,
): Promise<Step> {
  if (learnt.findings?.ledgerSerial !== head.serial) delete learnt.findings;
  const seen = await serialEvidence(head, zone, marked, intents, learnt, ports);
  const settled = seen === undefined ? undefined : await settleIntents(head, zone, intents, seen, ports);
  if (settled?.kind === 'recorded') {
    delete learnt.findings;
    learnt.progressed = true;
    return { kind: 'again' };
  }
  if (seen !== undefined && !isExpected(head, seen) && (await hasMovedOn(head, intents, ports))) {
    delete learnt.findings;
    return { kind: 'again' };
  }
  const [request] = requests;
  // What is given up is to stay as it is then: a batch that may be on its way is kept out before.
  if (request !== undefined && !isContested(head, intents)) {
    await changeOwnership(head, zone, request, ports);
    delete learnt.findings;
    return { kind: 'again' };
  }
  if (settled?.kind === 'not-applied' && settled.findings !== undefined) learn(settled.findings, head, learnt);
  const fence = fenceOf(head, zone, seen, intents, ports.clock.now());
  if (fence === 'unusable') {
    const detail = `${serialRecordName(head.serialOwner, zone.name)} is no plain TXT set: delete it, and a new serial is made`;
    await sayTrouble(head, zone, 'serial-unusable', detail, ports);
    return defer('serial-unusable', detail, learnt);
  }

  // After a serial that was read from the zone, the ledger has to be read anew.
  const whole = seen === undefined ? { ledger } : { isInspected: learnt.findings !== undefined };
  const read = await readView(zone, marked, ports, whole);
  const seated = await electFor(head, zone, read, marked, ports);
  if (seated === undefined) return { kind: 'again' };
  const view = { ...read, states: seated.states };
  const { marks } = seated;
  const planned = planWithClaims(head, zone, view, marks, learnt, ports.clock.now());
  const known = { ledger: view.ledger, checks: view.checks };
  const work = { head, zone, fence, marks, intents, isAsked: request !== undefined, seen, planned, ...known };
  const { plan, desired, unchecked } = planned;
  const urgent = plan.changes.filter((change) => change.urgent && !learnt.refused.has(keyOf(change)));
  const waits = unchecked.some((each) => !learnt.uncheckable.has(uncheckedKey(each)));
  // No removal waits for a health check.
  if (waits && urgent.length > 0)
    return await carryOut({ ...work, planned: onlyChanges(planned, urgent) }, learnt, ports);
  if (await makeChecks(zone, unchecked, view.checks, learnt.uncheckable, ports)) return { kind: 'again' };
  await tidyChecks(zone, view.checks, view.ledger, desired, unchecked, ports);
  return await carryOut(work, learnt, ports);
}

/** Another's batch may still be on its way to Route 53: only a serial that has moved on keeps it out. */
function isContested({ serial }: GroupHead, intents: readonly Intent[]): boolean {
  return intents.some((intent) => intent.fromSerial === serial);
}

/** Whether another pass has written, or is about to, since the group was read: then the serial may well be its own. */
async function hasMovedOn(head: GroupHead, intents: readonly Intent[], { registry }: ZonePorts): Promise<boolean> {
  const now = await registry.readGroup(head.group);
  const known = new Set(intents.map(({ batch }) => batch));
  return now.head?.serial !== head.serial || now.intents.some(({ batch }) => !known.has(batch));
}

/** The others follow in the next round, and so does what is to be said. */
function onlyChanges(planned: Planned, changes: readonly Change[]): Planned {
  return { ...planned, plan: { ...planned.plan, changes }, putNotes: [], clearNotes: [], journal: [], isPart: true };
}

/** The zone is asked for its serial only where the ledger alone cannot tell. */
async function serialEvidence(
  head: GroupHead,
  zone: Zone,
  marks: readonly Mark[],
  intents: readonly Intent[],
  learnt: Learnt,
  ports: ZonePorts,
): Promise<SerialSeen | undefined> {
  const serialName = serialRecordName(head.serialOwner, zone.name);
  if (learnt.findings?.serialName === serialName) return learnt.findings.serial;
  const isAsked =
    head.serial === undefined ||
    intents.some((intent) => intent.fromSerial === head.serial) ||
    marks.some(({ subject }) => subject.kind === 'serial');
  return isAsked ? await readSerial(head, zone, ports) : undefined;
}

function planWithClaims(
  head: GroupHead,
  zone: Zone,
  view: EntitledView,
  marks: readonly Mark[],
  learnt: Learnt,
  nowMs: number,
): Planned {
  const records = { ...view, notes: view.notes.filter((note) => !isClaim(note)) };
  const planned = planZone(head, zone, records, marks, learnt, nowMs);
  const claims = sayRefused(view.refused, view.notes, nowMs);
  return {
    ...planned,
    putNotes: [...planned.putNotes, ...claims.putNotes],
    clearNotes: [...planned.clearNotes, ...claims.clearNotes],
    journal: [...planned.journal, ...claims.journal],
  };
}

interface Seated {
  readonly states: readonly RoleState[];
  /** What the pass clears: its own mark of the election is among them. */
  readonly marks: readonly Mark[];
}

/**
 * Vacant slots are filled before anything is planned from them; whoever else plans from them is marked and woken. Who
 * wrote them goes on with what it wrote; undefined: everything has to be read again.
 */
async function electFor(
  head: GroupHead,
  zone: Zone,
  view: View,
  marks: readonly Mark[],
  ports: ZonePorts,
): Promise<Seated | undefined> {
  const election = await elect(head, view.states, undefined, ports, marks);
  if (election.kind === 'unchanged') return { states: election.states, marks };
  if (election.kind === 'shared') return election;
  if (election.kind === 'lost') return undefined;
  const others = election.groups.filter((group) => group !== zone.id);
  await wake(others, ports);
  if (election.states === undefined) return undefined;
  const own = election.marks.filter(({ group }) => group === zone.id);
  return { states: election.states, marks: withRewritten(marks, own) };
}

/** What an election marked that was marked before has its new stamp and keeps its time. */
function withRewritten(marks: readonly Mark[], written: readonly Mark[]): Mark[] {
  const before = (mark: Mark) =>
    marks.find(({ subject }) => subject.kind === 'role' && mark.roles.includes(subject.role));
  const kept = marks.filter((mark) => !written.some((each) => before(each) === mark));
  return [...kept, ...written.map((mark) => ({ ...mark, sinceMs: before(mark)?.sinceMs ?? mark.sinceMs }))];
}

function keyOf(change: Change): string {
  return setKey(change.action === 'delete' ? change.before : change.after);
}

interface Work {
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

async function carryOut(work: Work, learnt: Learnt, ports: ZonePorts): Promise<Step> {
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
function learn(fresh: Findings, head: GroupHead, learnt: Learnt): void {
  const byName = new Map([...(learnt.findings?.byName ?? []), ...fresh.byName]);
  learnt.findings = { ...fresh, byName, ledgerSerial: head.serial };
}

function defer(why: string, message: string, learnt: Learnt): PassOutcome {
  return { kind: 'deferred', why, message, progressed: learnt.progressed };
}
