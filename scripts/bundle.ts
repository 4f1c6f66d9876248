import { parseArgs } from 'node:util';
import { type Bundle, bundleLambdas, overBudget, overRecorded } from './bundle/lambda-bundles.ts';

/** `npm run build`: writes dist/lambdas; `--report` prints the sizes. */
const { values } = parseArgs({ options: { report: { type: 'boolean', default: false } } });

const bundles = await bundleLambdas();
if (values.report) console.log(sizeTable(bundles));

const problems = [...overBudget(bundles), ...overRecorded(bundles)];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;

function sizeTable(rows: readonly Bundle[]): string {
  const lines = rows.map((row) => `| ${row.name} | ${row.bytes} | ${row.gzipBytes} |`);
  return ['| Lambda | bytes | gzip |', '|---|--:|--:|', ...lines].join('\n');
}
