import type { Surroundings, Terminal } from './surroundings.ts';

/** Says what a command waits for, on stderr; never on stdout. */
export interface Progress {
  /** From now on it waits for this; without the program's name and the dots. */
  waitFor(what: string): void;
  /** It waits for nothing any more. */
  end(): void;
}

/** What takes longer than this is said where nobody can see a line that comes and goes. */
const SAY_AFTER_MS = 2_000;
const TICK_MS = 1_000;
/** "CSI K": erases the line from the cursor on (ECMA-48, 8.3.41). */
const ERASE_LINE = '\r\u001b[K';

/**
 * The surroundings with their progress.
 *
 * ```
 * stderr is a terminal   a line at once, with its seconds from the third on; gone before the first output
 * stderr is a file       a line for each thing that has been waited for longer than two seconds
 * not known              nothing
 * ```
 */
export function withProgress(surroundings: Surroundings): Surroundings & { readonly progress: Progress } {
  const { terminal, stdout, stderr } = surroundings;
  if (terminal === undefined) return { ...surroundings, progress: { waitFor: () => {}, end: () => {} } };
  const line =
    terminal.stderrColumns === undefined ? plainLine(surroundings, terminal) : liveLine(surroundings, terminal);
  const after = (write: (text: string) => void) => (text: string) => {
    line.clear();
    write(text);
  };
  return { ...surroundings, stdout: after(stdout), stderr: after(stderr), progress: line };
}

type Line = Progress & { clear(): void };

/** Comes and goes: whatever else is written takes its place. */
function liveLine({ stderr, clock }: Surroundings, { every, stderrColumns = 80 }: Terminal): Line {
  let what: string | undefined;
  let isShown = false;
  let sinceMs = 0;
  let stop = () => {};
  const clear = () => {
    if (isShown) stderr(ERASE_LINE);
    isShown = false;
  };
  const show = () => {
    const waitedMs = clock.now() - sinceMs;
    const seconds = waitedMs > SAY_AFTER_MS ? ` ${Math.floor(waitedMs / 1000)} s` : '';
    stderr(`${ERASE_LINE}${`${what} …${seconds}`.slice(0, stderrColumns - 1)}`);
    isShown = true;
  };
  return {
    clear,
    waitFor: (next) => {
      [what, sinceMs] = [next, clock.now()];
      stop();
      stop = every(TICK_MS, show);
      show();
    },
    end: () => {
      stop();
      clear();
    },
  };
}

/** Stays: it is said once, when it has taken long. */
function plainLine({ stderr }: Surroundings, { every }: Terminal): Line {
  let stop = () => {};
  return {
    clear: () => {},
    waitFor: (what) => {
      stop();
      stop = every(SAY_AFTER_MS, () => {
        stop();
        stderr(`${what} …\n`);
      });
    },
    end: () => stop(),
  };
}
