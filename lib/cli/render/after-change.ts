import { spawn } from 'node:child_process';
import { rm, stat, writeFile } from 'node:fs/promises';
import { RolecallError } from '../../model/errors.ts';
import type { Destination } from './file.ts';

/** A reload that takes longer is not heard of again, and the members would no longer be followed. */
const COMMAND_TIMEOUT_MS = 60_000;
/** For what a command printed last; what it started in the background may keep its output open for ever. */
const OUTPUT_REST_MS = 500;

class CommandFailed extends RolecallError {
  constructor(command: string, why: string) {
    super('command-failed', `The file was written, and then ${JSON.stringify(command)} failed (${why}).`);
  }
}

/**
 * That a command is due is a file beside the one that changed, made before the change and removed when the command has
 * worked: whoever dies or fails in between, the next run knows it.
 */
export interface DueCommand {
  isDue(): Promise<boolean>;
  setDue(): Promise<void>;
  /** @throws CommandFailed; it is then still due. */
  run(): Promise<void>;
}

export function dueCommand(
  command: string,
  { besides }: Destination,
  stderr: (text: string) => void,
  timeoutMs: number = COMMAND_TIMEOUT_MS,
): DueCommand {
  const mark = besides('command-due');
  return {
    isDue: async () =>
      await stat(mark).then(
        () => true,
        () => false,
      ),
    setDue: async () => await writeFile(mark, ''),
    run: async () => {
      await runInShell(command, stderr, timeoutMs);
      await rm(mark, { force: true });
    },
  };
}

/** By a shell, as it was typed; what it prints goes to stderr, for stdout is ours. */
async function runInShell(command: string, stderr: (text: string) => void, timeoutMs: number): Promise<void> {
  const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => stderr(text));
  const outputEnded = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let isLate = false;
  const limit = setTimeout(() => {
    isLate = true;
    endGroup(child.pid);
  }, timeoutMs);
  try {
    const end = await new Promise<number | string>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(code ?? signal ?? 'killed'));
    });
    if (isLate) throw new CommandFailed(command, `not done after ${timeoutMs / 1000} s`);
    if (end !== 0) throw new CommandFailed(command, String(end));
  } finally {
    clearTimeout(limit);
    await Promise.race([outputEnded, new Promise((resolve) => setTimeout(resolve, OUTPUT_REST_MS))]);
    for (const stream of [child.stdout, child.stderr]) stream.destroy();
  }
}

/** The shell and what it started: it leads a group of its own. */
function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // It has just ended by itself.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
