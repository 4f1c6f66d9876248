import type { Command } from 'commander';
import * as v from 'valibot';
import { announceWrite, type Target } from './target.ts';
import { declare, opened } from './command.ts';
import { EXIT, printResult, type Surroundings, UsageError } from './surroundings.ts';

const DRAIN = v.strictObject({
  target: v.string(),
  instanceId: v.string(),
  roles: v.array(v.string()),
  /** `asked`: it was not waited for; `gone`: the instance went before it had drained. */
  outcome: v.picklist(['asked', 'drained', 'terminated', 'gone', 'taken-back', 'unfinished']),
  waitedSeconds: v.number(),
});
type DrainResult = v.InferOutput<typeof DRAIN>;

const UNDRAIN = v.strictObject({
  target: v.string(),
  instanceId: v.string(),
  /** What else asks it to leave. */
  left: v.array(v.string()),
});
type UndrainResult = v.InferOutput<typeof UNDRAIN>;

interface Flags {
  readonly terminate?: boolean;
  readonly reason?: string;
  readonly wait: boolean;
}

const CLOCKS_DIFFER_MS = 30_000;
const INSTANCE_ID = /^i-[0-9a-f]{8,17}$/;

const EXAMPLE_ID = 'i-0123456789abcdef0';

export function defineDrain(drain: Command, surroundings: Surroundings, leaveWith: (code: number) => void): void {
  declare(drain, { examples: [`drain ${EXAMPLE_ID}`, `drain ${EXAMPLE_ID} --terminate`], result: DRAIN })
    .argument('<instance>', 'the id of the instance')
    .option('--terminate', 'terminate it then')
    .option('--reason <text>', 'why, for the journal')
    .option('--no-wait', 'only ask for it')
    .action(async (instanceId: string, flags: Flags, command: Command) => {
      requireId(instanceId);
      const { target, ...output } = await opened(surroundings, command);
      announceWrite(surroundings, target);
      const data = await drainOn(target, instanceId, flags, surroundings);
      if (data.outcome === 'unfinished') leaveWith(EXIT.failure);
      printResult(surroundings, { ...output, data }, drainLines);
    });
}

export function defineUndrain(undrain: Command, surroundings: Surroundings): void {
  declare(undrain, { examples: [`undrain ${EXAMPLE_ID}`], result: UNDRAIN })
    .argument('<instance>', 'the id of the instance')
    .action(async (instanceId: string, _flags: object, command: Command) => {
      requireId(instanceId);
      const { target, ...output } = await opened(surroundings, command);
      announceWrite(surroundings, target);
      const { takeBackDrain } = await import('../reconcile/drain-request.ts');
      const outcome = await takeBackDrain(instanceId, target);
      if (outcome.kind === 'refused') throw new UsageError(outcome.message);
      printResult(
        surroundings,
        { ...output, data: { target: target.name, instanceId, left: [...outcome.left] } },
        undrainLines,
      );
    });
}

function requireId(instanceId: string): void {
  if (INSTANCE_ID.test(instanceId)) return;
  throw new UsageError(`"${instanceId}" is no instance id, such as i-0123456789abcdef0; rolecall members lists them`);
}

async function drainOn(
  target: Target,
  instanceId: string,
  flags: Flags,
  surroundings: Surroundings,
): Promise<DrainResult> {
  const { requestDrain } = await import('../reconcile/drain-request.ts');
  const terminate = flags.terminate === true;
  const allowed = (await target.registry.readInstallation())?.allowTerminate === true;
  if (terminate && !flags.wait && !allowed) {
    throw new UsageError('--terminate with --no-wait needs allowTerminate in the configuration: leave one of them out');
  }
  const startedAtMs = target.clock.now();
  const wish = { terminate, ...(flags.reason === undefined ? {} : { why: flags.reason }) };
  const asked = await requestDrain(instanceId, wish, target);
  if (asked.kind === 'refused') throw new UsageError(asked.message);
  const result = (outcome: DrainResult['outcome']): DrainResult => ({
    target: target.name,
    instanceId,
    roles: [...asked.roles],
    outcome,
    waitedSeconds: Math.round((target.clock.now() - startedAtMs) / 1000),
  });
  if (!flags.wait) return result('asked');
  const { waitForDrain } = await import('./drain-wait.ts');
  surroundings.progress?.waitFor(`draining ${instanceId}`);
  const ended = await waitForDrain(instanceId, target, surroundings);
  // Who is terminated for having drained is gone as well.
  if (ended === 'gone') return result(await endOf(target, instanceId, startedAtMs));
  if (!terminate || ended !== 'drained') return result(ended);
  if (!asked.willTerminate) await terminateWith(target, instanceId);
  return result('terminated');
}

/** What the journal says of the end of this drain, of an instance that is gone by now. */
async function endOf(
  { history, clock }: Target,
  instanceId: string,
  sinceMs: number,
): Promise<'drained' | 'terminated' | 'gone'> {
  const records = await history.readJournal(sinceMs - CLOCKS_DIFFER_MS, clock.now() + CLOCKS_DIFFER_MS);
  for (const { entry } of records.toReversed()) {
    if (entry.kind !== 'drained' || entry.instance !== instanceId) continue;
    return entry.terminated === true ? 'terminated' : 'drained';
  }
  return 'gone';
}

/** With the credentials of whoever calls: the Lambda may not. */
async function terminateWith(target: Target, instanceId: string): Promise<void> {
  const { compute } = await target.ports();
  const outcome = await compute.terminate(instanceId);
  if (outcome.kind === 'done' || outcome.kind === 'gone') return;
  throw new Error(`${instanceId} has drained, and is not terminated: ${outcome.message ?? outcome.kind}`);
}

const PROSE: Readonly<Record<DrainResult['outcome'], string>> = {
  asked: 'is asked to leave',
  drained: 'has drained',
  terminated: 'has drained, and is terminated',
  gone: 'went before it had drained: resolvers may remember it yet',
  'taken-back': 'is no longer asked to leave',
  unfinished: 'has not drained yet; rolecall status shows how far it is',
};

function drainLines({ instanceId, roles, outcome, waitedSeconds }: DrainResult): string[] {
  const waited = waitedSeconds === 0 ? '' : ` (${waitedSeconds} s)`;
  return [`${instanceId} ${PROSE[outcome]}${waited}: ${roles.join(', ')}`];
}

function undrainLines({ instanceId, left }: UndrainResult): string[] {
  if (left.length === 0) return [`${instanceId} is no longer asked to leave`];
  return [`${instanceId} is still asked to leave by: ${left.join(', ')}`];
}
