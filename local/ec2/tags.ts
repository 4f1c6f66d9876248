import { Ec2Error, invalidParameter } from './ec2-error.ts';

export type Tags = Readonly<Record<string, string>>;

/** "Tag restrictions" (Amazon EC2 User Guide). */
const MOST_TAGS = 50;
const LONGEST_KEY = 128;
const LONGEST_VALUE = 256;

export interface TagRemoval {
  readonly key: string;
  /** When given, only a tag with this very value is removed. */
  readonly value?: string;
}

export function withTags(tags: Tags, added: Tags): Tags {
  for (const [key, value] of Object.entries(added)) refuseInvalid(key, value);
  const all = { ...tags, ...added };
  if (Object.keys(all).length > MOST_TAGS) {
    throw new Ec2Error(
      'TagLimitExceeded',
      `The maximum number of tags for a resource, ${MOST_TAGS}, has been reached.`,
    );
  }
  return all;
}

/** Without removals all tags go: "If you don't specify any tag keys and tag values, we delete all user-defined tags". */
export function withoutTags(tags: Tags, removals: readonly TagRemoval[]): Tags {
  if (removals.length === 0) return {};
  return Object.fromEntries(
    Object.entries(tags).filter(
      ([key, value]) =>
        !removals.some((removal) => removal.key === key && (removal.value === undefined || removal.value === value)),
    ),
  );
}

export function changedKeys(before: Tags, after: Tags): readonly string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => before[key] !== after[key]);
}

function refuseInvalid(key: string, value: string): void {
  if (key.startsWith('aws:')) {
    throw invalidParameter(
      `Value ( ${key} ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal use`,
    );
  }
  if (key.length === 0 || key.length > LONGEST_KEY) {
    throw invalidParameter(`Tag key exceeds the maximum length of ${LONGEST_KEY} characters, or is empty: '${key}'`);
  }
  if (value.length > LONGEST_VALUE) {
    throw invalidParameter(`Tag value exceeds the maximum length of ${LONGEST_VALUE} characters: '${value}'`);
  }
}
