import { describe, expect, it } from 'vitest';
import { PLANTED_BUGS } from './planted-bugs.ts';
import { planted } from './planting.ts';

describe('a planted bug', () => {
  it.each(PLANTED_BUGS)('still has its place in the sources: $name', async (bug) => {
    expect(await planted(bug)).toContain(bug.becomes);
  });
});
