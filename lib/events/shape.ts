import * as v from 'valibot';
import { InvalidInput } from '../model/errors.ts';

const SHOWN_CHARACTERS = 120;

function shown(value: unknown): string {
  const json = JSON.stringify(value);
  return json.length <= SHOWN_CHARACTERS ? json : `${json.slice(0, SHOWN_CHARACTERS)}…`;
}

/** A text of this pattern; `allowed` is what an error says. */
export function text(allowed: string, pattern: RegExp) {
  return v.pipe(v.string(allowed), v.regex(pattern, allowed));
}

/** One of these words. */
export function oneOf<const Words extends readonly string[]>(words: Words) {
  return v.picklist(words, words.map((word) => JSON.stringify(word)).join(', '));
}

/** "i-" and 8 or 17 hexadecimal digits ("Resource IDs", Amazon EC2 User Guide); lengths between are let through. */
const INSTANCE_ID = /^i-[0-9a-f]{8,17}$/;

export const instanceId = text('an instance id such as "i-0123456789abcdef0"', INSTANCE_ID);
export const account = text('an account id of 12 digits', /^\d{12}$/);
export const region = text('a region such as "eu-west-1"', /^[a-z]{2,}(?:-[a-z]+)+-\d{1,2}$/);
export const name = v.pipe(v.string('a text'), v.minLength(1, 'a text that is not empty'));
export const count = v.pipe(v.number('a whole number'), v.safeInteger('a whole number'), v.minValue(0, 'at least 0'));

export function isInstanceId(value: string): boolean {
  return INSTANCE_ID.test(value);
}

/** An instance's ARN in any partition. Spot warnings have the availability zone and no account in theirs. */
export const INSTANCE_ARN = /^arn:[a-z-]+:ec2:[a-z0-9-]*:\d*:instance\/(i-[0-9a-f]{8,17})$/;

/**
 * What the schema makes of the input.
 * @throws InvalidInput naming each field that is wrong, its value, and what is allowed.
 */
export function read<Schema extends v.GenericSchema>(
  what: string,
  schema: Schema,
  input: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  const problems = result.issues.map((issue) => {
    const path = v.getDotPath(issue) ?? 'the message';
    if (issue.input === undefined) return `${path} is missing`;
    return `${path} is ${shown(issue.input)}, allowed: ${issue.message}`;
  });
  throw new InvalidInput(
    `${what}: ${problems.join('; ')}. It is not used; the next sweep finds what it would have told.`,
  );
}
