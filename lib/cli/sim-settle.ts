import type { Command } from 'commander';
import * as v from 'valibot';
import { RolecallError } from '../model/errors.ts';
import { declare } from './command.ts';
import { durationMs } from './duration-flag.ts';
import { askLocalAccount, localAccount } from './local-target.ts';
import { SETTLED } from './sim-schema.ts';
import { printResult, type Surroundings } from './surroundings.ts';
import { marksLeft } from './sweep.ts';
import { openTarget } from './target.ts';
import { ago, counted } from './text.ts';

const POLL_MS = 100;
const DEFAULT_WAIT_MS = 60_000;
/** Two looks in a row: what one step hands to the next is seen by the second. */
const CALM_LOOKS = 2;

const ANSWER = v.object({ unsettled: v.array(v.string()) });

export function addSettle(sim: Command, surroundings: Surroundings): void {
  declare(sim.command('settle'), {
    hasTarget: false,
    examples: ['sim settle', 'sim settle --wait 2m'],
    result: SETTLED,
  })
    .description(
      'wait until all that was begun is done, and DNS answers so; a drain that waits for a TTL is not waited for',
    )
    .option('--wait <duration>', 'how long to wait at most; 60s when omitted', durationMs)
    .action(async ({ wait = DEFAULT_WAIT_MS }: { wait?: number }, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      const data = await settled(surroundings, wait);
      printResult(surroundings, { json: json ?? false, command: 'sim settle', data }, ({ waitedMs, unsettled }) =>
        unsettled.length === 0 ? [`settled after ${ago(waitedMs)}`] : unsettled.map((each) => `! ${each}`),
      );
      if (data.unsettled.length > 0) throw new RolecallError('unsettled', `not settled after ${ago(data.waitedMs)}`);
    });
}

async function settled(surroundings: Surroundings, waitMs: number): Promise<v.InferOutput<typeof SETTLED>> {
  const { clock, progress } = surroundings;
  const account = await localAccount(surroundings);
  progress?.waitFor('waiting until all that was begun is done');
  const target = await openTarget({ ...surroundings, environment: {} });
  const startedAtMs = clock.now();
  for (let calm = 0; ; ) {
    const { unsettled } = v.parse(ANSWER, await askLocalAccount(account, 'unsettled'));
    const marks = await marksLeft(target);
    const all = [...unsettled, ...(marks === 0 ? [] : [`${counted(marks, 'mark')} in the registry`])];
    calm = all.length === 0 ? calm + 1 : 0;
    const waitedMs = clock.now() - startedAtMs;
    if (calm >= CALM_LOOKS || waitedMs >= waitMs) return { waitedMs, unsettled: all };
    await clock.sleep(POLL_MS);
  }
}
