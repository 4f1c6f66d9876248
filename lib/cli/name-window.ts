/** Warm and quiet, from the event to Route 53's acceptance. */
const EVENT_SECONDS = 2;
/** "Changes generally propagate to all Route 53 name servers within 60 seconds" (ChangeResourceRecordSets, API Reference). */
const PROPAGATION_SECONDS = 60;

export interface NameWindow {
  readonly eventSeconds: number;
  readonly propagationSeconds: number;
  readonly ttlSeconds: number;
  readonly totalSeconds: number;
}

/** How long after an instance begins to go a resolver may still answer with it. */
export function windowOf(ttlSeconds: number): NameWindow {
  return {
    eventSeconds: EVENT_SECONDS,
    propagationSeconds: PROPAGATION_SECONDS,
    ttlSeconds,
    totalSeconds: EVENT_SECONDS + PROPAGATION_SECONDS + ttlSeconds,
  };
}
