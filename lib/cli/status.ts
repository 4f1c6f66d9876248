import type { Command } from 'commander';
import { declare, opened } from './command.ts';
import { statusLines } from './status-lines.ts';
import { readStatus } from './status-report.ts';
import { printResult, type Surroundings } from './surroundings.ts';

export function addStatus(program: Command, surroundings: Surroundings): void {
  declare(program.command('status'), { examples: ['status', 'status --json'] })
    .description('show roles and members, their names and addresses, and what is still to do')
    .action(async (_flags: object, command: Command) => {
      const { target, ...output } = await opened(surroundings, command);
      printResult(surroundings, { ...output, data: await readStatus(target.registry) }, statusLines);
    });
}
