import type { Command } from 'commander';
import { declare, opened } from './command.ts';
import { DIAGNOSIS } from './doctor-schema.ts';
import { EXIT, printResult, type Surroundings } from './surroundings.ts';

/** @param leaveWith Sets the exit code of a run that did not fail. */
export function defineDoctor(doctor: Command, surroundings: Surroundings, leaveWith: (code: number) => void): void {
  declare(doctor, {
    waitsFor: 'asking AWS: permissions, quotas, queues',
    examples: ['doctor', 'doctor --json'],
    result: DIAGNOSIS,
  }).action(async (_flags: object, command: Command) => {
    const { target, ...output } = await opened(surroundings, command);
    const { readDiagnosis, diagnosisLines } = await import('./doctor-report.ts');
    const data = await readDiagnosis(target);
    printResult(surroundings, { ...output, data }, (result) => diagnosisLines(result, output.paint));
    if (data.summary.problem > 0) leaveWith(EXIT.failure);
  });
}
