import type { Explanation, Finding } from './explain-schema.ts';
import { columns } from './text.ts';

/** Each finding with its sign, what the journal has, and what to try next. */
export function explanationLines({ target, subject, findings, history, next }: Explanation): string[] {
  return [
    `${subject.kind} ${subject.id} · ${target}`,
    ...columns(findings.map(row)),
    ...(history.length === 0 ? [] : ['', 'last in the journal', ...columns(history.map(({ at, says }) => [at, says]))]),
    ...(next.length === 0 ? [] : ['', 'try', ...next.map((command) => `  ${command}`)]),
  ];
}

function row({ answer, about, says, evidence }: Finding): string[] {
  const word = answer === 'known' ? '–' : answer;
  return [word, about, evidence === undefined || evidence === '' ? says : `${says} [${evidence}]`];
}
