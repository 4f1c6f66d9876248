import { InvalidInput } from '../model/errors.ts';

/**
 * A text with our block in it as it should be, and every other byte as it was. Where there is no block yet it goes to the
 * end, on a line of its own. Line ends are those of the text
 * around it.
 *
 * @param lines Without line ends; none: the block stays, empty.
 * @throws InvalidInput when the markers of the block do not stand in pairs: nothing can be told of what is ours then.
 */
export function withBlock(text: string, block: string, lines: readonly string[]): string {
  const [begin, end] = [`# BEGIN rolecall ${block}`, `# END rolecall ${block}`];
  const begins = placesOf(text, begin);
  const ends = placesOf(text, end);
  const [first] = begins;
  const [last] = ends;
  if (first === undefined && last === undefined) {
    const lineEnd = lineEndOf(text);
    const ours = [begin, ...lines, end].join(lineEnd);
    return `${text}${endsLine(text) ? '' : lineEnd}${ours}${lineEnd}`;
  }
  if (first === undefined || last === undefined || begins.length > 1 || ends.length > 1 || last.from < first.from) {
    throw new InvalidInput(
      `The file has the markers of the block ${block} ${begins.length} and ${ends.length} times, or in the wrong order; there must be one line ${JSON.stringify(begin)} and after it one line ${JSON.stringify(end)}. Mend the file, or remove both lines and what is between them.`,
    );
  }
  const [before, after] = [text.slice(0, first.from), text.slice(last.to)];
  // By what is not ours: else the block would choose for itself, and another way each time.
  return before + [begin, ...lines, end].join(lineEndOf(before + after)) + after;
}

/** What the text mostly ends its lines with. */
function lineEndOf(text: string): string {
  const windows = text.split('\r\n').length - 1;
  return windows * 2 > text.split('\n').length - 1 ? '\r\n' : '\n';
}

function endsLine(text: string): boolean {
  return text === '' || text.endsWith('\n');
}

/** Where the marker is a line of its own, its line end not included. */
function placesOf(text: string, marker: string): { readonly from: number; readonly to: number }[] {
  const places = [];
  for (let from = text.indexOf(marker); from >= 0; from = text.indexOf(marker, from + 1)) {
    const to = from + marker.length;
    const isWholeLine = (from === 0 || text[from - 1] === '\n') && /^(?:\r?\n|$)/.test(text.slice(to, to + 2));
    if (isWholeLine) places.push({ from, to });
  }
  return places;
}
