import { calls } from './calls.ts';
import { cli } from './cli.ts';
import { coldStart } from './cold-start.ts';
import { latency } from './latency.ts';
import { memory } from './memory.ts';
import { perEvent } from './per-event.ts';
import { pureCore } from './pure-core.ts';
import { storm } from './storm.ts';
import { commandOf, type Part } from './table.ts';

const PARTS: readonly Part[] = [calls, latency, coldStart, pureCore, memory, storm, perEvent, cli];

/** Each with the tables that it measures. */
export const COMMANDS: ReadonlyMap<string, readonly Part[]> = new Map(
  PARTS.map((part) => [commandOf(part), PARTS.filter((other) => commandOf(other) === commandOf(part))]),
);
