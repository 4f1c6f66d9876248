import { isOverdue, OVERDUE_MS } from '../desired/drain.ts';
import type { OpenDrain } from '../model/drain-progress.ts';
import type { Fact } from '../model/fact.ts';
import type { Measurement } from '../model/measurement.ts';
import type { Installation } from '../model/role.ts';
import { readDrainView } from './drain-view.ts';
import type { Ports } from './ports.ts';

/** In one sweep; the oldest first, so that what nobody mends is seen each time. */
const MOST_VIEWS = 20;

/** How many drains should have ended long ago. Only those that have taken so long are looked at. */
export async function countOverdue(
  open: readonly OpenDrain[],
  installation: Installation,
  facts: readonly Fact[],
  ports: Ports,
): Promise<Measurement> {
  const nowMs = ports.clock.now();
  const old = open
    .filter(({ sinceMs }) => nowMs - sinceMs >= OVERDUE_MS)
    .sort((one, other) => one.sinceMs - other.sinceMs)
    .slice(0, MOST_VIEWS);
  let overdue = 0;
  for (const { instanceId, sinceMs } of old) {
    const fact = facts.find((each) => each.instanceId === instanceId);
    const view = await readDrainView(instanceId, fact, installation, ports.registry);
    if (isOverdue(view, sinceMs, nowMs)) overdue += 1;
  }
  return { name: 'DrainsOverdue', value: overdue };
}
