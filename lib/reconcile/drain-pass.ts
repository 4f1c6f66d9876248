import {
  type DrainingRole,
  type DrainState,
  drainState,
  heeds,
  isMemberOf,
  PROPAGATION_BOUND_MS,
} from '../desired/drain.ts';
import { asksInEffect } from '../model/drain.ts';
import type { DrainedEntry, LifecycleAction, OpenDrain, Withdrawal } from '../model/drain-progress.ts';
import { ServiceFailure } from '../model/errors.ts';
import type { Fact } from '../model/fact.ts';
import type { Installation } from '../model/role.ts';
import { DRAINS_GROUP } from '../model/zone.ts';
import { readDrainView } from './drain-view.ts';
import { type Beat, beat, letGo } from './hooks.ts';
import { launchState } from './launches.ts';
import type { PassOutcome } from './pass.ts';
import type { PassPorts } from './ports.ts';

const SHORTEST_POLL_MS = 1_000;
const LONGEST_POLL_MS = 15_000;
/** No more than the clocks of two functions may be apart. */
const CLOCKS_DIFFER_MS = 5_000;
/** The last of its role waits for another: nobody is in a hurry. */
const YIELDING_POLL_MS = 60_000;

/** What one look at a drain tells. */
interface Look {
  readonly drain: OpenDrain;
  readonly fact: Fact | undefined;
  readonly installation: Installation;
  readonly roles: readonly DrainingRole[];
  readonly actions: readonly LifecycleAction[];
  readonly state: DrainState;
}

/**
 * One pass over the drains and hooks that are due: each is looked at, let go on where it has drained, or looked at again
 * when there may be more to see. Nothing waits here: a delayed message brings the next pass, and where that is lost the sweep.
 */
export async function reconcileDrains(ports: PassPorts, deadlineMs: number): Promise<PassOutcome> {
  const open = await ports.registry.readDrains();
  const due = open.filter(({ nextAtMs }) => nextAtMs <= ports.clock.now());
  if (due.length === 0) return await lookSoon(open, ports);
  const { installation, facts } = await ports.registry.readFacts(due.map(({ instanceId }) => instanceId));
  if (installation === undefined || installation.retired === true) return { kind: 'done' };
  const next = new Map(open.map(({ instanceId, nextAtMs }) => [instanceId, nextAtMs]));
  for (const drain of due.sort((one, other) => one.nextAtMs - other.nextAtMs)) {
    if (ports.clock.now() >= deadlineMs) return { kind: 'out-of-time' };
    const fact = facts.find(({ instanceId }) => instanceId === drain.instanceId);
    const nextAtMs = await workOn(drain, fact, installation, ports);
    if (nextAtMs === undefined) next.delete(drain.instanceId);
    else next.set(drain.instanceId, nextAtMs);
  }
  if (next.size === 0) return { kind: 'done' };
  const delayMs = Math.max(SHORTEST_POLL_MS, Math.min(...next.values()) - ports.clock.now());
  await ports.queue.later({ kind: 'wake', group: DRAINS_GROUP, attempt: 0 }, Math.ceil(delayMs / 1000));
  return { kind: 'done' };
}

/**
 * What another function has only just opened or put off may be due by its clock, and not yet by ours: then this was the only
 * wake-up. What is due later has one on its way.
 */
async function lookSoon(open: readonly OpenDrain[], ports: PassPorts): Promise<PassOutcome> {
  const delayMs = Math.min(...open.map(({ nextAtMs }) => nextAtMs)) - ports.clock.now();
  if (delayMs <= CLOCKS_DIFFER_MS)
    await ports.queue.later({ kind: 'wake', group: DRAINS_GROUP, attempt: 0 }, Math.ceil(delayMs / 1000));
  return { kind: 'done' };
}

/** When to look again, or undefined where it is closed. One that fails holds up no other. */
async function workOn(
  drain: OpenDrain,
  fact: Fact | undefined,
  installation: Installation,
  ports: PassPorts,
): Promise<number | undefined> {
  const pollMs = pollOf(drain, ports.clock.now());
  let nextAtMs: number;
  try {
    const seen = await lookAt(drain, fact, installation, ports);
    const look = seen === undefined ? undefined : await keptInMind(seen, ports);
    if (look === undefined) return ports.clock.now();
    const left = await actOn(look, ports);
    if (left === undefined && (await close(look, ports))) return undefined;
    nextAtMs = left ?? ports.clock.now() + pollMs;
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    ports.log.error('a drain is looked at again', {
      instance: drain.instanceId,
      why: error.kind,
      message: error.message,
    });
    nextAtMs = ports.clock.now() + Math.max(pollMs, 2 * SHORTEST_POLL_MS);
  }
  return (await ports.registry.postponeDrain(drain, nextAtMs)) ? nextAtMs : ports.clock.now();
}

