import { InvalidInput } from '../../lib/model/errors.ts';

/** What Ref, Fn::GetAtt and the pseudo parameters stand for at this point of the deployment. */
export interface Bindings {
  /** Of a resource that exists already, or a pseudo parameter such as `AWS::Region`. */
  ref(name: string): string | undefined;
  attribute(logicalId: string, attribute: string): string | undefined;
}

/**
 * Replaces every intrinsic function in a piece of a template by its value ("Intrinsic function reference", AWS
 * CloudFormation User Guide). `AWS::NoValue` removes the property or the list's element.
 *
 * @throws InvalidInput for a reference to nothing, or a function that is not carried out here.
 */
export function resolveIntrinsics(value: unknown, bindings: Bindings): unknown {
  if (Array.isArray(value)) {
    return value.map((element) => resolveIntrinsics(element, bindings)).filter((element) => element !== undefined);
  }
  if (typeof value !== 'object' || value === null) return value;
  const [only, ...others] = Object.entries(value);
  if (only !== undefined && others.length === 0 && isFunction(only[0])) return carryOut(only[0], only[1], bindings);
  return resolveProperties(value, bindings);
}

/** The same for an object that is no intrinsic function itself. */
export function resolveProperties(properties: object, bindings: Bindings): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties)
      .map(([key, inner]) => [key, resolveIntrinsics(inner, bindings)] as const)
      .filter(([, inner]) => inner !== undefined),
  );
}

/** The logical ids that a piece of a template refers to, so that resources are created in order. */
export function referencesOf(value: unknown): Set<string> {
  const found = new Set<string>();
  collect(value, found);
  return found;
}

function collect(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) {
    for (const element of value) collect(element, found);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'Ref' && typeof inner === 'string') found.add(inner);
    else if (key === 'Fn::GetAtt') found.add(getAttArguments(inner)[0]);
    else if (key === 'Fn::Sub') for (const name of subNames(inner)) found.add(name.split('.')[0] ?? name);
    collect(inner, found);
  }
}

function isFunction(key: string): boolean {
  return key === 'Ref' || key.startsWith('Fn::');
}

function carryOut(name: string, argument: unknown, bindings: Bindings): unknown {
  switch (name) {
    case 'Ref':
      return reference(String(argument), bindings);
    case 'Fn::GetAtt':
      return attribute(getAttArguments(argument), bindings);
    case 'Fn::Join': {
      const [separator, parts] = pair(name, argument);
      return list(name, parts, bindings).map(String).join(String(separator));
    }
    case 'Fn::Select': {
      const [index, parts] = pair(name, argument);
      return list(name, parts, bindings)[Number(index)];
    }
    case 'Fn::Split': {
      const [separator, text] = pair(name, argument);
      return String(resolveIntrinsics(text, bindings)).split(String(separator));
    }
    case 'Fn::Sub':
      return substitute(argument, bindings);
    default:
      throw new InvalidInput(
        `the template uses ${name}, which the local account does not carry out; it knows Ref, Fn::GetAtt, Fn::Join, Fn::Select, Fn::Split, Fn::Sub.`,
      );
  }
}

function reference(name: string, bindings: Bindings): string | undefined {
  if (name === 'AWS::NoValue') return undefined;
  const value = bindings.ref(name);
  if (value === undefined) throw new InvalidInput(`the template refers to ${name}, which does not exist.`);
  return value;
}

function attribute([logicalId, name]: readonly [string, string], bindings: Bindings): string {
  const value = bindings.attribute(logicalId, name);
  if (value === undefined) throw new InvalidInput(`the template asks for ${logicalId}.${name}, which does not exist.`);
  return value;
}

function getAttArguments(argument: unknown): readonly [string, string] {
  if (Array.isArray(argument)) return [String(argument[0]), argument.slice(1).join('.')];
  const [logicalId = '', ...rest] = String(argument).split('.');
  return [logicalId, rest.join('.')];
}

const PLACEHOLDER = /\$\{(!?)([^}]+)\}/g;

function subNames(argument: unknown): string[] {
  const [text, own] = subArguments(argument);
  return [...text.matchAll(PLACEHOLDER)]
    .filter(([, literal]) => literal === '')
    .map(([, , name = '']) => name.trim())
    .filter((name) => !(name in own));
}

function substitute(argument: unknown, bindings: Bindings): string {
  const [text, own] = subArguments(argument);
  return text.replace(PLACEHOLDER, (_whole, literal: string, name: string) => {
    if (literal === '!') return `\${${name}}`;
    if (name in own) return String(resolveIntrinsics(own[name], bindings));
    const value = name.includes('.') ? attribute(getAttArguments(name), bindings) : reference(name.trim(), bindings);
    return value ?? '';
  });
}

function subArguments(argument: unknown): [string, Readonly<Record<string, unknown>>] {
  if (!Array.isArray(argument)) return [String(argument), {}];
  const parts: readonly unknown[] = argument;
  const [template, own] = parts;
  return [String(template), typeof own === 'object' && own !== null ? Object.fromEntries(Object.entries(own)) : {}];
}

function pair(name: string, argument: unknown): [unknown, unknown] {
  if (Array.isArray(argument) && argument.length === 2) return [argument[0], argument[1]];
  throw new InvalidInput(`${name} in the template takes a list of two, not ${JSON.stringify(argument)}.`);
}

function list(name: string, value: unknown, bindings: Bindings): unknown[] {
  const resolved = resolveIntrinsics(value, bindings);
  if (Array.isArray(resolved)) return resolved;
  throw new InvalidInput(`${name} in the template needs a list, not ${JSON.stringify(resolved)}.`);
}
