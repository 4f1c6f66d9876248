import type { Clock } from '../../model/clock.ts';
import type { RoleView } from '../../model/role-view.ts';
import type { Emptiness } from './emptiness.ts';
import type { RoleSource } from './source.ts';

/** What came of one round. */
export interface Rendered extends Emptiness {
  readonly changed: boolean;
}

export interface RenderJob {
  readonly source: RoleSource;
  /** Writes what the views say, or keeps what is there. Called again with the same views it changes nothing. */
  readonly write: (views: readonly RoleView[]) => Promise<Rendered>;
  /** What follows a change, such as a reload, where one is due. @throws where it failed: it is then still due. */
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
  await afterChange();
  return rendered;
}

/** What the loop knows from one round to the next. */
interface Watched {
  seen: string | undefined;
  written: string | undefined;
  firstChangeAtMs: number;
  lastChangeAtMs: number;
  /** What failed last, by step: each failure is said once. */
  readonly failures: Map<string, string>;
}

/** Goes on until it is stopped. A step that fails leaves what is there, is said once, and tried again. */
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
    failures: new Map(),
  };
  while (!isStopped()) {
    await round(job, times, clock.now(), watched);
    await clock.sleep(pauseMs(times, clock.now(), watched));
  }
}

async function round(job: RenderJob, times: WatchTimes, nowMs: number, watched: Watched): Promise<void> {
  const { source, say } = job;
  const step = async <Result>(name: string, work: () => Promise<Result>, told: Told): Promise<Result | undefined> => {
    try {
      const result = await work();
      if (watched.failures.delete(name)) say(told.over);
      return result;
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      if (failure !== watched.failures.get(name)) say(`${failure} ${told.meanwhile}`);
      watched.failures.set(name, failure);
      return undefined;
    }
  };
  const views = await step('read', async () => await source.read(), {
    over: `${source.name} can be read again.`,
    meanwhile: 'What was written last stays.',
  });
  if (views !== undefined && isDue(views, times, nowMs, watched))
    await step('write', async () => await writeAndTell(job, views, watched), {
      over: 'The file is written again.',
      meanwhile: 'What was written last stays.',
    });
  await step('command', job.afterChange, { over: 'The command worked.', meanwhile: 'It is tried again.' });
}

interface Told {
  readonly over: string;
  readonly meanwhile: string;
}

/** Whether it is time to write: at first, when changes have settled, and while nothing changes, for others may write too. */
function isDue(views: readonly RoleView[], times: WatchTimes, nowMs: number, watched: Watched): boolean {
  const seen = JSON.stringify(views);
  if (seen !== watched.seen) {
    if (isSettled(watched)) watched.firstChangeAtMs = nowMs;
    watched.lastChangeAtMs = nowMs;
    watched.seen = seen;
  }
  const isFirst = watched.written === undefined;
  const isQuiet = nowMs - watched.lastChangeAtMs >= times.quietMs;
  const isLate = nowMs - watched.firstChangeAtMs >= times.atMostMs;
  return isFirst || isQuiet || isLate || isSettled(watched);
}

async function writeAndTell({ write, say }: RenderJob, views: readonly RoleView[], watched: Watched): Promise<void> {
  const wasSettled = isSettled(watched);
  const rendered = await write(views);
  watched.written = watched.seen;
  if (!wasSettled) sayEmpty(rendered, say);
  else if (rendered.changed) say('Others had changed the file; it is as it should be again.');
}

function isSettled({ seen, written }: Watched): boolean {
  return seen === written;
}

/** Until the next look: more often while changes settle, and never past the end of that. */
function pauseMs({ intervalMs, quietMs, atMostMs }: WatchTimes, nowMs: number, watched: Watched): number {
  if (isSettled(watched) || watched.failures.size > 0) return intervalMs;
  return Math.max(1, Math.min(intervalMs, quietMs, watched.firstChangeAtMs + atMostMs - nowMs));
}

function sayEmpty({ emptiness, changed }: Rendered, say: (line: string) => void): void {
  if (emptiness === '') return;
  const what = changed ? 'that was written, as --when-empty asks.' : 'what was written last stays; see --when-empty.';
  say(`${emptiness}: ${what}`);
}
