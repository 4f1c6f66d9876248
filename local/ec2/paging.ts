import { Ec2Error, invalidParameter } from './ec2-error.ts';
import type { QueryForm } from './query-form.ts';

const FEWEST = 5;
const MOST = 1_000;

export interface Page<T> {
  readonly entries: readonly T[];
  readonly nextToken?: string;
}

/** One page of what matches; the token names the last entry of the page before it. */
export function pageOf<T>(
  form: QueryForm,
  pageSize: number,
  all: readonly T[],
  idOf: (entry: T) => string,
  matches: (entry: T) => boolean,
): Page<T> {
  const size = Math.min(maxResultsOf(form) ?? MOST, pageSize);
  const token = form.text('NextToken');
  const start = token === undefined ? 0 : all.findIndex((entry) => tokenOf(idOf(entry)) === token) + 1;
  if (token !== undefined && start === 0) {
    throw new Ec2Error('InvalidNextToken', `The value '${token}' for NextToken is not valid.`);
  }
  const entries: T[] = [];
  for (const entry of all.slice(start)) {
    if (!matches(entry)) continue;
    const last = entries.at(-1);
    if (entries.length === size && last !== undefined) return { entries, nextToken: tokenOf(idOf(last)) };
    entries.push(entry);
  }
  return { entries };
}

function maxResultsOf(form: QueryForm): number | undefined {
  const value = form.integer('MaxResults');
  if (value === undefined) return undefined;
  if (Number.isInteger(value) && value >= FEWEST && value <= MOST) return value;
  throw invalidParameter(
    `Value ( ${value} ) for parameter maxResults is invalid. Expecting a value from ${FEWEST} to ${MOST}.`,
  );
}

function tokenOf(id: string): string {
  return Buffer.from(`after ${id}`).toString('base64url');
}
