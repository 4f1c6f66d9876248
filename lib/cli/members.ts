import type { Command } from 'commander';
import { declare, opened } from './command.ts';
import { printResult, type Surroundings, UsageError } from './surroundings.ts';
import { MEMBERS } from './views-schema.ts';

export function defineMembers(members: Command, surroundings: Surroundings): void {
  declare(members, { examples: ['members', 'members web', 'members web --json'], result: MEMBERS })
    .argument('[role]', 'only this role')
    .action(async (role: string | undefined, _flags: object, command: Command) => {
      const { target, ...output } = await opened(surroundings, command);
      const { membersView, membersLines } = await import('./members-view.ts');
      const data = await membersView(target, role);
      if (typeof data === 'string') throw new UsageError(data);
      printResult(surroundings, { ...output, data }, membersLines);
    });
}
