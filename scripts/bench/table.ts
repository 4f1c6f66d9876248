/** One table of the performance page: cells as text, the first column to the left, the others to the right. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One subject of the page; the markers of its tables carry its name. */
export interface Part {
  readonly name: string;
  readonly title: string;
  /** The word that asks for it, where tables belong together; else its name. */
  readonly command?: string;
  /** Several times what it takes where nothing else runs. */
  readonly limitSeconds: number;
  /** `progress` is told of each step that is done. */
  readonly measure: (progress: (done: string) => void) => Promise<Table>;
}

export function commandOf({ command, name }: Part): string {
  return command ?? name;
}

export function markdownOf({ columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = columns.map((_, index) => (index === 0 ? '---' : '--:'));
  return [line(columns), line(rule), ...rows.map(line)].join('\n');
}

const NUMBER = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });

export function figure(value: number): string {
  return NUMBER.format(value);
}

/** Whether a budget holds, in one word; a dash where there is none. */
export function verdict(isMet: boolean | undefined): string {
  if (isMet === undefined) return '–';
  return isMet ? 'met' : '**missed**';
}

/** The value below which this part of the values lies (nearest rank). */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}
