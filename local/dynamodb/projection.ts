import type { AttributeValue, Item } from './attribute-value.ts';
import { type DocumentPath, formatPath, overlaps, valueAt } from './document-path.ts';
import type { ExpressionReader } from './expression-reader.ts';

export type Projection = (item: Item) => Item;

/** Reads a projection expression: paths separated by commas, none inside another. */
export function parseProjection(reader: ExpressionReader): Projection {
  const paths = [reader.path()];
  while (reader.accept(',')) paths.push(reader.path());
  reader.end();
  for (const [index, path] of paths.entries()) {
    const other = paths.slice(index + 1).find((each) => overlaps(path, each));
    if (other !== undefined) {
      throw reader.invalid(
        `Two document paths overlap with each other; must remove or rewrite one of these paths; path one: ${formatPath(path)}, path two: ${formatPath(other)}`,
      );
    }
  }
  return (item) => project(item, paths);
}

/** Only what is at these paths, as far as it is there. */
export function project(item: Item, paths: readonly DocumentPath[]): Item {
  const found = paths.flatMap((path) => {
    const value = valueAt(item, path);
    return value === undefined ? [] : [{ steps: path, value }];
  });
  return Object.fromEntries(groupByStep(found).map(([name, inside]) => [String(name), assemble(inside)]));
}

interface Found {
  readonly steps: readonly (string | number)[];
  readonly value: AttributeValue;
}

function groupByStep(found: readonly Found[]): [string | number, Found[]][] {
  const groups = new Map<string | number, Found[]>();
  for (const { steps, value } of found) {
    const [first, ...rest] = steps;
    if (first === undefined) continue;
    groups.set(first, [...(groups.get(first) ?? []), { steps: rest, value }]);
  }
  return [...groups];
}

/** Maps keep the chosen keys; lists keep the chosen elements, closed up, in their order. */
function assemble(found: readonly Found[]): AttributeValue {
  const whole = found.find(({ steps }) => steps.length === 0);
  if (whole !== undefined) return whole.value;
  const groups = groupByStep(found);
  if (groups.every(([step]) => typeof step === 'number')) {
    return { L: groups.sort(([one], [other]) => Number(one) - Number(other)).map(([, inside]) => assemble(inside)) };
  }
  return { M: Object.fromEntries(groups.map(([step, inside]) => [String(step), assemble(inside)])) };
}
