import type { Command } from 'commander';
import * as v from 'valibot';
import { RolecallError } from '../model/errors.ts';
import { ADDRESSES_GROUP } from '../model/zone.ts';
import type { HealthReads } from '../reconcile/ports.ts';
import { declare, opened } from './command.ts';
import { durationMs } from './duration-flag.ts';
import { printResult, type Surroundings } from './surroundings.ts';
import { announceWrite, type Target } from './target.ts';
import { counted } from './text.ts';

const POLL_MS = 500;
const LEASE_WAIT_MS = 60_000;
const DEFAULT_WAIT_MS = 60_000;

const SWEEP = v.strictObject({
  target: v.string(),
  /** The groups that had work: zone ids, and `addresses`. */
  woken: v.array(v.string()),
  /** The parts that could not be read. */
  failures: v.array(v.string()),
  /** Marks that were still to be worked when the wait ended. */
  remaining: v.number(),
});

export function defineSweep(sweep: Command, surroundings: Surroundings): void {
  declare(sweep, { examples: ['sweep', 'sweep --wait 5m', 'sweep --json'], result: SWEEP })
    .option('--wait <duration>', 'how long to wait at most; 60s when omitted', durationMs)
    .action(async ({ wait = DEFAULT_WAIT_MS }: { wait?: number }, command: Command) => {
      const { target, ...output } = await opened(surroundings, command);
      announceWrite(surroundings, target);
      const { woken, failures } = await swept(target, surroundings);
      const remaining = await waitForGroups(target, wait, surroundings);
      printResult(
        surroundings,
        { ...output, data: { target: target.name, woken: [...woken], failures: [...failures], remaining } },
        lines,
      );
      if (failures.length > 0 || remaining > 0)
        throw new RolecallError('incomplete', 'the sweep is not complete: rolecall status says what is still to do');
    });
}

function lines({ woken, failures, remaining }: v.InferOutput<typeof SWEEP>): string[] {
  return [
    woken.length === 0 ? 'nothing was to do' : `${counted(woken.length, 'group')} had work: ${woken.join(', ')}`,
    ...failures.map((failure) => `! ${failure}`),
    ...(remaining === 0 ? [] : [`! ${remaining} still to do`]),
  ];
}

/** Another sweep may hold the lease; it is over within a minute. */
async function swept(target: Target, { progress }: Surroundings) {
  const { sweep } = await import('../reconcile/sweep.ts');
  progress?.waitFor('sweeping: every instance, every zone');
  const ports = { ...(await target.ports()), health: await healthReads(target) };
  const untilMs = target.clock.now() + LEASE_WAIT_MS;
  for (let round = 0; ; round += 1) {
    const outcome = await sweep(ports);
    if (outcome.kind === 'swept') return outcome;
    if (outcome.why !== 'another sweep is running' || target.clock.now() >= untilMs) {
      throw new RolecallError('skipped', `no sweep was made: ${outcome.why}`);
    }
    if (round === 0) progress?.waitFor('another sweep is running: waiting for its end');
    await target.clock.sleep(POLL_MS);
  }
}

async function healthReads({ clients }: Target): Promise<HealthReads> {
  const [ec2, cloudWatch, route53, { readStatuses }, { readAlarms }, { listHealthChecks }] = await Promise.all([
    clients.ec2(),
    clients.cloudWatch(),
    clients.route53(),
    import('../aws/instance-status.ts'),
    import('../aws/cloudwatch.ts'),
    import('../aws/health-check-list.ts'),
  ]);
  return {
    statuses: () => readStatuses(ec2),
    inAlarm: (prefix) => readAlarms(cloudWatch, prefix),
    checks: () => listHealthChecks(route53),
  };
}

/** How many marks are left when nothing is to do, or the time is over. */
async function waitForGroups(target: Target, waitMs: number, { progress }: Surroundings): Promise<number> {
  progress?.waitFor('waiting until what was found is worked');
  const startedAtMs = target.clock.now();
  for (;;) {
    const remaining = await marksLeft(target);
    if (remaining === 0 || target.clock.now() - startedAtMs >= waitMs) return remaining;
    await target.clock.sleep(POLL_MS);
  }
}

/** How many marks the zones and the addresses have yet to work. */
export async function marksLeft({ registry }: Target): Promise<number> {
  const installation = await registry.readInstallation();
  const groups = [...(installation?.zones ?? []).map(({ id }) => id), ADDRESSES_GROUP];
  const read = await Promise.all(groups.map((group) => registry.readGroup(group)));
  return read.reduce((sum, { head, marks }) => sum + (head?.retired === true ? 0 : marks.length), 0);
}
