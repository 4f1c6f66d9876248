import type { Request, RequestBody, RequestOutcome } from '../model/request.ts';
import type { CorePorts } from './ports.ts';
import { wake } from './wake.ts';

/** How often the asker looks for the answer. */
export const POLL_MS = 250;
export const DEFAULT_WAIT_MS = 60_000;

export type Asked =
  | { readonly kind: 'answered'; readonly request: Request; readonly outcome: RequestOutcome }
  /** Nobody answered in time. A pass that had begun it may still finish it. */
  | { readonly kind: 'unanswered'; readonly request: Request };

/**
 * Asks the pass of a work group for something, wakes it, and waits for its answer. Throws `ServiceFailure` where the
 * registry or the queue cannot be reached.
 */
export async function ask(
  group: string,
  body: RequestBody,
  ports: Pick<CorePorts, 'registry' | 'queue' | 'clock' | 'random'>,
  waitMs: number = DEFAULT_WAIT_MS,
): Promise<Asked> {
  const atMs = ports.clock.now();
  const request: Request = { id: ports.random.id(), group, atMs, expiresAtMs: atMs + waitMs, body };
  await ports.registry.putRequest(request);
  await wake([group], ports);
  while (ports.clock.now() < request.expiresAtMs) {
    await ports.clock.sleep(POLL_MS);
    const found = await ports.registry.readRequest(group, request.id);
    if (found?.outcome !== undefined) return { kind: 'answered', request: found, outcome: found.outcome };
  }
  return { kind: 'unanswered', request };
}
