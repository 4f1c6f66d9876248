import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Base } from './base.ts';
import type { Verdict } from './run.ts';

/** What a worker is told: the template once, then one seed after another. */
export type Order = { readonly base: Base } | { readonly seed: number };

/** A verdict without its trace: that is long, and `--seed` shows it. */
export type Report = Omit<Verdict, 'trace'>;

export interface Orders {
  /** Processes at work side by side. @default - as many as there are processors */
  readonly workers?: number | undefined;
  /** The next seed, or none any more. */
  readonly next: () => number | undefined;
  /** Called as the seeds end, in any order. */
  readonly report: (report: Report) => void;
}

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));
/** Most of what a call makes is garbage at once: with more room for the young, little of it is ever copied. */
const NODE_OPTIONS = ['--import', 'tsx', '--max-semi-space-size=32'];
/** Without what the SDK tells each process on Node 20. */
const ENVIRONMENT = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

/**
 * Lives through seeds in several processes, each with everything of its own. A seed is the same whichever of them it falls
 * to. Ends when `next` has no more and all that were begun are over; rejects when a worker ends before its seed does.
 */
export async function simulateTogether(base: Base, { workers = availableParallelism(), next, report }: Orders) {
  const children: ChildProcess[] = [];
  try {
    await Promise.all(
      Array.from({ length: workers }, () => {
        const child = fork(WORKER, [], { env: ENVIRONMENT, execArgv: NODE_OPTIONS, serialization: 'advanced' });
        children.push(child);
        return atWork(child, base, next, report);
      }),
    );
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}

function atWork(child: ChildProcess, base: Base, next: Orders['next'], report: Orders['report']): Promise<void> {
  return new Promise((resolve, reject) => {
    let seed: number | undefined;
    const goOn = () => {
      seed = next();
      if (seed === undefined) child.disconnect();
      else child.send({ seed } satisfies Order);
    };
    child.on('message', (message: Report | 'ready') => {
      if (message !== 'ready') report(message);
      goOn();
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (seed === undefined && code === 0) return resolve();
      reject(new Error(`the worker of seed ${seed ?? '(none yet)'} ended with ${signal ?? code}`));
    });
    child.send({ base } satisfies Order);
  });
}
