import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeBase } from './base.ts';
import type { Catch, Hunt } from './catcher.ts';
import { tableOf, writeToPage } from './page.ts';
import { PLANTED_BUGS } from './planted-bugs.ts';

/**
 * Holds that each planted bug is caught by the seed that it names: `npm run simulate:planted`. `--seeds 400` looks for the
 * first that does, from 1 on. `--only <part of a name>`, `--open` for those of which no seed is known; as many bugs side by
 * side as there are processors, or `--workers N`; `--page` writes the table to docs/explanation/proof.md. Ends with 1 when
 * one lives.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    only: { type: 'string', default: '' },
    open: { type: 'boolean', default: false },
    workers: { type: 'string', default: String(availableParallelism()) },
    page: { type: 'boolean', default: false },
  },
});

const CATCHER = fileURLToPath(new URL('catcher.ts', import.meta.url));
const execArgv = ['--import', 'tsx', '--max-semi-space-size=32'];
const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

const base = await makeBase();
const wanted = PLANTED_BUGS.filter(
  ({ name, seed }) => name.includes(values.only) && !(values.open && seed !== undefined),
);
const waiting = wanted.flatMap(({ name, seed }): (Hunt & { bug: string })[] => {
  if (values.seeds !== undefined) return [{ bug: name, from: 1, to: Number(values.seeds) }];
  return seed === undefined ? [] : [{ bug: name, from: seed, to: seed }];
});
const found = new Map<string, Catch>();
await Promise.all(Array.from({ length: Math.min(Number(values.workers), waiting.length) }, atWork));

function atWork(): Promise<void> {
  return new Promise((resolve, reject) => {
    const child: ChildProcess = fork(CATCHER, [], { env, execArgv, serialization: 'advanced' });
    let bug: string | undefined;
    const goOn = () => {
      const next = waiting.shift();
      bug = next?.bug;
      if (next === undefined) child.disconnect();
      else child.send(next);
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

const caught = wanted
  .map(({ name }): Catch => found.get(name) ?? { bug: name })
  .sort((one, other) => rank(one) - rank(other));
if (values.page) {
  const rows = caught.map(({ bug, seed, invariant }) => [bug, String(seed ?? 'no seed is known'), invariant ?? '']);
  await writeToPage('planted', tableOf(['planted bug', 'caught within so many seeds', 'by invariant'], rows));
}
process.exitCode = waiting.length > 0 || [...found.values()].some(({ seed }) => seed === undefined) ? 1 : 0;

function rank({ seed }: Catch): number {
  return seed ?? Number.POSITIVE_INFINITY;
}
