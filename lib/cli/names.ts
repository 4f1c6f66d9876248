import type { Command } from 'commander';
import { declare, opened } from './command.ts';
import { printResult, type Surroundings } from './surroundings.ts';
import { NAMES } from './views-schema.ts';

export function defineNames(names: Command, surroundings: Surroundings): void {
  declare(names, { examples: ['names', 'names web', 'names web.example.com --json'], result: NAMES })
    .argument('[role|name]', 'only this role, or this name')
    .action(async (subject: string | undefined, _flags: object, command: Command) => {
      const { target, ...output } = await opened(surroundings, command);
      const { namesView, namesLines } = await import('./names-view.ts');
      printResult(surroundings, { ...output, data: await namesView(target, subject) }, namesLines);
    });
}
