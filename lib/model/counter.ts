/** How often something happened in a window of time: what limits of rate go by. */
export interface Counter {
  readonly subject: string;
  readonly windowStartMs: number;
  readonly windowMs: number;
}

/** The window that this moment is in. */
export function counterAt(subject: string, windowMs: number, nowMs: number): Counter {
  return { subject, windowStartMs: Math.floor(nowMs / windowMs) * windowMs, windowMs };
}
