import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { COMMANDS } from './bench/parts.ts';
import type { Part } from './bench/table.ts';

const MEASURE = fileURLToPath(new URL('bench/measure.ts', import.meta.url));

/**
 * `npm run bench`: measures, prints, and rewrites the tables of docs/reference/performance.md; `-- calls core` only those.
 * Each command has a process of its own: what one leaves in the heap, and what the engine has made of the code, is in no
 * other's figures. One that takes far longer than it should is given up.
 */
const names = process.argv.slice(2);
const unknown = names.filter((name) => !COMMANDS.has(name));
if (unknown.length > 0) {
  console.error(`There is no table ${unknown.join(', ')}; there are ${[...COMMANDS.keys()].join(', ')}.`);
  process.exitCode = 64;
} else
  process.exitCode = await measureEach([...COMMANDS].filter(([name]) => names.length === 0 || names.includes(name)));

async function measureEach(commands: readonly (readonly [string, readonly Part[]])[]): Promise<number> {
  const failed: string[] = [];
  for (const [index, [command, parts]] of commands.entries()) {
    const limitSeconds = parts.reduce((sum, part) => sum + part.limitSeconds, 0);
    const titles = parts.map(({ title }) => title).join('; ');
    console.error(`\n[${index + 1}/${commands.length}] ${titles}: at most ${limitSeconds} s …`);
    if (!(await isMeasured(command, limitSeconds))) failed.push(command);
  }
  if (failed.length === 0) return 0;
  console.error(`\nNot measured, and left on the page as they were: ${failed.join(', ')}.`);
  return 1;
}

async function isMeasured(command: string, limitSeconds: number): Promise<boolean> {
  const child = spawn(process.execPath, ['--import', 'tsx', MEASURE, command], {
    stdio: 'inherit',
    timeout: limitSeconds * 1000,
  });
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (signal !== null) console.error(`${command} was ended by ${signal}`);
      resolve(code === 0);
    });
  });
}
