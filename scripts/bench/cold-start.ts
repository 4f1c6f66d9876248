import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bundleLambdas, BUDGET_BYTES } from '../bundle/lambda-bundles.ts';
import { figure, median, type Part, type Table, verdict } from './table.ts';

const run = promisify(execFile);

const PROCESSES = 15;
const IMPORT_BUDGET_MS = 60;

export const coldStart: Part = { name: 'cold-start', title: 'Bundles and cold starts', limitSeconds: 120, measure };

interface Start {
  /** From the process's beginning to its end. */
  readonly processMs: number;
  readonly importMs: number;
}

/** Fresh processes, the kinds in turn, so that what else the machine does befalls all alike. */
async function measure(): Promise<Table> {
  const bundles = await bundleLambdas();
  const bare: Start[] = [];
  const starts = new Map<string, Start[]>(bundles.map(({ name }) => [name, []]));
  for (let round = 0; round < PROCESSES; round += 1) {
    bare.push(await start());
    for (const [name, measured] of starts) measured.push(await start(name));
  }
  const lambdas = bundles.map(({ name, bytes, gzipBytes }) => {
    const budgetBytes = BUDGET_BYTES[name];
    const importMs = median((starts.get(name) ?? []).map((each) => each.importMs));
    const processMs = median((starts.get(name) ?? []).map((each) => each.processMs));
    const isMet = budgetBytes === undefined ? undefined : bytes <= budgetBytes && importMs <= IMPORT_BUDGET_MS;
    return [
      `λ ${name}`,
      ...[bytes, gzipBytes, importMs, processMs].map(figure),
      budgetBytes === undefined ? '–' : `${figure(budgetBytes)} bytes, ${IMPORT_BUDGET_MS} ms`,
      verdict(isMet),
    ];
  });
  const bareMs = median(bare.map((each) => each.processMs));
  return {
    columns: ['Lambda', 'bytes', 'gzip', 'import, ms', 'whole process, ms', 'Budget', ''],
    rows: [...lambdas, ['Node alone', '–', '–', '–', figure(bareMs), '–', '–']],
  };
}

/** A process that imports the bundle, or nothing, and ends. */
async function start(name?: string): Promise<Start> {
  const file = name === undefined ? undefined : new URL(`../../dist/lambdas/${name}/index.mjs`, import.meta.url).href;
  const load = file === undefined ? '' : `await import(${JSON.stringify(file)});`;
  const script = `const from = performance.now(); ${load} console.log(performance.now() - from); process.exit();`;
  const startedAtMs = performance.now();
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: ENVIRONMENT,
  });
  return { processMs: performance.now() - startedAtMs, importMs: Number(stdout) };
}

/** What a bundle reads of its environment as it is loaded. */
const ENVIRONMENT = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'any',
  AWS_SECRET_ACCESS_KEY: 'any',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  REGISTRY_TABLE: 'registry',
  WORK_QUEUE_URL: 'http://127.0.0.1/work.fifo',
  LATER_QUEUE_URL: 'http://127.0.0.1/later',
};
