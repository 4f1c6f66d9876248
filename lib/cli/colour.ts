import { styleText } from 'node:util';
import type { Command } from 'commander';
import type { Surroundings } from './surroundings.ts';

/** What a text means, for people who see colours; the words say it too. */
export type Tone = 'good' | 'change' | 'bad' | 'heading';
export type Paint = (tone: Tone, text: string) => string;

const STYLES = { good: 'green', change: 'yellow', bad: 'red', heading: 'bold' } as const;

export const plain: Paint = (_tone, text) => text;

/**
 * Colours on a terminal alone. In this order: `--no-color`; `NO_COLOR`, unless it is empty (no-color.org); `FORCE_COLOR`,
 * which `0` and `false` switch off; a terminal that says it is `dumb`.
 */
export function paintFor({ environment, terminal }: Surroundings, command: Command): Paint {
  const { color } = command.optsWithGlobals<{ readonly color?: boolean }>();
  const { NO_COLOR: no, FORCE_COLOR: force, TERM: kind } = environment;
  if (color === false || (no !== undefined && no !== '')) return plain;
  const isForced = force !== undefined && force !== '' && force !== '0' && force !== 'false';
  const isOff = force === '0' || force === 'false' || terminal?.isStdoutTerminal !== true || kind === 'dumb';
  if (isOff && !isForced) return plain;
  return (tone, text) => styleText(STYLES[tone], text, { validateStream: false });
}

/** The first mark of each line that stands here, in its tone. */
export function paintMarks(lines: readonly string[], marks: Readonly<Record<string, Tone>>, paint: Paint): string[] {
  return lines.map((line) => {
    const [, indent = '', mark = '', rest = ''] = /^( *)(\S+)(.*)$/s.exec(line) ?? [];
    const tone = marks[mark];
    return tone === undefined ? line : `${indent}${paint(tone, mark)}${rest}`;
  });
}
