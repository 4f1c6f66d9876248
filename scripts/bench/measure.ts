import { writeTable } from './page.ts';
import { COMMANDS } from './parts.ts';
import { markdownOf } from './table.ts';

/** One command of the benchmark, in a process of its own: tables to stdout and to the page, what is done to stderr. */
for (const part of COMMANDS.get(process.argv[2] ?? '') ?? []) {
  const startedAtMs = performance.now();
  const seconds = () => `${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`;
  const table = await part.measure((done) => console.error(`  ${seconds()}: ${done}`));
  await writeTable(part, table);
  console.log(`\n${part.title} (measured in ${seconds()})\n\n${markdownOf(table)}`);
}
