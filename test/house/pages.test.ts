import { access, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { CHANGE_REASONS, WITHHELD_REASONS } from '../../lib/model/reason.ts';
import { METRICS } from '../../lib/model/measurement.ts';
import { ALARMS, runbookOf } from '../../lib/infra/alarms.ts';

/** By path from the root: what stands in it outside of code blocks. */
const pages = new Map<string, string>();

beforeAll(async () => {
  const docs = await readdir('docs', { recursive: true });
  const top = await readdir('.');
  const paths = [...top, ...docs.map((path) => join('docs', path))].filter((path) => path.endsWith('.md'));
  for (const path of paths) pages.set(path, (await readFile(path, 'utf8')).replaceAll(/^```[^]*?^```$/gm, ''));
});

/** Of a page's links those that lead to a file of the project. */
function linksOf(path: string): { readonly target: string; readonly anchor: string }[] {
  const written = [...(pages.get(path) ?? '').matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link]) => link ?? []);
  return written
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [file = '', anchor = ''] = link.split('#');
      return { target: file === '' ? path : normalize(join(dirname(path), file)), anchor };
    });
}

/** As GitHub makes them of headings. */
function anchorsOf(path: string): string[] {
  const headings = [...(pages.get(path) ?? '').matchAll(/^#+ (.+)$/gm)].flatMap(([, heading]) => heading ?? []);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The codes in the first column of the tables below a heading. */
function codesBelow(path: string, heading: string): string[] {
  const section = new RegExp(`^## ${heading}$([^]*?)(?=^## |(?![^]))`, 'm').exec(pages.get(path) ?? '')?.[1] ?? '';
  return [...section.matchAll(/^\| `([^`]+)`/gm)].flatMap(([, code]) => code ?? []);
}

describe('the pages', () => {
  it('are there', () => {
    expect(pages.size).toBeGreaterThan(50);
    expect([...pages.keys()].flatMap(linksOf).length).toBeGreaterThan(100);
  });

  it('link to files that exist, and to headings that these have', async () => {
    const broken: string[] = [];
    for (const path of pages.keys()) {
      for (const { target, anchor } of linksOf(path)) {
        const isThere = await access(target).then(
          () => true,
          () => false,
        );
        if (!isThere || (anchor !== '' && !anchorsOf(target).includes(anchor)))
          broken.push(`${path}: ${target}#${anchor}`);
      }
    }
    expect(broken).toEqual([]);
  });

  it('can each be reached from the README, decisions and runbooks by their folder', () => {
    const reached = new Set(linksOf('README.md').map(({ target }) => target));
    const guides = [...pages.keys()].filter((path) => /^docs\/(?:tutorials|how-to|reference|explanation)\//.test(path));
    expect(guides.filter((path) => !reached.has(path))).toEqual([]);
    expect([...reached]).toEqual(expect.arrayContaining(['docs/decisions/', 'docs/runbooks/']));
  });
});

describe('the page of the journal', () => {
  it('has every reason, and no other', () => {
    const page = 'docs/reference/journal.md';
    expect(codesBelow(page, 'Change reasons').sort()).toEqual([...CHANGE_REASONS].sort());
    expect(codesBelow(page, 'Refusal reasons').sort()).toEqual([...WITHHELD_REASONS].sort());
  });
});

describe('the page of metrics and alarms', () => {
  it('has every metric with its unit, and no other', () => {
    const page = pages.get('docs/reference/metrics.md') ?? '';
    for (const [name, unit] of Object.entries(METRICS)) expect(page).toContain(`| \`${name}\` | ${unit} |`);
    const [metrics = ''] = page.split('## Alarms');
    expect([...metrics.matchAll(/^\| `/gm)]).toHaveLength(Object.keys(METRICS).length);
  });

  it('has every alarm, and no other', () => {
    const alarms = codesBelow('docs/reference/metrics.md', 'Alarms').map((name) => name.replace('…', ''));
    expect(alarms.sort()).toEqual(Object.keys(ALARMS).sort());
  });

  it('leads to a runbook for each alarm, and there is no other runbook', () => {
    const runbooks = [...pages.keys()]
      .filter((path) => path.startsWith('docs/runbooks/'))
      .map((path) => basename(path));
    expect(runbooks.sort()).toEqual(
      Object.keys(ALARMS)
        .flatMap((name) => (isAlarm(name) ? runbookOf(name) : []))
        .sort(),
    );
  });
});

function isAlarm(name: string): name is keyof typeof ALARMS {
  return name in ALARMS;
}
