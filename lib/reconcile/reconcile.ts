import { ServiceFailure } from '../model/errors.ts';
import { ADDRESSES_GROUP, DRAINS_GROUP } from '../model/zone.ts';
import { reconcileAddresses } from './addresses-pass.ts';
import { reconcileDrains } from './drain-pass.ts';
import { zonesFirst } from './groups.ts';
import type { PassOutcome } from './pass.ts';
import type { PassPorts, WakeUp } from './ports.ts';
import { sharingSeats } from './shared-seats.ts';
import { reconcileZone } from './zone-pass.ts';
import { wake } from './wake.ts';

const FIRST_DELAY_SECONDS = 1;
const LONGEST_DELAY_SECONDS = 60;
/** The first to wait the longest. From then on the sweep, which wakes every dirty group each minute, is enough: else every
 * event during an outage would add one more message that never rests. */
const LAST_ATTEMPT = 6;

/**
 * Works each group that was woken: zones side by side, so that a dead one holds up no other, then the addresses.
 * Returns the groups whose pass failed by a fault of our own; everything that AWS may refuse is put off instead.
 */
export async function reconcile(
  wakeUps: readonly WakeUp[],
  ports: PassPorts,
  deadlineMs: number,
): Promise<readonly string[]> {
  const attempts = new Map<string, number>();
  for (const { group, attempt } of wakeUps) attempts.set(group, Math.min(attempt, attempts.get(group) ?? attempt));
  const groups = zonesFirst(attempts.keys());
  const failed: string[] = [];
  const shared: PassPorts = { ...ports, registry: sharingSeats(ports) };
  const work = async (group: string) => {
    try {
      await workGroup(group, attempts.get(group) ?? 0, shared, deadlineMs);
    } catch (error) {
      failed.push(group);
      ports.log.error('a pass failed', {
        group,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    }
  };
  const isZone = (group: string) => group !== ADDRESSES_GROUP && group !== DRAINS_GROUP;
  await Promise.all(groups.filter(isZone).map(work));
  for (const group of groups.filter((each) => !isZone(each))) await work(group);
  return failed;
}

async function workGroup(group: string, attempt: number, ports: PassPorts, deadlineMs: number): Promise<void> {
  const outcome = await passOver(group, ports, deadlineMs);
  switch (outcome.kind) {
    case 'done':
    case 'resting':
      return;
    case 'put-off': {
      const { why, message, untilMs } = outcome;
      const delaySeconds = Math.ceil(Math.max(0, untilMs - ports.clock.now()) / 1000);
      ports.log.error('put off', { group, why, message, delaySeconds });
      return await ports.queue.later({ kind: 'wake', group, attempt: 0 }, delaySeconds);
    }
    case 'out-of-time':
      return await wake([group], ports);
    case 'deferred': {
      const next = outcome.progressed ? 0 : attempt;
      const delaySeconds = Math.min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2 ** next);
      ports.log.error('put off', { group, why: outcome.why, message: outcome.message, attempt, delaySeconds });
      if (next > LAST_ATTEMPT) return;
      return await ports.queue.later({ kind: 'wake', group, attempt: next + 1 }, delaySeconds);
    }
  }
}

async function passOver(group: string, ports: PassPorts, deadlineMs: number): Promise<PassOutcome> {
  try {
    if (group === DRAINS_GROUP) return await reconcileDrains(ports, deadlineMs);
    return group === ADDRESSES_GROUP
      ? await reconcileAddresses(ports, deadlineMs)
      : await reconcileZone(group, ports, deadlineMs);
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    return { kind: 'deferred', why: error.kind, message: error.message, progressed: false };
  }
}
