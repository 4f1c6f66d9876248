import type { AttributeValue, Item } from './attribute-value.ts';
import { invalid } from './error.ts';

/** An attribute, then map keys and list indexes inside it. */
export type DocumentPath = readonly [string, ...(string | number)[]];

export function valueAt(item: Item, path: DocumentPath): AttributeValue | undefined {
  const [name, ...rest] = path;
  let value = Object.hasOwn(item, name) ? item[name] : undefined;
  for (const step of rest) value = value === undefined ? undefined : inside(value, step);
  return value;
}

function inside(value: AttributeValue, step: string | number): AttributeValue | undefined {
  if (typeof step === 'number') return 'L' in value ? value.L[step] : undefined;
  return 'M' in value && Object.hasOwn(value.M, step) ? value.M[step] : undefined;
}

/** A new item with the value at the path; what the path goes through must be there. */
export function withValueAt(item: Item, path: DocumentPath, value: AttributeValue): Item {
  const [name, ...rest] = path;
  if (rest.length === 0) return { ...item, [name]: value };
  const held = Object.hasOwn(item, name) ? item[name] : undefined;
  return { ...item, [name]: setInside(held, rest, value) };
}

function setInside(
  holder: AttributeValue | undefined,
  steps: readonly (string | number)[],
  value: AttributeValue,
): AttributeValue {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (typeof step === 'number' && holder !== undefined && 'L' in holder) {
    const place = Math.min(step, holder.L.length);
    const next = setInside(holder.L[place], rest, value);
    return { L: [...holder.L.slice(0, place), next, ...holder.L.slice(place + 1)] };
  }
  if (typeof step === 'string' && holder !== undefined && 'M' in holder) {
    return { M: { ...holder.M, [step]: setInside(inside(holder, step), rest, value) } };
  }
  throw invalidPath();
}

/** A new item without what is at the path; nothing there is no error, but a missing parent is. */
export function withoutValueAt(item: Item, path: DocumentPath): Item {
  const [name, ...rest] = path;
  if (rest.length === 0) return without(item, name);
  const held = Object.hasOwn(item, name) ? item[name] : undefined;
  return { ...item, [name]: removeInside(held, rest) };
}

function removeInside(holder: AttributeValue | undefined, steps: readonly (string | number)[]): AttributeValue {
  const [step, ...rest] = steps;
  if (typeof step === 'number' && holder !== undefined && 'L' in holder) {
    if (rest.length === 0) return { L: holder.L.filter((_each, place) => place !== step) };
    return { L: holder.L.map((each, place) => (place === step ? removeInside(each, rest) : each)) };
  }
  if (typeof step === 'string' && holder !== undefined && 'M' in holder) {
    if (rest.length === 0) return { M: without(holder.M, step) };
    return { M: { ...holder.M, [step]: removeInside(inside(holder, step), rest) } };
  }
  throw invalidPath();
}

function without(item: Item, name: string): Item {
  return Object.fromEntries(Object.entries(item).filter(([each]) => each !== name));
}

function invalidPath(): Error {
  return invalid('The document path provided in the update expression is invalid for update');
}

/** Whether one path leads through, or to, the other. */
export function overlaps(one: DocumentPath, other: DocumentPath): boolean {
  const length = Math.min(one.length, other.length);
  return one.slice(0, length).every((step, index) => step === other[index]);
}

/** As DynamoDB writes it in messages: `[a, b, [0]]`. */
export function formatPath(path: DocumentPath): string {
  return `[${path.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join(', ')}]`;
}
