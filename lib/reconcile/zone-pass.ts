import type { Change } from '../model/change.ts';
import { ServiceFailure } from '../model/errors.ts';
import type { GroupHead, Intent, Mark } from '../model/ledger.ts';
import { serialRecordName, type Zone } from '../model/zone.ts';
import { MAX_ELEMENTS } from '../plan/batch.ts';
import { readSerial } from './apply.ts';
import { elect } from './election.ts';
import { makeChecks, tidyChecks, uncheckedKey } from './health-checks.ts';
import { isContested, settleIntents } from './intents.ts';
import { changeOwnership } from './ownership.ts';
import { restMs, unhurriedMs } from './pace.ts';
import type { PassOutcome } from './pass.ts';
import type { GroupWork, RoleState, ZonePorts } from './ports.ts';
import { isClaim, sayRefused } from './role-state.ts';
import { fenceOf, isExpected, type SerialSeen } from './serial.ts';
import { sayTrouble, troubleOf } from './trouble.ts';
import { carryOut, defer, keyOf, learn, type Learnt, type Step, type Work } from './zone-batch.ts';
import { type Planned, planZone, type View } from './zone-plan.ts';
import { type EntitledView, readView } from './zone-view.ts';
import { wake } from './wake.ts';

const MAX_ROUNDS = 200;
/** Left of a rest, so little is slept through: the wake-up that ends it may come a little early. */
const SHORT_REST_MS = 1_000;

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
