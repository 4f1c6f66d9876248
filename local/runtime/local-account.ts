import type { Configuration } from '../../lib/config/configuration.ts';
import type { JournalEntry } from '../../lib/model/journal.ts';
import { Account } from '../account.ts';
import { type Question, resolve } from '../dns/resolve.ts';
import { startDnsServer } from '../dns/server.ts';
import { type AccountServer, startHttpServer } from '../http-server.ts';
import { BundledHost } from './bundled-host.ts';
import { addControlRoutes } from './control-routes.ts';
import { CustomResourceDesk } from './custom-resource.ts';
import { isMetrics, journalEntryIn } from './function-output.ts';
import { FunctionError } from './lambda-host.ts';
import { serveFunctionUrl } from '../function-url/server.ts';
import { homeIn } from './home.ts';
import type { StackHome } from './resources.ts';
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
  /** Of the endpoint for hosts, where the configuration has one. */
  readonly urlPort: number;
  /** Puts what is in the account before the stack is. */
  readonly furnish: (account: Account) => Promise<void>;
  readonly onEntry: (entry: JournalEntry) => void;
  readonly onProblem: (line: string) => void;
}

export interface LocalAccount {
  readonly account: Account;
  readonly endpoint: string;
  readonly dns: { readonly address: string; readonly port: number };
  readonly outputs: Readonly<Record<string, string>>;
  /** Where hosts and renderers find the endpoint, if the configuration has one. */
  readonly endpointUrl?: string;
  /** Resolves once the DNS server answers this question, or after ten seconds in any case. */
  untilAnswered(question: Question): Promise<void>;
  /** Leaves no server, worker or timer. */
  close(): Promise<void>;
}

/** An AWS account on loopback with the synthesized stack in it, its functions running as bundled. */
export async function startLocalAccount(options: LocalAccountOptions): Promise<LocalAccount> {
  const assembly = await readAssembly(options.assemblyFolder, options.stackName);
  const account = new Account();
  // In the order in which they are opened; closed in the reverse order.
  const open: (() => Promise<void>)[] = [async () => account.close()];
  const close = async (): Promise<void> => {
    for (const end of open.splice(0).reverse()) await end();
  };
  try {
    const server = await startHttpServer(account, options.port);
    open.push(() => server.close());
    const { address, port, ...dns } = await startDnsServer({
      zones: () => account.route53.servedZones(),
      isHealthy: (id) => account.route53.healthChecks.isHealthy(id),
      port: options.dnsPort,
    });
    open.push(() => dns.close());
    const host = hostFor(account, server, options);
    const desk = await CustomResourceDesk.open(host, account.newId);
    open.push(() => desk.close());
    createExistingZones(account, options.configuration);
    await options.furnish(account);
    let isClosing = false;
    const onFailure = (name: string, error: unknown): void => {
      // Closing breaks off what is under way; that is no failure.
      if (!isClosing) options.onProblem(`${name}: ${failureText(error)}`);
    };
    open.push(() => host.close());
    const urls: string[] = [];
    const serveUrl: StackHome['serveUrl'] = async (name) => {
      const served = await serveFunctionUrl({
        port: options.urlPort,
        newId: account.newId,
        now: () => account.timeline.now(),
        invoke: (event) => host.invoke(name, event),
        onFailure: (error) => onFailure(name, error),
      });
      open.push(() => served.close());
      urls.push(served.url);
      return served;
    };
    const stack = await Stack.create(assembly, homeIn(account, { host, desk, onFailure, serveUrl }));
    open.push(async () => {
      isClosing = true;
      stack.halt();
    });
    addControlRoutes(server, account, stack);
    return {
      account,
      endpoint: server.endpoint,
      dns: { address, port },
      outputs: stack.outputs,
      ...(urls[0] === undefined ? {} : { endpointUrl: urls[0] }),
      untilAnswered: (question) => untilAnswered(account, question),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const ANSWER_TRIES = 200;
const ANSWER_PAUSE_MS = 50;

async function untilAnswered({ route53, timeline }: Account, question: Question): Promise<void> {
  for (let tries = 0; tries < ANSWER_TRIES; tries += 1) {
    if (resolve(question, route53.servedZones(), Math.random).answers.length > 0) return;
    await timeline.sleep(ANSWER_PAUSE_MS);
  }
}

/** Zones that the configuration names by id are there before the stack is. */
function createExistingZones(account: Account, { zones }: Configuration): void {
  for (const { name, id, private: isPrivate = false } of Object.values(zones)) {
    if (id === undefined) continue;
    const vpc = isPrivate ? { vpc: { id: 'vpc-0123456789abcdef0', region: account.region } } : {};
    account.route53.createZone({ name, id, callerReference: account.newId(), ...vpc });
  }
}

function hostFor(account: Account, { endpoint }: AccountServer, options: LocalAccountOptions): BundledHost {
  return new BundledHost({
    endpoint,
    region: account.region,
    newId: account.newId,
    onLine: (functionName, line) => {
      const entry = journalEntryIn(line);
      if (entry !== undefined) options.onEntry(entry);
      else if (!isMetrics(line)) options.onProblem(`${functionName}: ${line}`);
    },
  });
}

function failureText(error: unknown): string {
  if (error instanceof FunctionError) return `${error.errorType}: ${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
