import type { Clock } from '../../model/clock.ts';
import { RolecallError } from '../../model/errors.ts';
import type { RoleView } from '../../model/role-view.ts';
import type { RoleSource } from './source.ts';

/** How a result is told: what came of one round. */
export interface Rendered {
  readonly changed: boolean;
  /** Roles that nobody serves. */
  readonly empty: readonly string[];
}

export interface RenderJob {
  readonly source: RoleSource;
  /** Writes what the views say, or keeps what is there. Called again with the same views it changes nothing. */
  readonly write: (views: readonly RoleView[]) => Promise<Rendered>;
  /** After a change, such as a reload. @throws where it failed: it is then tried again. */
  readonly afterChange: () => Promise<void>;
  readonly say: (line: string) => void;
}

export interface WatchTimes {
  readonly intervalMs: number;
  /** How long nothing must have changed before it is written, … */
  readonly quietMs: number;
  /** … and how long it is put off at most. */
  readonly atMostMs: number;
}

/** Reads once and writes. @throws when the read failed: nothing is written then. */
export async function renderOnce({ source, write, afterChange, say }: RenderJob): Promise<Rendered> {
  const rendered = await write(await source.read());
  sayEmpty(rendered, say);
  if (rendered.changed) await afterChange();
  return rendered;
}

/** What the loop knows from one round to the next. */
interface Watched {
  seen: string | undefined;
  written: string | undefined;
  firstChangeAtMs: number;
  lastChangeAtMs: number;
  isCommandDue: boolean;
  lastFailure: string | undefined;
}

/** Goes on until it is stopped. A read that fails leaves what is there, and is said once. */
export async function renderForEver(
  job: RenderJob,
  times: WatchTimes,
  clock: Clock,
  isStopped: () => boolean,
): Promise<void> {
  const watched: Watched = {
    seen: undefined,
    written: undefined,
    firstChangeAtMs: 0,
    lastChangeAtMs: 0,
    isCommandDue: false,
    lastFailure: undefined,
  };
  while (!isStopped()) {
    try {
      await round(job, times, clock.now(), watched);
      if (watched.lastFailure !== undefined) job.say(`${job.source.name} can be read again.`);
      watched.lastFailure = undefined;
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      if (failure !== watched.lastFailure) job.say(`${failure} What was written last stays.`);
      watched.lastFailure = failure;
    }
    await clock.sleep(isSettled(watched) ? times.intervalMs : Math.min(times.intervalMs, times.quietMs));
  }
}

function isSettled({ seen, written }: Watched): boolean {
  return seen === written;
}

async function round(job: RenderJob, times: WatchTimes, nowMs: number, watched: Watched): Promise<void> {
  const views = await job.source.read();
  const seen = JSON.stringify(views);
  if (seen !== watched.seen) {
    if (isSettled(watched)) watched.firstChangeAtMs = nowMs;
    watched.lastChangeAtMs = nowMs;
    watched.seen = seen;
  }
  const isFirst = watched.written === undefined;
  const isQuiet = nowMs - watched.lastChangeAtMs >= times.quietMs;
  const isLate = nowMs - watched.firstChangeAtMs >= times.atMostMs;
  if (!isSettled(watched) && (isFirst || isQuiet || isLate)) {
    const rendered = await job.write(views);
    watched.written = seen;
    sayEmpty(rendered, job.say);
    watched.isCommandDue ||= rendered.changed;
  }
  if (!watched.isCommandDue) return;
  await job.afterChange();
  watched.isCommandDue = false;
}

function sayEmpty({ empty, changed }: Rendered, say: (line: string) => void): void {
  if (empty.length === 0) return;
  const what = changed ? 'that was written, as --when-empty asks.' : 'what was written last stays; see --when-empty.';
  say(`Nobody serves ${empty.join(', ')}: ${what}`);
}

export class CommandFailed extends RolecallError {
  constructor(command: string, code: number | string) {
    super('command-failed', `The file was written, and then ${JSON.stringify(command)} failed (${code}).`);
  }
}
