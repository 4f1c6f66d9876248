import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import { bundleCli } from '../bundle/cli-bundle.ts';
import { figure, median, type Part, type Table, verdict } from './table.ts';

const PROCESSES = 9;
const BUDGET_MS = 100;
const LAUNCHER = fileURLToPath(new URL('../../bin/rolecall.js', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export const cli: Part = { name: 'cli', title: 'The command line', measure };

interface Measured {
  readonly firstOutputMs: number;
  /** Of stdout or stderr, whichever came first. */
  readonly firstOnTerminalMs: number;
  readonly processMs: number;
}

const NODE_ALONE = ['--eval', 'console.log(0)'];
const COMMANDS: readonly (readonly string[])[] = [
  ['--help'],
  ['config', 'schema'],
  ['status'],
  ['names'],
  ['explain', 'web'],
  ['doctor'],
];

/** Fresh processes against a local account, the commands in turn, so that what else the machine does befalls all alike. */
async function measure(): Promise<Table> {
  await bundleCli();
  const folder = await mkdtemp(join(tmpdir(), 'rolecall-bench-'));
  const account = await startAccount(folder);
  try {
    const bare: Measured[] = [];
    const measured = COMMANDS.map((command) => ({ command, runs: [] as Measured[] }));
    for (let round = 0; round < PROCESSES; round += 1) {
      bare.push(await run(folder, NODE_ALONE));
      for (const { command, runs } of measured) runs.push(await run(folder, [LAUNCHER, ...command]));
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
    figure(median(runs.map(({ firstOutputMs }) => firstOutputMs))),
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
  return { firstOutputMs: inPipe.firstMs, firstOnTerminalMs: onTerminal.firstMs, processMs: inPipe.wholeMs };
}

async function timed(
  program: string,
  args: readonly string[],
  cwd: string,
): Promise<{ readonly firstMs: number; readonly wholeMs: number }> {
  const startedAtMs = performance.now();
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'ignore'] });
  const first = new Promise<number>((done) => child.stdout.once('data', () => done(performance.now() - startedAtMs)));
  child.stdout.resume();
  await new Promise((ended) => child.once('close', ended));
  return { firstMs: await first, wholeMs: performance.now() - startedAtMs };
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
