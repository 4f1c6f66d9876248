import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { commandOf, markdownOf, type Part, type Table } from './table.ts';

export const PAGE_FILE = new URL('../../docs/reference/performance.md', import.meta.url);

/** Puts a table between its markers; what stands around them is written by hand. */
export async function writeTable(part: Part, table: Table): Promise<void> {
  const page = await readFile(PAGE_FILE, 'utf8');
  await writeFile(PAGE_FILE, withTable(page, part.name, `${markdownOf(table)}\n\n${provenance(part)}`));
}

/** @throws Error where the page has no such markers. */
export function withTable(page: string, name: string, text: string): string {
  const [from, to] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const [start, end] = [page.indexOf(from), page.indexOf(to)];
  if (start < 0 || end < start) throw new Error(`The page has no place for "${name}": ${from} … ${to} is missing.`);
  return `${page.slice(0, start + from.length)}\n\n${text}\n\n${page.slice(end)}`;
}

/** What a reader needs to repeat the figures. */
function provenance(part: Part): string {
  return `Measured by \`npm run bench -- ${commandOf(part)}\` on Node ${process.versions.node}, ${availableParallelism()} cores.`;
}
