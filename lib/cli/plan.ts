import type { Command } from 'commander';
import { type CommonFlags, declare, opened } from './command.ts';
import { PLAN } from './plan-schema.ts';
import { EXIT, printResult, type Surroundings } from './surroundings.ts';

interface Flags extends CommonFlags {
  readonly detailedExitcode?: boolean;
}

/** @param leaveWith Sets the exit code of a run that did not fail. */
export function definePlan(plan: Command, surroundings: Surroundings, leaveWith: (code: number) => void): void {
  declare(plan, {
    waitsFor: 'asking EC2 and Route 53 what is there',
    examples: ['plan', 'plan --config rolecall.config.ts', 'plan --detailed-exitcode --json'],
    result: PLAN,
    configHelp: 'show what a deploy of this configuration would change',
  })
    .option('--detailed-exitcode', 'exit with 2 when there are changes')
    .action(async (flags: Flags, command: Command) => {
      const { target, ...output } = await opened(surroundings, command);
      const [{ readPlan }, { planLines }] = await Promise.all([import('./plan-report.ts'), import('./plan-lines.ts')]);
      const data = await readPlan(target, flags.config);
      printResult(surroundings, { ...output, data }, (result) => planLines(result, output.paint));
      const { create, update, delete: deleted, addresses } = data.summary;
      if (flags.detailedExitcode === true && create + update + deleted + addresses > 0) leaveWith(EXIT.changes);
    });
}
