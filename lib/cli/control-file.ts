import { mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';

const LOCAL_ACCOUNT = v.object({
  pid: v.number(),
  endpoint: v.string(),
  dns: v.object({ address: v.string(), port: v.number() }),
  region: v.string(),
  outputs: v.object({
    RegistryTable: v.string(),
    EventsQueue: v.string(),
    WorkQueue: v.string(),
    LaterQueue: v.string(),
  }),
});

/** How to reach the local account that was started in a folder. */
export type LocalAccountAddress = v.InferOutput<typeof LOCAL_ACCOUNT>;

function controlFileIn(folder: string): string {
  return join(folder, '.rolecall', 'local.json');
}

/** The local account that runs in this folder; undefined when none does, whatever an earlier one left behind. */
export async function readControlFile(folder: string): Promise<LocalAccountAddress | undefined> {
  const text = await readFile(controlFileIn(folder), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const read = v.safeParse(LOCAL_ACCOUNT, parseJson(text));
  return read.success && isAlive(read.output.pid) ? read.output : undefined;
}

/** What the local account knows of itself; all of the stack's outputs, the ones that are needed among them. */
export type RunningAccount = Omit<LocalAccountAddress, 'outputs'> & {
  readonly outputs: Readonly<Record<string, string>>;
};

/** @throws ValiError when an output is missing that a deployed stack has. */
export async function writeControlFile(folder: string, account: RunningAccount): Promise<void> {
  const path = controlFileIn(folder);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(v.parse(LOCAL_ACCOUNT, account), null, 2)}\n`);
}

/** Removes it only while it is this process's own. */
export async function removeControlFile(folder: string): Promise<void> {
  const running = await readControlFile(folder);
  if (running?.pid !== process.pid) return;
  const path = controlFileIn(folder);
  await rm(path, { force: true });
  // Its folder stays where something else is in it.
  await rmdir(dirname(path)).catch(() => {});
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
