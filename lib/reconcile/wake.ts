import { zonesFirst } from './groups.ts';
import type { CorePorts, WakeUp } from './ports.ts';

/** Wakes each of these groups once, zones first. */
export async function wake(groups: Iterable<string>, { queue }: Pick<CorePorts, 'queue'>): Promise<void> {
  const wakeUps = zonesFirst(groups).map((group): WakeUp => ({ kind: 'wake', group, attempt: 0 }));
  if (wakeUps.length > 0) await queue.wake(wakeUps);
}
