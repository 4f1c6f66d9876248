import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ALARMS } from '../../lib/infra/alarms.ts';
import { METRICS } from '../../lib/model/measurement.ts';

describe('the page of metrics and alarms', () => {
  it('has every metric with its unit, and every alarm', async () => {
    const page = await readFile(new URL('../../docs/reference/metrics.md', import.meta.url), 'utf8');
    for (const [name, unit] of Object.entries(METRICS)) expect(page).toContain(`| \`${name}\` | ${unit} |`);
    for (const name of Object.keys(ALARMS)) expect(page).toMatch(new RegExp(`^\\| \`…?${name}\``, 'm'));
  });
});
