import type { Command } from 'commander';
import { declare, opened } from './command.ts';
import { EXPLANATION } from './explain-schema.ts';
import { printResult, type Surroundings } from './surroundings.ts';

export function defineExplain(explain: Command, surroundings: Surroundings): void {
  declare(explain, {
    waitsFor: 'asking the journal, EC2 and Route 53',
    examples: ['explain i-0123456789abcdef0', 'explain web.example.com', 'explain 203.0.113.11'],
    result: EXPLANATION,
  })
    .argument('<subject>', 'an instance, a host, a role, a name, an address or an allocation id')
    .action(async (subject: string, _flags: object, command: Command) => {
      const { target, ...output } = await opened(surroundings, command);
      const [{ readExplanation }, { explanationLines }] = await Promise.all([
        import('./explain-report.ts'),
        import('./explain-lines.ts'),
      ]);
      printResult(surroundings, { ...output, data: await readExplanation(target, subject) }, (result) =>
        explanationLines(result, output.paint),
      );
    });
}
