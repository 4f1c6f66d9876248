import type { Command } from 'commander';
import { declare, opened } from './command.ts';
import { STATUS } from './status-schema.ts';
import { printResult, type Surroundings } from './surroundings.ts';

export function defineStatus(status: Command, surroundings: Surroundings): void {
  declare(status, { examples: ['status', 'status --json'], result: STATUS }).action(
    async (_flags: object, command: Command) => {
      const { target, ...output } = await opened(surroundings, command);
      const [{ readStatus }, { statusLines }] = await Promise.all([
        import('./status-report.ts'),
        import('./status-lines.ts'),
      ]);
      printResult(surroundings, { ...output, data: await readStatus(target) }, (result) =>
        statusLines(result, output.paint),
      );
    },
  );
}
