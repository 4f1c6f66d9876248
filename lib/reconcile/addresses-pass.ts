import { concernsReverseDns } from '../desired/reverse-dns.ts';
import type { ElasticAddress } from '../model/address.ts';
import type { CallLevel } from '../model/call-level.ts';
import type { Fact } from '../model/fact.ts';
import type { GroupHead, Mark } from '../model/ledger.ts';
import { ADDRESSES_GROUP } from '../model/zone.ts';
import { pooledState, shortPool } from './address-refusals.ts';
import { type Associated, carryOut } from './associations.ts';
import { elect } from './election.ts';
import { answerMoves, beginMoves, type MoveLog, movesOf, refuseOthers } from './moves.ts';
import { standing } from './notes.ts';
import { Pace } from './association-pace.ts';
import type { PassOutcome } from './pass.ts';
import type { ComputePorts, Ports, RoleState } from './ports.ts';
import { type RefusedReverseDns, settleReverseDns } from './reverse-dns.ts';
import { admittedOnly } from './role-state.ts';
import { wake } from './wake.ts';

const MAX_ROUNDS = 20;

type Step = PassOutcome | { readonly kind: 'again' };

/**
 * Brings the Elastic IPs to the members that hold their slots. Reads come before writes, every write is fenced by the
 * association that was read, and nothing is taken from a member that runs and serves unless a move was asked for.
 */
export async function reconcileAddresses(ports: Ports, deadlineMs: number): Promise<PassOutcome> {
  const log: MoveLog = { steps: new Map(), lastMs: ports.clock.now(), refused: new Set() };
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    if (ports.clock.now() >= deadlineMs) return { kind: 'out-of-time' };
    const step = await oneRound(log, ports, deadlineMs);
    if (step.kind !== 'again') return step;
  }
  return { kind: 'out-of-time' };
}

async function oneRound(log: MoveLog, ports: Ports, deadlineMs: number): Promise<Step> {
  const { head, marks, requests } = await ports.registry.readGroup(ADDRESSES_GROUP);
  if (head === undefined || head.retired || (marks.length === 0 && requests.length === 0)) return { kind: 'done' };
  await refuseOthers(requests, ports);
  const wanted = [...marks.flatMap((mark) => mark.roles), ...movesOf(requests).map(({ body }) => body.role)];
  const roles = [...new Set(wanted)].sort();
  const installation = await ports.registry.readInstallation();
  const states = await Promise.all(roles.map(async (role) => admittedOnly(await ports.registry.readRole(role))));
  const pooled = states.flatMap(pooledState);
  const isConcerned = states.some(({ definition, slots }) => concernsReverseDns(definition, slots));
  if (installation === undefined || (pooled.length === 0 && requests.length === 0 && !isConcerned))
    return await finish(head, states, marks, [], undefined, ports);

  const addresses = await ports.compute.describeAddresses();
  const election = await elect(head, pooled, addresses, ports);
  if (election.kind !== 'unchanged') {
    const groups = election.kind === 'changed' ? election.groups.filter((group) => group !== ADDRESSES_GROUP) : [];
    await wake(groups, ports);
    return { kind: 'again' };
  }
  if (await beginMoves(requests, states, addresses, installation, log, ports)) return { kind: 'again' };
  const facts = await factsOfHolders(addresses, ports);
  const recent = pooled.flatMap(({ slots }) => slots.flatMap(({ associatedAtMs }) => associatedAtMs ?? []));
  const pace = new Pace(ports.clock, head.calls, recent);
  const done = await carryOut({ states: pooled, addresses, facts, marks, installation }, pace, ports, deadlineMs);
  if (done.isOutOfTime) return await outOfTime(pace, ports);
  await answerMoves(requests, log, ports);
  const reverse = await settleReverseDns({ states, addresses, installation }, pace, ports, deadlineMs);
  if (reverse.isOutOfTime) return await outOfTime(pace, ports);
  const refused = [...pooled.flatMap(shortPool), ...done.refused, ...reverse.refused];
  const stuck = done.stuck ?? reverse.stuck;
  return stuck === undefined
    ? await finish(head, states, marks, refused, pace.level, ports)
    : await putOff(head, states, refused, stuck, done.hasProgressed, pace.level, ports);
}

async function factsOfHolders(addresses: readonly ElasticAddress[], ports: ComputePorts): Promise<readonly Fact[]> {
  const holders = addresses.flatMap(({ instanceId }) => instanceId ?? []);
  return holders.length === 0 ? [] : (await ports.registry.readFacts(holders)).facts;
}

/** The rest is for the next pass, which goes on at the pace of this one. */
async function outOfTime({ level: calls }: Pace, ports: ComputePorts): Promise<PassOutcome> {
  const nothing = { dropIntents: [], clearMarks: [], putNotes: [], clearNotes: [], journal: [] };
  if (calls !== undefined) await ports.registry.settle(ADDRESSES_GROUP, { ...nothing, calls });
  return { kind: 'out-of-time' };
}

async function finish(
  head: GroupHead,
  states: readonly RoleState[],
  marks: readonly Mark[],
  refused: readonly RefusedReverseDns[],
  calls: CallLevel | undefined,
  ports: ComputePorts,
): Promise<Step> {
  const isSaid = await say(head, states, marks, refused, calls, ports);
  return isSaid ? { kind: 'done' } : { kind: 'again' };
}

/** The marks stay: what EC2 would not have now is tried again. */
async function putOff(
  head: GroupHead,
  states: readonly RoleState[],
  refused: readonly RefusedReverseDns[],
  { why, message }: NonNullable<Associated['stuck']>,
  progressed: boolean,
  calls: CallLevel | undefined,
  ports: ComputePorts,
): Promise<Step> {
  const isSaid = await say(head, states, [], refused, calls, ports);
  return isSaid ? { kind: 'deferred', why, message, progressed } : { kind: 'again' };
}

/** What is refused is said when it begins, and once more when it ends. False: another has settled since, and nothing is said. */
async function say(
  head: GroupHead,
  states: readonly RoleState[],
  clearMarks: readonly Mark[],
  refused: readonly RefusedReverseDns[],
  calls: CallLevel | undefined,
  ports: ComputePorts,
): Promise<boolean> {
  const roles = new Set(states.map(({ role }) => role));
  const { notes } = await ports.registry.readLedger(ADDRESSES_GROUP);
  const known = notes.filter((note) => roles.has(note.role));
  const { putNotes, clearNotes, journal } = standing(refused, known, ports.clock.now());
  const done = { head, dropIntents: [], clearMarks, putNotes, clearNotes, journal };
  const settled = await ports.registry.settle(ADDRESSES_GROUP, { ...done, ...(calls === undefined ? {} : { calls }) });
  if (settled === 'superseded') return false;
  for (const entry of journal) ports.log.journal(entry);
  return true;
}
