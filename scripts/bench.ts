import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { calls } from './bench/calls.ts';
import { cli } from './bench/cli.ts';
import { coldStart } from './bench/cold-start.ts';
import { latency } from './bench/latency.ts';
import { memory } from './bench/memory.ts';
import { writeTable } from './bench/page.ts';
import { perEvent } from './bench/per-event.ts';
import { pureCore } from './bench/pure-core.ts';
import { storm } from './bench/storm.ts';
import { commandOf, markdownOf, type Part } from './bench/table.ts';

/**
 * `npm run bench`: measures, prints, and rewrites the tables of docs/reference/performance.md; `-- calls core` only those.
 * Each command is measured in a process of its own, and given up when it takes far longer than it should; the tables go
 * to stdout, what is being measured to stderr.
 */
const PARTS: readonly Part[] = [calls, latency, coldStart, pureCore, memory, storm, perEvent, cli];
const COMMANDS = [...new Set(PARTS.map(commandOf))];

const names = process.argv.slice(2);
const unknown = names.filter((name) => !COMMANDS.includes(name));
const [only, another] = names;
if (unknown.length > 0) {
  console.error(`There is no table ${unknown.join(', ')}; there are ${COMMANDS.join(', ')}.`);
  process.exitCode = 64;
} else if (only !== undefined && another === undefined) await measure(only);
else await measureEach(names.length > 0 ? names : COMMANDS);

async function measure(command: string): Promise<void> {
  for (const part of PARTS.filter((each) => commandOf(each) === command)) {
    const startedAtMs = performance.now();
    const seconds = () => `${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`;
    console.error(`${part.title}: at most ${part.limitSeconds} s …`);
    const table = await part.measure((done) => console.error(`  ${seconds()}: ${done}`));
    await writeTable(part, table);
    console.log(`\n${part.title} (measured in ${seconds()})\n\n${markdownOf(table)}`);
  }
}

/** What one part leaves in the heap, and what the engine has made of the code, is in no other's figures. */
async function measureEach(commands: readonly string[]): Promise<void> {
  const failed: string[] = [];
  for (const [index, command] of commands.entries()) {
    console.error(`\n[${index + 1}/${commands.length}] ${command}`);
    if (!(await isMeasured(command))) failed.push(command);
  }
  if (failed.length === 0) return;
  console.error(`\nNot measured, and left on the page as they were: ${failed.join(', ')}.`);
  process.exitCode = 1;
}

async function isMeasured(command: string): Promise<boolean> {
  const limitSeconds = PARTS.filter((part) => commandOf(part) === command).reduce(
    (sum, part) => sum + part.limitSeconds,
    0,
  );
  const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(import.meta.url), command], {
    stdio: 'inherit',
    timeout: limitSeconds * 1000,
  });
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (signal !== null) console.error(`${command} was given up after ${limitSeconds} s`);
      resolve(code === 0);
    });
  });
}
