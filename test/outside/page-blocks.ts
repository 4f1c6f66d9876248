import { readFileSync } from 'node:fs';

/** One block of commands of a page, and what the page says that it prints. */
export interface Block {
  /** The heading above it. */
  readonly heading: string;
  readonly commands: string;
  /** The `text` block that follows, if one does. */
  readonly prints?: readonly string[];
}

const FENCE = /^```(sh|text)\n([^]*?)^```$/gm;

/** The `sh` blocks of a page in order, each with the `text` block right after it. */
export function blocksOf(page: URL): Block[] {
  const blocks: Block[] = [];
  const text = readFileSync(page, 'utf8');
  for (const { 1: language, 2: body = '', index } of text.matchAll(FENCE)) {
    const heading =
      /## (.*)$/.exec(
        text
          .slice(0, index)
          .match(/^## .*$/gm)
          ?.at(-1) ?? '',
      )?.[1] ?? '';
    const last = blocks.at(-1);
    if (language === 'sh') blocks.push({ heading, commands: body });
    else if (last !== undefined && last.prints === undefined)
      blocks[blocks.length - 1] = { ...last, prints: linesOf(body) };
  }
  return blocks;
}

/** What differs from run to run, by its shape. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/\bi-[0-9a-f]{17}\b/g, 'i-0'],
  [/\beipalloc-[0-9a-f]{17}\b/g, 'eipalloc-0'],
  [/\b203\.0\.113\.\d+\b/g, '203.0.113.0'],
  [/\b10\.0\.\d+\.\d+\b/g, '10.0.0.0'],
  [/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME'],
  [/\bserial \d+/g, 'serial 0'],
  [/\b127\.0\.0\.1:\d+/g, '127.0.0.1:0'],
  [/\b(in|after) \d+ (ms|s)\b/g, '$1 0 s'],
  [/\(\d+ s\)/g, '(0 s)'],
  [/\s+/g, ' '],
];

function shapeOf(line: string): string {
  return SHAPES.reduce((text, [pattern, shape]) => text.replace(pattern, shape), line).trim();
}

const LEFT_OUT = '…';
/** Said only where something takes long: a page cannot promise it, nor that it is not there. */
const PROGRESS = / …$/;

/** The lines that the page promises and are not printed; and, unless it says that it leaves some out, those printed beside them. */
export function differences(promised: readonly string[], printed: string): { missing: string[]; extra: string[] } {
  const left = linesOf(printed).filter((line) => !PROGRESS.test(line));
  const missing: string[] = [];
  for (const line of promised) {
    if (line.trim() === LEFT_OUT) continue;
    const pattern = new RegExp(`^${shapeOf(line).split(LEFT_OUT).map(escaped).join('.*')}$`);
    const at = left.findIndex((each) => pattern.test(shapeOf(each)));
    if (at < 0) missing.push(line);
    else left.splice(at, 1);
  }
  return { missing, extra: promised.some((line) => line.trim() === LEFT_OUT) ? [] : left };
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
