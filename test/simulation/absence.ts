import type { Instance } from '../../local/ec2/instance.ts';
import type { Chance } from './chance.ts';
import { STEADY_MS } from './chronicle.ts';
import { claimsOf } from './rendering.ts';
import type { World } from './world.ts';

/** Nobody touches anything for so long, that all is known before anybody is left out. */
const LEFT_ALONE_S = STEADY_MS / 1000 + 20;

/** Lists leave out some that run, be it for less than absence takes or for much longer; then they show them again. */
export async function leaveOut(world: World, chance: Chance): Promise<void> {
  await world.advance(LEFT_ALONE_S);
  const { fleet, unlisted } = world.account.ec2;
  const running = fleet.instances.current().filter(({ state }) => state === 'running');
  const role = chance.pick(running.flatMap(claimsOf));
  const left = chance.happens(0.7)
    ? running.filter((each) => role !== undefined && claimsOf(each).includes(role))
    : running;
  if (left.length === 0) return;
  const forS = chance.pick([70, 200, 300] as const);
  for (const { id } of left) {
    unlisted.add(id);
    world.chronicle.unlistedSinceMs.set(id, world.timeline.now());
  }
  world.note(`not listed for ${forS} s: ${left.map(({ id }) => id).join(' ')}`);
  world.count('running instances not listed');
  await world.advance(forS);
  unlisted.clear();
  world.trouble.disturb(75_000);
}

/** Whether a complete sweep has shown it as it is: where none could, what came before its last start may be told only now. */
export function wasSwept({ chronicle, completeSweeps }: World, { id, launchTimeMs }: Instance): boolean {
  const sinceMs = Math.max(chronicle.touchedAtMs.get(id) ?? 0, launchTimeMs);
  const leftOutAtMs = chronicle.unlistedSinceMs.get(id) ?? 0;
  const untilMs = leftOutAtMs > sinceMs ? leftOutAtMs : chronicle.nowMs;
  return completeSweeps.some(({ startedAtMs, endedAtMs }) => startedAtMs >= sinceMs && endedAtMs <= untilMs);
}

/**
 * Since when lists leave out an instance that was stopped, or ended, meanwhile or just before: no event told it, nor could
 * a complete sweep, so that only its absence tells, which is no proof. Undefined: it is listed, or somebody could know.
 */
export function wentUnseenAtMs({ account, chronicle, completeSweeps }: World, id: string): number | undefined {
  const leftOutAtMs = chronicle.unlistedSinceMs.get(id);
  if (leftOutAtMs === undefined || !account.ec2.unlisted.has(id)) return undefined;
  const sinceMs = chronicle.goneAtMs.get(id) ?? chronicle.touchedAtMs.get(id) ?? 0;
  // An Elastic IP that took the place of its address is known to whoever gave it.
  if (sinceMs < (chronicle.replacedAtMs.get(id) ?? 0)) return undefined;
  if (Math.floor(sinceMs / 1000) * 1000 <= (chronicle.toldDownAtMs.get(id) ?? 0)) return undefined;
  const wasShown = completeSweeps.some(
    ({ startedAtMs, endedAtMs }) => startedAtMs >= sinceMs && endedAtMs <= leftOutAtMs,
  );
  return wasShown ? undefined : leftOutAtMs;
}
