import * as v from 'valibot';
import type { Configuration } from './configuration.ts';
import { crossProblems } from './cross-checks.ts';
import { asRecord, ConfigurationError, type Path, type Problem, problemAt } from './problem.ts';
import { configurationSchema } from './shape.ts';

export type { Configuration } from './configuration.ts';
export { ConfigurationError } from './problem.ts';

/**
 * Reads a configuration as a user writes it: its shape first, then what its values must be together. Parts that have
 * the wrong shape are left out of the second step, so that one mistake does not hide another.
 *
 * @throws ConfigurationError with everything that is wrong.
 */
export function parseConfiguration(input: unknown): Configuration {
  const whole = v.safeParse(configurationSchema, input);
  const issues = whole.success ? [] : whole.issues;
  const sound = whole.success ? whole : v.safeParse(configurationSchema, soundPart(input, issues));
  const keysOf = (section: string) => Object.keys(asRecord(asRecord(input)[section]));
  const written = { zones: keysOf('zones'), roles: keysOf('roles') };
  const problems = [
    ...issues.flatMap((issue) => problemsOf(issue, [])),
    ...(sound.success ? crossProblems(sound.output, written) : []),
  ];
  if (!whole.success || problems.length > 0) throw new ConfigurationError(problems);
  return whole.output;
}

/** An issue with alternatives is told by those of the alternative that was meant: the one that got further. */
function problemsOf(issue: v.BaseIssue<unknown>, parent: Path): Problem[] {
  const path = [...parent, ...pathOf(issue)];
  const further = (issue.issues ?? []).filter((inner) => pathOf(inner).length > 0);
  if (further.length > 0) return further.flatMap((inner) => problemsOf(inner, path));
  return [problemAt(path, issue.input, issue.message)];
}

function pathOf(issue: v.BaseIssue<unknown>): Path {
  return (issue.path ?? []).map((step) => (typeof step.key === 'number' ? step.key : String(step.key)));
}

/** The input without each role, zone, host or top-level key that an issue is about. */
function soundPart(input: unknown, issues: readonly v.BaseIssue<unknown>[]): unknown {
  const rest = asRecord(input);
  for (const issue of issues) {
    const [section, key] = pathOf(issue);
    if (section === undefined) return undefined;
    if (key !== undefined && (section === 'zones' || section === 'roles' || section === 'hosts')) {
      rest[section] = Object.fromEntries(Object.entries(asRecord(rest[section])).filter(([name]) => name !== key));
    } else {
      delete rest[section];
    }
  }
  return rest;
}
