import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { PAGE_FILE, withTable } from '../../scripts/bench/page.ts';
import { markdownOf, percentile } from '../../scripts/bench/table.ts';

const page = await readFile(PAGE_FILE, 'utf8');

it.each([
  ['Calls per event', 'calls'],
  ['Event to accepted', 'latency'],
  ['Bundles and cold starts', 'cold-start'],
  ['The pure core', 'core'],
  ['Storms of terminations', 'storm'],
  ['The same storms, one function for each event', 'per-event'],
  ['Memory', 'memory'],
  ['The command line', 'cli'],
])('the page has the section "%s" with its table and how it was measured', (heading, name) => {
  expect(page).toContain(`\n## ${heading}\n`);
  const table = page.slice(page.indexOf(`<!-- begin ${name} -->`), page.indexOf(`<!-- end ${name} -->`));
  expect(table).toMatch(/^\| --- \| --: /m);
  expect(table).toMatch(/^Measured by `npm run bench -- [a-z-]+` on Node \d+\.\d+\.\d+, \d+ cores?\.$/m);
});

it('the storms are the same in both tables, with one more of ours', () => {
  const labels = (name: string) => {
    const table = page.slice(page.indexOf(`<!-- begin ${name} -->`), page.indexOf(`<!-- end ${name} -->`));
    return [...table.matchAll(/^\| (\d[^|]*) \|/gm)].map(([, label]) => label);
  };
  expect(labels('per-event')).toHaveLength(10);
  expect(labels('storm')).toEqual([...labels('per-event'), '10,000, shared names, all marked before the first pass']);
});

it('a table is put between its markers, and what stands around them stays', () => {
  const before = 'One.\n<!-- begin calls -->\nold\n<!-- end calls -->\nTwo.\n';
  expect(withTable(before, 'calls', 'new')).toBe('One.\n<!-- begin calls -->\n\nnew\n\n<!-- end calls -->\nTwo.\n');
});

it('refuses a page without the markers', () => {
  expect(() => withTable('One.\n', 'calls', 'new')).toThrow('The page has no place for "calls"');
});

it('a table is Markdown, its first column to the left', () => {
  expect(markdownOf({ columns: ['Work', 'ms'], rows: [['one', '2']] })).toBe(
    '| Work | ms |\n| --- | --: |\n| one | 2 |',
  );
});

it('a percentile is one of the values', () => {
  const values = [40, 10, 30, 20];
  expect([0.5, 0.75, 0.99].map((part) => percentile(values, part))).toEqual([20, 30, 40]);
});
