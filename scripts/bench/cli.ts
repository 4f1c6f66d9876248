import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import { bundleCli } from '../bundle/cli-bundle.ts';
import { figure, median, type Part, type Table, verdict } from './table.ts';

const PROCESSES = 11;
const BUDGET_MS = 100;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Of the package, what the commands below run. */
const INSTALLED = ['bin/rolecall.cjs', 'dist/cli', 'package.json', 'roles.schema.json'];

export const cli: Part = { name: 'cli', title: 'The command line', limitSeconds: 300, measure };

interface Measured {
  readonly firstInPipeMs: number;
  readonly firstOnTerminalMs: number;
  readonly processMs: number;
}

const NODE_ALONE = ['--eval', 'console.log(0)'];
const COMMANDS: readonly (readonly string[])[] = [
  ['--help'],
  ['--version'],
  ['statsu'],
  ['move', '--help'],
  ['move', 'web'],
  ['config', 'schema'],
  ['status'],
  ['names'],
  ['explain', 'web'],
  ['doctor'],
  ['plan'],
];

/** Fresh processes against a local account, the commands in turn, so that what else the machine does befalls all alike. */
async function measure(): Promise<Table> {
  await bundleCli();
  const folder = await mkdtemp(join(tmpdir(), 'rolecall-bench-'));
  const launcher = await install(folder);
  const account = await startAccount(folder);
  try {
    const bare: Measured[] = [];
    const measured = COMMANDS.map((command) => ({ command, runs: [] as Measured[] }));
    for (let round = 0; round < PROCESSES; round += 1) {
      bare.push(await run(folder, NODE_ALONE));
      for (const { command, runs } of measured) runs.push(await run(folder, [launcher, ...command]));
    }
    return {
      columns: [
        'Command',
        'first output on a terminal, ms',
        'more than Node alone, ms',
        'first output in a pipe, ms',
        'whole process, ms',
        'Budget on a terminal',
        '',
      ],
      rows: [
        ...measured.map(({ command, runs }) => row(`\`rolecall ${command.join(' ')}\``, runs, bare)),
        row('Node alone', bare, bare, false),
      ],
    };
  } finally {
    account.kill('SIGTERM');
    await new Promise((ended) => account.once('close', ended));
    await rm(folder, { recursive: true });
  }
}

function row(name: string, runs: readonly Measured[], bare: readonly Measured[], isOurs = true): string[] {
  const firstMs = median(runs.map(({ firstOnTerminalMs }) => firstOnTerminalMs));
  return [
    name,
    figure(firstMs),
    isOurs ? figure(firstMs - median(bare.map(({ firstOnTerminalMs }) => firstOnTerminalMs))) : '–',
    figure(median(runs.map(({ firstInPipeMs }) => firstInPipeMs))),
    figure(median(runs.map(({ processMs }) => processMs))),
    isOurs ? `${BUDGET_MS} ms` : '–',
    verdict(isOurs ? firstMs <= BUDGET_MS : undefined),
  ];
}

async function run(cwd: string, args: readonly string[]): Promise<Measured> {
  const inPipe = await timed(process.execPath, args, cwd);
  const words = [process.execPath, ...args].map((word) => `'${word}'`).join(' ');
  // script(1) of util-linux gives the command a terminal, and writes what the terminal shows to its own stdout.
  const onTerminal = await timed('script', ['-qfec', words, '/dev/null'], cwd);
  return { firstInPipeMs: inPipe.firstMs, firstOnTerminalMs: onTerminal.firstMs, processMs: inPipe.wholeMs };
}

/** Until the first byte of stdout or stderr, and until the end. */
async function timed(
  program: string,
  args: readonly string[],
  cwd: string,
): Promise<{ readonly firstMs: number; readonly wholeMs: number }> {
  const startedAtMs = performance.now();
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let firstMs: number | undefined;
  for (const output of [child.stdout, child.stderr]) {
    output.on('data', () => {
      firstMs ??= performance.now() - startedAtMs;
    });
  }
  await new Promise((ended) => child.once('close', ended));
  if (firstMs === undefined) throw new Error(`${[program, ...args].join(' ')} printed nothing.`);
  return { firstMs, wholeMs: performance.now() - startedAtMs };
}

/** As npm would lay it out: no checkout, whose launcher first looks whether the bundle is as new as the sources. */
async function install(folder: string): Promise<string> {
  const installed = join(folder, 'node_modules/rolecall');
  for (const path of INSTALLED) await cp(join(ROOT, path), join(installed, path), { recursive: true });
  return join(installed, 'bin/rolecall.cjs');
}

/** The demo fleet, in a process of its own; ready when it says so. */
async function startAccount(cwd: string): Promise<ChildProcess> {
  const args = ['--import', import.meta.resolve('tsx'), join(ROOT, 'local/start.ts'), '--json', '--port', '0'];
  const child = spawn(process.execPath, [...args, '--dns-port', '0'], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((ready, failed) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('"kind":"ready"')) ready();
    });
    child.once('close', () => failed(new Error('The local account ended before it was ready.')));
  });
  return child;
}
