import { randomUUID } from 'node:crypto';
import type { Clock, Random } from '../lib/model/clock.ts';
import type { Log } from '../lib/reconcile/ports.ts';

/** What surrounds a handler: real in a bundle, virtual in a simulation. */
export interface Runtime {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** One JSON line an entry, on stdout; errors carry a level, so that they can be told from the journal. */
function lineLog(write: (line: string) => void): Log {
  return {
    journal: (entry) => write(JSON.stringify(entry)),
    measure: () => undefined,
    error: (message, fields) => write(JSON.stringify({ level: 'error', message, ...fields })),
  };
}

export const systemRuntime: Runtime = {
  clock: {
    now: () => Date.now(),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  },
  random: { id: () => randomUUID() },
  log: lineLog((line) => process.stdout.write(`${line}\n`)),
};
