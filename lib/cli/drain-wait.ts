import type { DrainState } from '../desired/drain.ts';
import { drainProgress } from '../reconcile/drain-request.ts';
import type { Surroundings } from './surroundings.ts';
import type { Target } from './target.ts';

const POLL_MS = 1_000;
/** A TTL may be a day; nobody waits at a terminal for longer than this. */
const LONGEST_WAIT_MS = 3_600_000;
const COUNTDOWN_STEP_SECONDS = 10;

/** Waits until the drain is closed, and says on stderr how far it is and how long it takes yet. */
export async function waitForDrain(
  instanceId: string,
  target: Target,
  { stderr }: Surroundings,
): Promise<'drained' | 'gone' | 'taken-back' | 'unfinished'> {
  const untilMs = target.clock.now() + LONGEST_WAIT_MS;
  let said = '';
  while (target.clock.now() < untilMs) {
    const { isOpen, ...state } = await drainProgress(instanceId, target);
    // The journal is written when it is closed.
    if (state.kind === 'gone' && !isOpen) return 'gone';
    if (state.kind === 'staying') return 'taken-back';
    if (!isOpen && state.kind === 'drained') return 'drained';
    const text = progressText(state, target.clock.now());
    if (text !== said) stderr(`${instanceId}: ${text}\n`);
    said = text;
    await target.clock.sleep(POLL_MS);
  }
  return 'unfinished';
}

function progressText(state: DrainState, nowMs: number): string {
  switch (state.kind) {
    case 'gone':
      return 'is gone';
    case 'staying':
    case 'drained':
      return 'drained';
    case 'yielding':
      return 'serves on until another member of its role does';
    case 'withdrawing':
      return 'its names are being withdrawn';
    case 'waiting':
      return `withdrawn everywhere; resolvers may remember it for ${countdown(state.untilMs - nowMs)} s more`;
  }
}

/** In steps of ten, and each of the last ten. */
function countdown(leftMs: number): number {
  const seconds = Math.ceil(leftMs / 1000);
  return seconds <= COUNTDOWN_STEP_SECONDS
    ? seconds
    : Math.ceil(seconds / COUNTDOWN_STEP_SECONDS) * COUNTDOWN_STEP_SECONDS;
}
