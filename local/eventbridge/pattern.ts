import { isRecord } from '../json.ts';

/**
 * Whether an event matches an event pattern: AND over the fields of the pattern, OR inside each list
 * ("Comparison operators for use in event patterns in Amazon EventBridge"). Throws for a pattern that EventBridge
 * would refuse.
 */
export function matches(pattern: unknown, event: unknown): boolean {
  return compile(pattern)(event);
}

type Matcher = (event: unknown) => boolean;
/** Judges the values that are found at a field: several for a list, none when the field is missing. */
type Rule = (values: readonly unknown[]) => boolean;

const MAX_DEPTH = 100;

/** Reads the pattern once, to be held against many events. */
export function compile(pattern: unknown): Matcher {
  if (!isRecord(pattern) || Object.keys(pattern).length === 0) throw invalidPattern('it is no object, or an empty one');
  return compileObject(pattern, 0);
}

function compileObject(pattern: Readonly<Record<string, unknown>>, depth: number): Matcher {
  if (depth > MAX_DEPTH) throw invalidPattern('it is nested too deeply');
  const fields = Object.entries(pattern).map(([name, value]) => compileField(name, value, depth));
  return (event) => fields.every((fits) => fits(event));
}

function compileField(name: string, value: unknown, depth: number): Matcher {
  if (name === '$or' && Array.isArray(value)) {
    const alternatives = value.map((each: unknown) => {
      if (!isRecord(each)) throw invalidPattern('$or is a list of patterns');
      return compileObject(each, depth + 1);
    });
    if (alternatives.length < 2) throw invalidPattern('$or needs at least two patterns');
    return (event) => alternatives.some((fits) => fits(event));
  }
  if (isRecord(value)) {
    if (Object.keys(value).length === 0) throw invalidPattern(`${name} is empty`);
    const inside = compileObject(value, depth + 1);
    return (event) => objectsAt(event, name).some(inside) || (objectsAt(event, name).length === 0 && inside({}));
  }
  if (!Array.isArray(value)) throw invalidPattern(`${name} is neither an object nor a list`);
  if (value.length === 0) throw invalidPattern(`${name} is an empty list`);
  const rules = value.map((each: unknown) => compileRule(name, each));
  return (event) => {
    const values = valuesAt(event, name);
    return rules.some((fits) => fits(values));
  };
}

/** A list of objects in the event matches when one of them does. */
function objectsAt(event: unknown, name: string): readonly unknown[] {
  return valuesAt(event, name).filter(isRecord);
}

function valuesAt(event: unknown, name: string): readonly unknown[] {
  if (!isRecord(event) || !Object.hasOwn(event, name)) return [];
  const value = event[name];
  return Array.isArray(value) ? value.flat(MAX_DEPTH) : [value];
}

function compileRule(field: string, rule: unknown): Rule {
  if (!isRecord(rule)) {
    if (Array.isArray(rule)) throw invalidPattern(`${field} has a list inside its list`);
    return (values) => values.some((value) => value === rule);
  }
  const [entry, ...others] = Object.entries(rule);
  if (entry === undefined || others.length > 0)
    throw invalidPattern(`${field} has a rule that is not exactly one operator`);
  const [operator, operand] = entry;
  if (operator === 'exists') return compileExists(field, operand);
  if (operator === 'anything-but') return compileAnythingBut(field, operand);
  const fits = compileTest(field, operator, operand);
  return (values) => values.some(fits);
}

/** `exists` looks at leaves only. */
function compileExists(field: string, operand: unknown): Rule {
  if (typeof operand !== 'boolean') throw invalidPattern(`exists of ${field} is neither true nor false`);
  return (values) => values.some((value) => !isRecord(value)) === operand;
}

/** Fits when some value is there that the operand does not name. */
function compileAnythingBut(field: string, operand: unknown): Rule {
  if (isRecord(operand)) {
    const [entry, ...others] = Object.entries(operand);
    if (entry === undefined || others.length > 0)
      throw invalidPattern(`anything-but of ${field} is not exactly one operator`);
    const [operator, inner] = entry;
    const excluded = listOf(inner).map((each) => compileTest(field, operator, each));
    return (values) => values.some((value) => typeof value === 'string' && !excluded.some((fits) => fits(value)));
  }
  const excluded = listOf(operand);
  if (excluded.length === 0) throw invalidPattern(`anything-but of ${field} is empty`);
  return (values) => values.some((value) => !isRecord(value) && !excluded.includes(value));
}

function compileTest(field: string, operator: string, operand: unknown): (value: unknown) => boolean {
  switch (operator) {
    case 'prefix':
    case 'suffix':
      return compileAffix(field, operator, operand);
    case 'equals-ignore-case': {
      const wanted = text(field, operator, operand).toLowerCase();
      return (value) => typeof value === 'string' && value.toLowerCase() === wanted;
    }
    case 'wildcard': {
      const form = wildcard(text(field, operator, operand));
      return (value) => typeof value === 'string' && form.test(value);
    }
    case 'numeric':
      return compileNumeric(field, operand);
    default:
      throw invalidPattern(
        `${field} has the operator ${operator}; there are prefix, suffix, equals-ignore-case, wildcard, numeric, exists and anything-but`,
      );
  }
}

function compileAffix(field: string, operator: 'prefix' | 'suffix', operand: unknown): (value: unknown) => boolean {
  const ignoresCase = isRecord(operand);
  const given = text(field, operator, ignoresCase ? operand['equals-ignore-case'] : operand);
  const fold = (value: string) => (ignoresCase ? value.toLowerCase() : value);
  const affix = fold(given);
  return (value) =>
    typeof value === 'string' && (operator === 'prefix' ? fold(value).startsWith(affix) : fold(value).endsWith(affix));
}

/** `*` stands for any characters; `\*` and `\\` for themselves. */
function wildcard(given: string): RegExp {
  if (given.includes('**')) throw invalidPattern(`the wildcard ${given} has two stars in a row`);
  const source = given.replace(/\\[*\\]|\*|[^*\\]+|\\/g, (part) => {
    if (part === '*') return '[^]*';
    return (part.length === 2 && part.startsWith('\\') ? part.slice(1) : part).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  });
  return new RegExp(`^${source}$`);
}

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** `["=", 5]`, or a range such as `[">", 0, "<=", 5]`. */
function compileNumeric(field: string, operand: unknown): (value: unknown) => boolean {
  const given = Array.isArray(operand) ? operand : [];
  const tests: ((value: number) => boolean)[] = [];
  for (let index = 0; index < given.length; index += 2) {
    const compare = COMPARISONS[String(given[index])];
    const bound: unknown = given[index + 1];
    if (compare === undefined || typeof bound !== 'number') {
      throw invalidPattern(`numeric of ${field} is not comparisons with numbers`);
    }
    tests.push((value) => compare(value, bound));
  }
  if (tests.length < 1 || tests.length > 2) throw invalidPattern(`numeric of ${field} needs one comparison or two`);
  return (value) => typeof value === 'number' && tests.every((fits) => fits(value));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function text(field: string, operator: string, value: unknown): string {
  if (typeof value !== 'string') throw invalidPattern(`${operator} of ${field} is no string`);
  return value;
}

function invalidPattern(reason: string): Error {
  return new Error(`Event pattern is not valid. Reason: ${reason}`);
}
