import type { Clock, Random } from '../model/clock.ts';
import type { Progress } from './progress.ts';
import type { TargetAddress } from './target-address.ts';

/** What a person sees of the outputs, and time that passes by itself. */
export interface Terminal {
  readonly isStdoutTerminal: boolean;
  /** Absent where stderr is no terminal. */
  readonly stderrColumns?: number;
  /** Calls back every so often until it is stopped; it keeps no process alive. */
  readonly every: (milliseconds: number, tick: () => void) => () => void;
}

/** What a command sees and touches of the process that runs it. */
export interface Surroundings {
  /** Without the program's own name. */
  readonly arguments: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Data. */
  readonly stdout: (text: string) => void;
  /** Everything else. */
  readonly stderr: (text: string) => void;
  readonly clock: Clock;
  readonly random: Random;
  /** @default - nobody watches: no colours, and no progress is told */
  readonly terminal?: Terminal;
  /** Made of the terminal by `run`. @default - nothing is told */
  readonly progress?: Progress;
  /** Makes Node able to import TypeScript, for a configuration. @default - it is already */
  readonly readTypeScript?: () => Promise<void>;
  /** Ends a command that goes on until it is stopped. @default - only the end of the process does */
  readonly stopped?: AbortSignal;
  /** Where the commands go. @default - the local account of the folder, or AWS, by flags and environment */
  readonly target?: TargetAddress;
}

/** 2 is for `plan --detailed-exitcode` alone: there are changes. */
export const EXIT = { ok: 0, failure: 1, changes: 2, noCredentials: 4, usage: 64 } as const;

/** The caller asked for something that cannot be: said in one line, with exit code 64. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

export const SCHEMA_VERSION = 1;

/** One result: as JSON in its envelope, or as lines for people. */
export function printResult<Data>(
  surroundings: Surroundings,
  options: { readonly json: boolean; readonly command: string; readonly data: Data },
  lines: (data: Data) => readonly string[],
): void {
  const { json, command, data } = options;
  const text = json ? [JSON.stringify({ schemaVersion: SCHEMA_VERSION, command, data }, null, 2)] : lines(data);
  for (const line of text) surroundings.stdout(`${line}\n`);
}
