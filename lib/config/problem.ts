import { InvalidInput } from '../model/errors.ts';

export type Path = readonly (string | number)[];

/** One thing that is wrong with a configuration. */
export interface Problem {
  /** As in `roles.web.names[0].ttl`; empty for the configuration as a whole. */
  readonly path: string;
  readonly value: unknown;
  /** What is wrong, what is allowed and what to do; reads on from the path. */
  readonly message: string;
}

/** A configuration that cannot be used, with everything that is wrong with it. */
export class ConfigurationError extends InvalidInput {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], source = 'The configuration') {
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
    super(`${source} has ${count}:\n${problems.map((problem) => `  ${lineOf(problem)}`).join('\n')}`);
    this.name = 'ConfigurationError';
    this.problems = problems;
  }
}

function lineOf(problem: Problem): string {
  return `${problem.path === '' ? 'the configuration' : problem.path} ${problem.message}`;
}

export function problemAt(path: Path, value: unknown, message: string): Problem {
  return { path: pathText(path), value, message };
}

export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    if (!/^[\w$-]+$/.test(step)) return `${text}[${JSON.stringify(step)}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

const LONGEST_SHOWN = 80;

/** A value as a message shows it, in one short line. */
export function shown(value: unknown): string {
  if (value === undefined) return 'undefined (leave the key out)';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  const text = typeof value === 'bigint' ? `${value}n` : JSON.stringify(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

/** A shallow copy of an object's own entries; none for what is no object. */
export function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
