import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../lib/cli/configuration-file.ts';
import { warningsOf } from '../../lib/config/warnings.ts';

const examples = (await readdir('examples'))
  .filter((file) => file.endsWith('.config.ts'))
  .map((file) => join('examples', file));

describe('the examples', () => {
  it('are there', () => {
    expect(examples).toContain(join('examples', 'rolecall.config.ts'));
  });

  it.each([...examples, 'rolecall.config.ts'])('%s is a configuration that warns of nothing', async (path) => {
    expect(warningsOf(await loadConfiguration(path))).toEqual([]);
  });
});
