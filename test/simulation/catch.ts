import { parseArgs } from 'node:util';
import { baseTemplate } from './base-template.ts';
import { tableOf, writeToPage } from './page.ts';
import { PLANTED_BUGS } from './planted-bugs.ts';
import { simulatorWith } from './planting.ts';
import * as unplanted from './run.ts';

/**
 * How many seeds it takes to catch each planted bug: `npm run simulate:planted -- --seeds 400`, `--only <part of a name>`;
 * `--page` writes the table to docs/explanation/proof.md. Ends with 1 when one lives.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '400' },
    only: { type: 'string', default: '' },
    page: { type: 'boolean', default: false },
  },
});

const base = await baseTemplate();
await unplanted.warmUp(base);
const rows: string[][] = [];
for (const bug of PLANTED_BUGS.filter(({ name }) => name.includes(values.only))) {
  const { simulate, warmUp } = await simulatorWith(bug);
  await warmUp(base);
  let caught = ['lives', ''];
  for (let seed = 1; seed <= Number(values.seeds); seed += 1) {
    const { violation } = await simulate(seed, base);
    // A seed that breaks something without the mistake, too, has not caught it.
    if (violation === undefined || (await unplanted.simulate(seed, base)).violation !== undefined) continue;
    caught = [String(seed), violation.invariant];
    break;
  }
  rows.push([bug.name, ...caught]);
  console.log(`${bug.name} | ${caught.join(' | ')}`);
}
if (values.page) await writeToPage('planted', tableOf(['planted bug', 'seeds until caught', 'by invariant'], rows));
process.exitCode = rows.some(([, seeds]) => seeds === 'lives') ? 1 : 0;
