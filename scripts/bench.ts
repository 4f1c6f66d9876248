import { calls } from './bench/calls.ts';
import { cli } from './bench/cli.ts';
import { coldStart } from './bench/cold-start.ts';
import { latency } from './bench/latency.ts';
import { memory } from './bench/memory.ts';
import { writeTable } from './bench/page.ts';
import { perEvent } from './bench/per-event.ts';
import { pureCore } from './bench/pure-core.ts';
import { storm } from './bench/storm.ts';
import { markdownOf, type Part } from './bench/table.ts';

/** `npm run bench`: measures, prints, and rewrites the tables of docs/reference/performance.md; `-- calls core` only those. */
const PARTS: readonly Part[] = [calls, latency, coldStart, pureCore, memory, storm, perEvent, cli];

const names = process.argv.slice(2);
const unknown = names.filter((name) => !PARTS.some((part) => part.name === name));
if (unknown.length > 0) {
  console.error(`There is no table ${unknown.join(', ')}; there are ${PARTS.map((part) => part.name).join(', ')}.`);
  process.exit(64);
}

for (const part of PARTS) {
  if (names.length > 0 && !names.includes(part.name)) continue;
  const startedAtMs = performance.now();
  const table = await part.measure();
  await writeTable(part, table);
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  console.log(`\n${part.title} (measured in ${seconds} s)\n\n${markdownOf(table)}`);
}
