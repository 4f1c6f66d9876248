import type { LifecycleAction } from '../model/drain-progress.ts';
import type { PassPorts } from './ports.ts';

/** The shortest that a hook may have ("PutLifecycleHook", Amazon EC2 Auto Scaling API Reference: from 30 to 7200 seconds). */
const SHORTEST_HEARTBEAT_SECONDS = 30;
const RETRY_MS = 2_000;

/** When an action has to be looked at again; nothing where it is over. */
export interface Beat {
  readonly nextAtMs?: number;
}

/** Completes the action. One that is not there any more is over as well: its time ran out, or its instance is gone. */
export async function letGo(action: LifecycleAction, ports: PassPorts): Promise<Beat> {
  const outcome = await ports.hooks.complete(action);
  if (outcome.kind === 'done' || outcome.kind === 'gone') {
    await ports.registry.updateAction({ ...action, completedAtMs: ports.clock.now() });
    return {};
  }
  const { instanceId: instance, hook } = action;
  ports.log.error('a lifecycle action is not completed yet', {
    instance,
    hook,
    why: outcome.kind,
    message: outcome.message,
  });
  return { nextAtMs: ports.clock.now() + RETRY_MS };
}

/** Begins the action's time-out anew once two thirds of it are over, so that the hook does not go on by itself. */
export async function beat(found: LifecycleAction, ports: PassPorts): Promise<Beat> {
  const action = await timed(found, ports);
  const lastMs = action.beatAtMs ?? action.atMs;
  const dueMs = lastMs + ((action.heartbeatSeconds ?? SHORTEST_HEARTBEAT_SECONDS) * 2_000) / 3;
  const nowMs = ports.clock.now();
  if (nowMs < dueMs) return { nextAtMs: dueMs };
  const outcome = await ports.hooks.heartbeat(action);
  if (outcome.kind === 'done') {
    await ports.registry.updateAction({ ...action, beatAtMs: nowMs });
    return { nextAtMs: nowMs + (dueMs - lastMs) };
  }
  // It went on by itself: there is nothing left to keep or to complete.
  if (outcome.kind === 'gone') return await letGo(action, ports);
  return { nextAtMs: nowMs + RETRY_MS };
}

/** The event does not tell the hook's time-out: it is asked for once. */
async function timed(action: LifecycleAction, ports: PassPorts): Promise<LifecycleAction> {
  if (action.heartbeatSeconds !== undefined) return action;
  const heartbeatSeconds = await ports.hooks.heartbeatSeconds(action);
  if (heartbeatSeconds === undefined) return action;
  const after = { ...action, heartbeatSeconds };
  await ports.registry.updateAction(after);
  return after;
}
