import type { Command } from 'commander';
import { declare, opened } from './command.ts';
import { STATUS } from './status-schema.ts';
import { printResult, type Surroundings } from './surroundings.ts';

export function addStatus(program: Command, surroundings: Surroundings): void {
  declare(program.command('status'), { examples: ['status', 'status --json'], result: STATUS })
    .description('show whether all is well, then roles and members, their names and addresses, and what is still to do')
    .action(async (_flags: object, command: Command) => {
      const { target, ...output } = await opened(surroundings, command);
      const [{ readStatus }, { statusLines }] = await Promise.all([
        import('./status-report.ts'),
        import('./status-lines.ts'),
      ]);
      printResult(surroundings, { ...output, data: await readStatus(target) }, (result) =>
        statusLines(result, output.paint),
      );
    });
}
