import { awsChecks } from './doctor-aws.ts';
import { registryChecks } from './doctor-registry.ts';
import { type Paint, paintMarks, plain } from './colour.ts';
import type { Check, Diagnosis } from './doctor-schema.ts';
import { readKnowledge } from './knowledge.ts';
import type { Target } from './target.ts';
import { columns } from './text.ts';

export async function readDiagnosis(target: Target): Promise<Diagnosis> {
  const knowledge = await readKnowledge(target);
  const checks = [...registryChecks(knowledge), ...(await awsChecks(target, knowledge))];
  const count = (verdict: Check['verdict']) => checks.filter((check) => check.verdict === verdict).length;
  const summary = { ok: count('ok'), warning: count('warning'), problem: count('problem'), unknown: count('unknown') };
  return { target: target.name, checks, summary };
}

const SIGNS = { ok: 'ok', warning: '!', problem: '!!', unknown: '?' } as const;

const TONES = { ok: 'good', '!': 'change', '!!': 'bad', '?': 'change' } as const;

export function diagnosisLines({ target, checks, summary }: Diagnosis, paint: Paint = plain): string[] {
  const rows = columns(
    checks.map(({ check, verdict, says, advice }) => [
      SIGNS[verdict],
      check,
      advice === undefined ? says : `${says} -> ${advice}`,
    ]),
  );
  return [
    target,
    ...paintMarks(rows, TONES, paint),
    '',
    `${summary.ok} ok, ${summary.warning} to look at (!), ${summary.problem} wrong (!!), ${summary.unknown} unknown (?).`,
  ];
}
