import { makeBase } from './base.ts';
import { codeOfRevision } from './beside.ts';
import { simulateTogether } from './crew.ts';
import { tableOf, writeToPage } from './page.ts';
import { notMet, RARE_AFTER_SEEDS } from './rare.ts';
import { simulate, warmUp } from './run.ts';
import { parseArgs } from 'node:util';

/**
 * `npm run simulate -- --seeds 2000`, `--for 10m`, `--from N`, in as many processes as there are processors, or `--workers N`;
 * Ctrl-C prints what was reached. `--seed N` replays one and prints what happened; `--page` writes the counts to
 * docs/explanation/proof.md. `--beside <revision>` has deployments of that revision of this repository in every seed, in the
 * place of the successor that a few seeds have.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string' },
    from: { type: 'string', default: '1' },
    for: { type: 'string' },
    workers: { type: 'string' },
    beside: { type: 'string' },
    quiet: { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
  },
});

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

function durationMs(text: string): number {
  const [, count = '', unit = ''] = /^(\d+)([smh])$/.exec(text) ?? [];
  const unitMs = UNITS_MS[unit];
  if (unitMs === undefined) throw new Error(`--for ${text} is no duration; write 30s, 10m or 2h`);
  return Number(count) * unitMs;
}

const base = await makeBase(values.beside === undefined ? undefined : await codeOfRevision(values.beside));
const beside = values.beside === undefined ? '' : ` --beside ${values.beside}`;

if (values.seed !== undefined) {
  await warmUp(base);
  const { trace, violation } = await simulate(Number(values.seed), base);
  for (const line of trace) console.log(line);
  console.log(violation === undefined ? `seed ${values.seed} holds` : `seed ${values.seed}: ${violation.message}`);
  process.exitCode = violation === undefined ? 0 : 1;
} else {
  const startedAtMs = performance.now();
  const untilMs = values.for === undefined ? Number.POSITIVE_INFINITY : startedAtMs + durationMs(values.for);
  const first = Number(values.from);
  const most =
    values.seeds === undefined ? (values.for === undefined ? 100 : Number.POSITIVE_INFINITY) : Number(values.seeds);
  const counts = new Map<string, number>();
  let begun = 0;
  let seeds = 0;
  let violations = 0;
  let isStopped = false;
  process.once('SIGINT', () => {
    isStopped = true;
  });
  await simulateTogether(base, {
    workers: values.workers === undefined ? undefined : Number(values.workers),
    next: () => {
      if (isStopped || begun >= most || performance.now() >= untilMs) return undefined;
      begun += 1;
      return first + begun - 1;
    },
    report: ({ seed, violation, counts: more }) => {
      seeds += 1;
      for (const [what, count] of more) counts.set(what, (counts.get(what) ?? 0) + count);
      if (violation === undefined) return;
      violations += 1;
      console.log(`seed ${seed} violates ${violation.message}\n  npm run simulate -- --seed ${seed}${beside}`);
    },
  });
  const took = (performance.now() - startedAtMs) / 1000;
  if (!values.quiet)
    for (const [what, count] of [...counts].sort(([one], [other]) => (one < other ? -1 : 1)))
      console.log(`${String(count).padStart(8)}  ${what}`);
  console.log(`${seeds} seeds, ${violations} violations, ${(seeds / took).toFixed(1)} seeds a second`);
  const missed = seeds >= RARE_AFTER_SEEDS ? notMet(counts) : [];
  if (missed.length > 0) console.log(`never met in ${seeds} seeds: ${missed.join(', ')}`);
  if (values.page) await writePage(first, seeds, violations, counts);
  process.exitCode = violations === 0 && missed.length === 0 ? 0 : 1;
}

async function writePage(
  first: number,
  seeds: number,
  violations: number,
  counts: ReadonlyMap<string, number>,
): Promise<void> {
  const rows = [...counts]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([what, count]) => [what, String(count)]);
  const headline = `${seeds} seeds, from ${first} on; ${violations} violations.`;
  await writeToPage('counts', `${headline}\n\n${tableOf(['what', 'times'], rows)}`);
}
