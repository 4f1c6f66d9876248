import { type Paint, paintMarks, plain } from './colour.ts';
import type { Explanation, Finding } from './explain-schema.ts';
import { columns } from './text.ts';

/** Each finding with its sign, what the journal has, and what to try next. */
export function explanationLines(
  { target, subject, findings, history, next }: Explanation,
  paint: Paint = plain,
): string[] {
  return [
    `${subject.kind} ${subject.id} · ${target}`,
    ...paintMarks(columns(findings.map(row)), { yes: 'good', no: 'bad' }, paint),
    ...(history.length === 0 ? [] : ['', 'last in the journal', ...columns(history.map(({ at, says }) => [at, says]))]),
    ...(next.length === 0 ? [] : ['', 'try', ...next.map((command) => `  ${command}`)]),
  ];
}

function row({ answer, about, says, evidence }: Finding): string[] {
  const word = answer === 'known' ? '–' : answer;
  return [word, about, evidence === undefined || evidence === '' ? says : `${says} [${evidence}]`];
}
