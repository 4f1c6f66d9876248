import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfiguration } from '../lib/cli/configuration-file.ts';
import { readControlFile, removeControlFile, writeControlFile } from '../lib/cli/control-file.ts';
import { warningsOf } from '../lib/config/warnings.ts';
import { RolecallError } from '../lib/model/errors.ts';
import { allocateDemoAddress, DEMO_NAMES, launchDemoFleet } from './demo.ts';
import { clientsFor } from './in-process.ts';
import { type LocalAccount, startLocalAccount } from './runtime/local-account.ts';
import { HELP, parseOptions, type StartOptions } from './runtime/start-options.ts';
import { synthesize } from './runtime/synthesis.ts';
import { Screen } from './screen.ts';

const DEMO_CONFIGURATION = fileURLToPath(new URL('../examples/demo.rolecall.config.ts', import.meta.url));
const STACK_NAME = 'Rolecall';
const FOLDER = process.cwd();

// Which Node runs the SDK is settled by the versions in package.json, not by who watches the account.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
process.exitCode = await main();

async function main(): Promise<number> {
  let options: StartOptions;
  try {
    options = parseOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return 64;
  }
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  try {
    await run(options);
    return 0;
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return 1;
  }
}

async function run(options: StartOptions): Promise<void> {
  await assertAlone();
  const screen = new Screen({
    json: options.json,
    colour: process.stdout.isTTY && !process.env['NO_COLOR'],
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
  });
  const { configuration, folder } = await prepare(options, screen);
  const stopped = stopSignal();
  const local = await startLocalAccount({
    assemblyFolder: folder,
    stackName: STACK_NAME,
    configuration,
    port: options.port,
    dnsPort: options.dnsPort,
    urlPort: options.urlPort,
    furnish: async (account) => {
      if (options.demo === 'small') await allocateDemoAddress(clientsFor(account, 'demo').ec2);
    },
    onEntry: (entry) => screen.entry(entry, Date.now()),
    onProblem: (line) => screen.problem(line),
  });
  try {
    const [zone] = Object.values(configuration.zones);
    await live(local, options, screen, zone?.name ?? '.');
    await stopped;
  } finally {
    await removeControlFile(FOLDER);
    await local.close();
  }
}

/** Until here nothing is open: a signal ends the process at once. */
async function prepare(options: StartOptions, screen: Screen) {
  const configurationPath = options.config === undefined ? DEMO_CONFIGURATION : resolve(options.config);
  const configuration = await loadConfiguration(configurationPath);
  for (const warning of warningsOf(configuration)) screen.problem(warning);
  const onProgress = (line: string) => screen.progress(line);
  const folder = await synthesize({ configurationPath, configuration, stackName: STACK_NAME, onProgress });
  return { configuration, folder };
}

async function live(local: LocalAccount, { demo }: StartOptions, screen: Screen, zoneName: string): Promise<void> {
  const { account, endpoint, dns, outputs, endpointUrl } = local;
  const { region } = account;
  if (demo === 'small') await launchDemoFleet(clientsFor(account, 'demo').ec2);
  const questions =
    demo === 'small' ? DEMO_NAMES.map((name) => ({ name, type: 'A' })) : [{ name: zoneName, type: 'SOA' }];
  for (const question of questions) await local.untilAnswered(question);
  await writeControlFile(FOLDER, { pid: process.pid, endpoint, dns, region, outputs });
  screen.ready({ endpoint, dns, region, outputs, questions, ...(endpointUrl === undefined ? {} : { endpointUrl }) });
}

/** @throws RolecallError when a local account runs in this folder; a file that was left behind is no account. */
async function assertAlone(): Promise<void> {
  const running = await readControlFile(FOLDER);
  if (running === undefined) return;
  const answers = await fetch(`${running.endpoint}/_rolecall/`).then(
    () => true,
    () => false,
  );
  if (!answers) return;
  throw new RolecallError(
    'already-running',
    `A local account already runs in this folder: process ${running.pid}, ${running.endpoint}. Use it, or end it first with Ctrl-C in its terminal or kill ${running.pid}.`,
  );
}

function stopSignal(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
}

function messageOf(error: unknown): string {
  if (error instanceof RolecallError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
