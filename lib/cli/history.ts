import type { Command } from 'commander';
import { declare, opened } from './command.ts';
import { durationMs } from './duration-flag.ts';
import { HISTORY } from './history-schema.ts';
import { printResult, type Surroundings } from './surroundings.ts';

const WEEK_MS = 604_800_000;

export function defineHistory(history: Command, surroundings: Surroundings): void {
  declare(history, {
    waitsFor: 'reading the journal',
    examples: ['history web.example.com', 'history i-0123456789abcdef0 --since 30d', 'history web --since 2h --json'],
    result: HISTORY,
  })
    .argument('<subject>', 'an instance, a host, a name, an address or a role')
    .option('--since <duration>', 'how far back, such as 45m, 2h or 30d; 7d when omitted', durationMs)
    .action(async (subject: string, { since = WEEK_MS }: { since?: number }, command: Command) => {
      const { target, ...output } = await opened(surroundings, command);
      const { historyView, historyLines } = await import('./history-view.ts');
      printResult(surroundings, { ...output, data: await historyView(target, subject, since) }, historyLines);
    });
}
