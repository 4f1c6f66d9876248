import { Ec2Error, invalidParameter } from './ec2-error.ts';
import type { QueryForm } from './query-form.ts';
import type { Tags } from './tags.ts';

/** "List and filter using the CLI and API": these limits hold for one request. */
const MOST_FILTERS = 50;
const MOST_VALUES = 200;

export interface Filter {
  readonly name: string;
  readonly values: readonly string[];
}

/** By filter name, the values that one resource has for it. */
export type FilterTable<T> = Readonly<Record<string, (resource: T) => readonly (string | undefined)[]>>;

export function readFilters(form: QueryForm): readonly Filter[] {
  const filters = form
    .children('Filter')
    .map((child) => ({ name: child.text('Name') ?? '', values: child.list('Value') }));
  if (filters.length > MOST_FILTERS) {
    throw new Ec2Error('FilterLimitExceeded', `The maximum number of filters is ${MOST_FILTERS}.`);
  }
  for (const { name, values } of filters) {
    if (values.length > MOST_VALUES) {
      throw new Ec2Error(
        'FilterLimitExceeded',
        `The maximum number of filter values specified on a single call is ${MOST_VALUES}; '${name}' has ${values.length}.`,
      );
    }
  }
  return filters;
}

/**
 * Whether a resource matches every filter in any of its values: `*` and `?` are wildcards, `\` takes their meaning away.
 * Besides the table there are `tag:<key>` and `tag-key`.
 */
export function filterTest<T>(
  filters: readonly Filter[],
  table: FilterTable<T>,
  tagsOf: (resource: T) => Tags,
): (resource: T) => boolean {
  const tests = filters.map(({ name, values }) => {
    const read = name.startsWith('tag:')
      ? (resource: T) => [tagsOf(resource)[name.slice('tag:'.length)]]
      : name === 'tag-key'
        ? (resource: T) => Object.keys(tagsOf(resource))
        : table[name];
    if (read === undefined) throw invalidParameter(`The filter '${name}' is invalid`);
    const matches = matcher(values);
    return (resource: T) => read(resource).some((value) => value !== undefined && matches(value));
  });
  return (resource) => tests.every((test) => test(resource));
}

/** The only values that a filter admits; undefined where there is none of this name, or it has wildcards. */
export function plainValues(filters: readonly Filter[], name: string): ReadonlySet<string> | undefined {
  const filter = filters.find((each) => each.name === name);
  return filter === undefined || filter.values.some((value) => /[*?\\]/.test(value))
    ? undefined
    : new Set(filter.values);
}

/** Plain values by lookup: a call may name hundreds of ids, and the account may have thousands of instances. */
function matcher(values: readonly string[]): (value: string) => boolean {
  const plain = new Set(values.filter((value) => !/[*?\\]/.test(value)));
  const patterns = values.filter((value) => /[*?\\]/.test(value)).map(wildcardPattern);
  return (value) => plain.has(value) || patterns.some((pattern) => pattern.test(value));
}

function wildcardPattern(value: string): RegExp {
  const source = value.replace(/\\(.)|[*?]|[.+^${}()|[\]\\/]/gs, (token, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
    if (token === '*') return '.*';
    return token === '?' ? '.' : `\\${token}`;
  });
  return new RegExp(`^${source}$`, 's');
}