/** The longer it has taken, the less often: half as long again as it has waited so far. */
function pollOf({ sinceMs }: OpenDrain, nowMs: number): number {
  return Math.min(LONGEST_POLL_MS, Math.max(SHORTEST_POLL_MS, (nowMs - sinceMs) / 2));
}

/** Undefined where its roles changed again and again while they were read. */
async function lookAt(
  drain: OpenDrain,
  fact: Fact | undefined,
  installation: Installation,
  ports: PassPorts,
): Promise<Look | undefined> {
  const { instanceId } = drain;
  const follow = async (withdrawal: Withdrawal) => await followed(withdrawal, drain, ports);
  const read = async (of: Fact | undefined) =>
    await readDrainView(instanceId, of, installation, ports.registry, follow);
  const first = await read(fact);
  const isOld = first.isOutdated || first.actions.some((action) => !isAskedFor(action, fact));
  const known = isOld ? (await ports.registry.readFacts([instanceId])).facts[0] : fact;
  const view = isOld ? await read(known) : first;
  if (view.isOutdated) return undefined;
  // What came between the two reads waits for the next look.
  const stored = view.actions.filter(({ token }) => first.actions.some((action) => action.token === token));
  const actions = [...stored, ...unstored(known, view.actions)];
  return { drain, fact: known, installation, roles: view.roles, actions, state: drainState(view, ports.clock.now()) };
}

/**
 * Whether what was read before the action has its ask. The ask is stored first: where it lacks, the instance came to the
 * hook in between, and the roles were read without it.
 */
function isAskedFor({ token, transition, completedAtMs }: LifecycleAction, fact: Fact | undefined): boolean {
  if (transition === 'launching' || completedAtMs !== undefined || fact?.gone !== undefined) return true;
  return (fact?.drains ?? []).some((ask) => ask.token === token);
}

/** Who dies between letting it go and closing the drain leaves an instance that is gone, of which nothing else would tell. Undefined where it was opened anew meanwhile. */
async function keptInMind(look: Look, ports: PassPorts): Promise<Look | undefined> {
  const { drain, state, actions } = look;
  const isHeld = asksToTerminate(look) || actions.some(({ completedAtMs }) => completedAtMs === undefined);
  if (state.kind !== 'drained' || drain.drained !== undefined || !isHeld) return look;
  const drained = drainedEntries(look, ports.clock.now());
  if (!(await ports.registry.keepDrained(drain, drained))) return undefined;
  return { ...look, drain: { ...drain, drained } };
}

/** An action is stored after the ask that came with it: where that was cut short, the ask tells the same. */
function unstored(fact: Fact | undefined, stored: readonly LifecycleAction[]): LifecycleAction[] {
  const known = new Set(stored.map(({ token }) => token));
  return asksInEffect(fact?.drains).flatMap(({ token, group, hook, atMs }): LifecycleAction[] => {
    if (fact === undefined || token === undefined || known.has(token)) return [];
    if (group === undefined || hook === undefined) return [];
    return [{ instanceId: fact.instanceId, token, group, hook, transition: 'terminating', atMs }];
  });
}

/**
 * The answer tells of a moment before it: what it says was so by then. Of what was withdrawn long before the drain nobody asked
 * at the time: there it is the bound on propagation.
 */
async function followed(withdrawal: Withdrawal, { sinceMs }: OpenDrain, ports: PassPorts): Promise<Withdrawal> {
  const { changeId, inSyncAtMs } = withdrawal;
  if (inSyncAtMs !== undefined || changeId === undefined) return withdrawal;
  const status = await ports.dns.changeStatus(changeId);
  if (status === 'pending') return withdrawal;
  const { changeId: _forgotten, ...unknown } = withdrawal;
  const boundMs = withdrawal.acceptedAtMs + PROPAGATION_BOUND_MS;
  const seenAtMs = boundMs < sinceMs ? boundMs : ports.clock.now();
  const after = status === 'unknown' ? unknown : { ...withdrawal, inSyncAtMs: seenAtMs };
  await ports.registry.putWithdrawal(after);
  return after;
}

