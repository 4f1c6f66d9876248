import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeControlFile } from '../../lib/cli/control-file.ts';
import { run } from '../../lib/cli/program.ts';
import type { Surroundings } from '../../lib/cli/surroundings.ts';
import type { Account } from '../../local/account.ts';
import { startHttpServer, type AccountServer } from '../../local/http-server.ts';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder in which a local account runs, served by this process. */
export interface WorkingFolder {
  readonly path: string;
  readonly server: AccountServer;
  rolecall(...args: string[]): Promise<Outcome>;
  close(): Promise<void>;
}

export async function folderWith(account: Account, registryTable: string): Promise<WorkingFolder> {
  const path = await mkdtemp(join(tmpdir(), 'rolecall-cli-'));
  const server = await startHttpServer(account, 0);
  await writeControlFile(path, {
    pid: process.pid,
    endpoint: server.endpoint,
    dns: { address: '127.0.0.1', port: 1 },
    region: account.region,
    outputs: { RegistryTable: registryTable, EventsQueue: 'e', WorkQueue: 'w', LaterQueue: 'l' },
  });
  return {
    path,
    server,
    rolecall: (...args) => rolecallIn(path, args),
    close: async () => {
      await server.close();
      await rm(path, { recursive: true });
    },
  };
}

/** One command line, as a shell would run it in the folder. */
export async function rolecallIn(
  folder: string,
  args: readonly string[],
  given: Partial<Surroundings> = {},
): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  const code = await run({
    ...surroundingsOf(folder),
    arguments: args,
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    ...given,
  });
  return { code, stdout, stderr };
}

/** A process that nobody listens to, in the folder. */
export function surroundingsOf(folder: string): Surroundings {
  return {
    arguments: [],
    folder,
    environment: {},
    stdout: () => {},
    stderr: () => {},
    clock: { now: () => Date.now(), sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
    random: { id: () => randomUUID() },
  };
}
