import type { Configuration } from '../../lib/config/configuration.ts';
import type { JournalEntry } from '../../lib/model/journal.ts';
import { Account } from '../account.ts';
import { type AccountServer, startHttpServer } from '../http-server.ts';
import { BundledHost } from './bundled-host.ts';
import { addControlRoutes } from './control-routes.ts';
import { CustomResourceDesk } from './custom-resource.ts';
import { journalEntryIn } from './function-output.ts';
import { FunctionError } from './lambda-host.ts';
import { homeIn } from './home.ts';
import { Stack } from './stack.ts';
import { readAssembly } from './template.ts';

export interface LocalAccountOptions {
  /** What `synthesize` gave. */
  readonly assemblyFolder: string;
  readonly stackName: string;
  readonly configuration: Configuration;
  /** Each with the next free one taken instead when it is in use. */
  readonly port: number;
  readonly dnsPort: number;
  readonly onEntry: (entry: JournalEntry) => void;
  readonly onProblem: (line: string) => void;
}

export interface LocalAccount {
  readonly account: Account;
  readonly endpoint: string;
  readonly dns: { readonly address: string; readonly port: number };
  readonly outputs: Readonly<Record<string, string>>;
  /** Leaves no server, worker or timer. */
  close(): Promise<void>;
}

/** An AWS account on loopback with the synthesized stack in it, its functions running as bundled. */
export async function startLocalAccount(options: LocalAccountOptions): Promise<LocalAccount> {
  const assembly = await readAssembly(options.assemblyFolder, options.stackName);
  const account = new Account();
  const server = await startHttpServer(account, options.port);
  const host = hostFor(account, server, options);
  const desk = await CustomResourceDesk.open(host, account.newId);
  const close = async (): Promise<void> => {
    account.close();
    await host.close();
    await Promise.all([desk.close(), server.close()]);
  };
  try {
    const onFailure = (name: string, error: unknown) => options.onProblem(`${name}: ${failureText(error)}`);
    const stack = await Stack.create(assembly, homeIn(account, { host, desk, onFailure }));
    addControlRoutes(server, account, stack);
    return {
      account,
      endpoint: server.endpoint,
      dns: { address: '127.0.0.1', port: 0 },
      outputs: stack.outputs,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function hostFor(account: Account, { endpoint }: AccountServer, options: LocalAccountOptions): BundledHost {
  return new BundledHost({
    endpoint,
    region: account.region,
    newId: account.newId,
    onLine: (functionName, line) => {
      const entry = journalEntryIn(line);
      if (entry === undefined) options.onProblem(`${functionName}: ${line}`);
      else options.onEntry(entry);
    },
  });
}

function failureText(error: unknown): string {
  if (error instanceof FunctionError) return `${error.errorType}: ${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
