import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { baseTemplate } from './base-template.ts';
import type { Catch, Hunt } from './catcher.ts';
import { tableOf, writeToPage } from './page.ts';
import { PLANTED_BUGS } from './planted-bugs.ts';

/**
 * How many seeds it takes to catch each planted bug: `npm run simulate:planted -- --seeds 400`, `--only <part of a name>`,
 * as many bugs side by side as there are processors, or `--workers N`; `--page` writes the table to
 * docs/explanation/proof.md. Ends with 1 when one lives.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '400' },
    only: { type: 'string', default: '' },
    workers: { type: 'string', default: String(availableParallelism()) },
    page: { type: 'boolean', default: false },
  },
});

const CATCHER = fileURLToPath(new URL('catcher.ts', import.meta.url));
const execArgv = ['--import', 'tsx', '--max-semi-space-size=32'];
const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

const base = await baseTemplate();
const waiting = PLANTED_BUGS.map(({ name }) => name).filter((name) => name.includes(values.only));
const wanted = [...waiting];
const found = new Map<string, Catch>();
await Promise.all(Array.from({ length: Math.min(Number(values.workers), wanted.length) }, atWork));

function atWork(): Promise<void> {
  return new Promise((resolve, reject) => {
    const child: ChildProcess = fork(CATCHER, [], { env, execArgv, serialization: 'advanced' });
    let bug: string | undefined;
    const goOn = () => {
      bug = waiting.shift();
      if (bug === undefined) child.disconnect();
      else child.send({ bug, seeds: Number(values.seeds) } satisfies Hunt);
    };
    child.on('message', (caught: Catch) => {
      found.set(caught.bug, caught);
      const [first = ''] = caught.message?.split('\n') ?? [];
      console.log(caught.seed === undefined ? `${caught.bug}: LIVES` : `${caught.bug}: seed ${caught.seed}, ${first}`);
      goOn();
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (bug === undefined) resolve();
      else reject(new Error(`the catcher of “${bug}” ended with ${signal ?? code}`));
    });
    child.send({ base } satisfies Hunt);
    goOn();
  });
}

const caught = wanted.flatMap((name) => found.get(name) ?? []).sort((one, other) => rank(one) - rank(other));
if (values.page) {
  const rows = caught.map(({ bug, seed, invariant }) => [bug, String(seed ?? 'lives'), invariant ?? '']);
  await writeToPage('planted', tableOf(['planted bug', 'caught by seed', 'by invariant'], rows));
}
process.exitCode = caught.some(({ seed }) => seed === undefined) ? 1 : 0;

function rank({ seed }: Catch): number {
  return seed ?? Number.POSITIVE_INFINITY;
}
