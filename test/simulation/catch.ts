import { baseTemplate } from './base-template.ts';
import { PLANTED_BUGS } from './planted-bugs.ts';
import { simulatorWith } from './planting.ts';

/** How many seeds it takes until each planted bug is caught: `node --import tsx test/simulation/catch.ts [most] [name part]`. */
const [most = '300', part = ''] = process.argv.slice(2);
const base = await baseTemplate();
for (const bug of PLANTED_BUGS.filter(({ name }) => name.includes(part))) {
  const { simulate } = await simulatorWith(bug);
  let caught = 'LIVES';
  for (let seed = 1; seed <= Number(most); seed += 1) {
    const { violation } = await simulate(seed, base);
    if (violation === undefined) continue;
    caught = `${seed} | ${violation.message.split('\n')[0]?.slice(0, 160)}`;
    break;
  }
  console.log(`${bug.name} | ${caught}`);
}
