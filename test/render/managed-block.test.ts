import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withBlock } from '../../lib/render/managed-block.ts';

const BEGIN = '# BEGIN rolecall members';
const END = '# END rolecall members';

describe('withBlock', () => {
  it('adds the block at the end, on a line of its own', () => {
    expect(withBlock('127.0.0.1 localhost', 'members', ['10.0.0.1\tweb'])).toBe(
      `127.0.0.1 localhost\n${BEGIN}\n10.0.0.1\tweb\n${END}\n`,
    );
    expect(withBlock('', 'members', [])).toBe(`${BEGIN}\n${END}\n`);
  });

  it('replaces what is in the block, and nothing around it', () => {
    const text = `a\n${BEGIN}\nold\nolder\n${END}\nb`;
    expect(withBlock(text, 'members', ['new'])).toBe(`a\n${BEGIN}\nnew\n${END}\nb`);
  });

  it('ends its lines as the file does', () => {
    expect(withBlock('a\r\nb\r\n', 'members', ['x'])).toBe(`a\r\nb\r\n${BEGIN}\r\nx\r\n${END}\r\n`);
  });

  it('is the same the second time where line ends differ, for it does not count its own', () => {
    const text = `\r\n${BEGIN}\n10.0.0.1\tweb\n${END}\n\n\n`;
    const once = withBlock(text, 'members', []);
    expect(once).toBe(`\r\n${BEGIN}\n${END}\n\n\n`);
    expect(withBlock(once, 'members', [])).toBe(once);
    const windows = `a\r\nb\r\n${BEGIN}\nx\ny\nz\n${END}\r\n`;
    expect(withBlock(windows, 'members', ['x', 'y'])).toBe(`a\r\nb\r\n${BEGIN}\r\nx\r\ny\r\n${END}\r\n`);
  });

  it('leaves the block of another name, and a line that only looks like a marker', () => {
    const foreign = `# BEGIN rolecall others\nx\n# END rolecall others\n ${BEGIN}\n${BEGIN} too\n`;
    expect(withBlock(foreign, 'members', [])).toBe(`${foreign}${BEGIN}\n${END}\n`);
  });

  it.each([
    ['a begin without an end', `${BEGIN}\nx\n`],
    ['an end without a begin', `x\n${END}\n`],
    ['an end before its begin', `${END}\n${BEGIN}\n`],
    ['two blocks', `${BEGIN}\n${END}\n${BEGIN}\n${END}\n`],
  ])('refuses %s', (_what, text) => {
    expect(() => withBlock(text, 'members', [])).toThrow(/there must be one line "# BEGIN rolecall members"/);
  });

  const foreignLine = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) });
  const foreign = fc
    .array(fc.tuple(foreignLine, fc.constantFrom('\n', '\r\n', '')), { maxLength: 8 })
    .map((lines) => lines.map(([line, end]) => line + end).join(''))
    .filter((text) => !text.includes('rolecall members'));
  const ours = fc.array(fc.constantFrom('10.0.0.1\tweb', '10.0.0.2\tcache web', '2001:db8::1\tweb'), { maxLength: 4 });

  it('keeps every byte of others, whatever their lines end with', () => {
    fc.assert(
      fc.property(foreign, foreign, ours, ours, (before, after, first, second) => {
        const once = withBlock(before, 'members', first);
        expect(once.startsWith(before)).toBe(true);
        const twice = withBlock(once + after, 'members', second);
        const [head = '', rest = ''] = twice.split(BEGIN);
        const [block = '', tail = ''] = rest.split(END);
        expect([before, `${before}\n`, `${before}\r\n`]).toContain(head);
        expect([after, `\n${after}`, `\r\n${after}`]).toContain(tail);
        expect(block.split(/\r?\n/).filter((line) => line !== '')).toEqual(second);
      }),
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(foreign, foreign, ours, ours, (before, after, first, second) => {
        const once = withBlock(before, 'members', first);
        expect(withBlock(once, 'members', first)).toBe(once);
        const moved = withBlock(once + after, 'members', second);
        expect(withBlock(moved, 'members', second)).toBe(moved);
      }),
    );
  });
});