/** Lets go on what may; answers when to look again, or undefined where nothing is left to do but to close. */
async function actOn(look: Look, ports: PassPorts): Promise<number | undefined> {
  const nowMs = ports.clock.now();
  const { state, drain, actions } = look;
  const beats: Beat[] = [];
  for (const action of actions.filter(({ completedAtMs }) => completedAtMs === undefined)) {
    const isReady = action.transition === 'terminating' ? isReleased(look) : await isServing(action, look, ports);
    beats.push(isReady ? await letGo(action, ports) : await beat(action, ports));
  }
  const waits = beats.flatMap(({ nextAtMs }) => nextAtMs ?? []);
  const pollAtMs = nowMs + pollOf(drain, nowMs);
  switch (state.kind) {
    case 'withdrawing':
      return Math.min(pollAtMs, ...waits);
    case 'waiting':
      return Math.min(state.untilMs, ...waits);
    case 'yielding':
      return Math.min(nowMs + YIELDING_POLL_MS, ...waits);
    case 'drained':
      if (!(await terminated(look, ports))) return Math.min(pollAtMs, ...waits);
      break;
    case 'gone':
    case 'staying':
      break;
  }
  return waits.length === 0 ? undefined : Math.min(pollAtMs, ...waits);
}

/** Where no role heeds the hook, what else asks the instance to leave does not keep it there. */
function isReleased({ state, roles, drain }: Look): boolean {
  if (state.kind === 'gone' || state.kind === 'staying' || state.kind === 'drained') return true;
  const own = roles.filter((role) => isMemberOf(role, drain.instanceId));
  return own.length > 0 && own.every((role) => heeds(role, drain.instanceId).every(({ by }) => by !== 'hook'));
}

async function isServing(action: LifecycleAction, { fact, roles, installation }: Look, ports: PassPorts) {
  return (await launchState(action, fact, roles, installation, ports)) === 'go-on';
}

function asksToTerminate({ fact, installation }: Look): boolean {
  return installation.allowTerminate && asksInEffect(fact?.drains).some(({ terminate }) => terminate === true);
}

/** TerminateInstances may be repeated: an instance that is going already stays so. */
async function terminated(look: Look, ports: PassPorts): Promise<boolean> {
  if (!asksToTerminate(look)) return true;
  const outcome = await ports.compute.terminate(look.drain.instanceId);
  if (outcome.kind === 'done' || outcome.kind === 'gone') return true;
  const { kind: why, message } = outcome;
  ports.log.error('a drained instance is not terminated yet', { instance: look.drain.instanceId, why, message });
  return false;
}

async function close(look: Look, ports: PassPorts): Promise<boolean> {
  const journal = entriesAtClose(look, ports.clock.now());
  if (!(await ports.registry.closeDrain(look.drain, journal))) return false;
  for (const entry of journal) ports.log.journal(entry);
  return true;
}

function entriesAtClose(look: Look, nowMs: number): readonly DrainedEntry[] {
  const { state, drain } = look;
  if (state.kind === 'drained') return drain.drained ?? drainedEntries(look, nowMs);
  return state.kind === 'gone' ? (drain.drained ?? []) : [];
}

function drainedEntries(look: Look, nowMs: number): DrainedEntry[] {
  const { drain, fact, roles, actions } = look;
  const hooks = actions.filter(({ transition }) => transition === 'terminating').map(({ hook }) => hook);
  const why = asksInEffect(fact?.drains).find((ask) => ask.why !== undefined)?.why;
  return roles.flatMap((role): DrainedEntry[] => {
    const asks = heeds(role, drain.instanceId);
    if (asks.length === 0) return [];
    return [
      {
        kind: 'drained',
        role: role.definition.role,
        reason: 'draining',
        instance: drain.instanceId,
        asked: asks.map(({ by }) => by).sort(),
        ...(why === undefined ? {} : { detail: why }),
        waitedMs: Math.max(0, nowMs - drain.sinceMs),
        ...(hooks.length === 0 ? {} : { hooks: [...new Set(hooks)].sort() }),
        ...(asksToTerminate(look) ? { terminated: true } : {}),
      },
    ];
  });
}
