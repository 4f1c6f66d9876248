import { isPublishableName, normalName } from '../model/name.ts';

/**
 * The longest plausible value of each placeholder of a member, to check a pattern before there are members.
 * The longest zone names are those of Wavelength Zones (AWS Global Infrastructure, "AWS Wavelength Zones"); instance
 * ids have 17 digits (Amazon EC2 User Guide, "Resource IDs").
 */
const LONGEST_VALUES: Readonly<Record<string, string>> = {
  az: 'ap-northeast-1-wl1-nrt-wlz-1',
  region: 'ap-northeast-1',
  instanceId: 'i-0123456789abcdef0',
  ordinal: '9999',
};

export const PLACEHOLDERS = ['role', ...Object.keys(LONGEST_VALUES)];
/** Those that need a member, or a slot, to stand for anything: `{region}` is the same for all. */
export const MEMBER_PLACEHOLDERS: readonly string[] = ['az', 'instanceId', 'ordinal'];
export const DEFAULT_PATTERN = '{role}';
export const APEX = '@';

const PLACEHOLDER = /\{([^{}]*)\}/g;

/** The words in braces, known or not. */
export function placeholdersIn(pattern: string): string[] {
  return [...pattern.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
}

/** Braces that have no partner. */
export function hasStrayBrace(pattern: string): boolean {
  return /[{}]/.test(pattern.replace(PLACEHOLDER, ''));
}

/** The pattern with its own text in lower case; placeholders keep their spelling. */
export function normalPattern(pattern: string): string {
  return pattern.replace(/\{[^{}]*\}|[^{}]+/g, (part) => (part.startsWith('{') ? part : part.toLowerCase()));
}

/** The name in full, as long as it can plausibly become. */
function longestName(pattern: string, role: string, zoneName: string): string {
  return absolute(withLongestValues(normalPattern(pattern), role), zoneName);
}

/** The same of a pattern that is a full name by itself, without its final dot. */
export function longestFullName(pattern: string, role: string): string {
  return withLongestValues(normalPattern(pattern), role).replace(/\.$/, '');
}

function withLongestValues(pattern: string, role: string): string {
  return pattern.replace(PLACEHOLDER, (whole, word: string) =>
    word === 'role' ? role : (LONGEST_VALUES[word] ?? whole),
  );
}

/**
 * The name in full where the configuration alone settles it, or settles it for each slot: `{region}` is the same for
 * all, and `{ordinal}` counts from 1 in every role. Undefined where it depends on the member.
 */
export function settledName(pattern: string, role: string, zoneName: string): string | undefined {
  if (placeholdersIn(pattern).some((word) => word === 'az' || word === 'instanceId')) return undefined;
  return absolute(normalPattern(pattern).replaceAll('{role}', role), zoneName);
}

/** The name in full where it has no placeholder of a member; `{region}` stays as it is written. */
export function fixedName(pattern: string, role: string, zoneName: string): string | undefined {
  if (placeholdersIn(pattern).some((word) => MEMBER_PLACEHOLDERS.includes(word))) return undefined;
  return absolute(normalPattern(pattern).replaceAll('{role}', role), zoneName);
}

/** Whether no two members can have the name. */
export function isOfOneMember(pattern: string): boolean {
  return placeholdersIn(pattern).some((word) => word === 'ordinal' || word === 'instanceId');
}

export function isWildcard(pattern: string): boolean {
  return pattern === '*' || pattern.startsWith('*.');
}

function absolute(relative: string, zoneName: string): string {
  const zone = normalName(zoneName);
  return relative === APEX ? zone : `${relative}.${zone}`;
}

/** Why a pattern gives no name that can be published, in words that read on from its path; undefined when it does. */
export function patternFault(pattern: string, role: string, zoneName: string): string | undefined {
  const zone = normalName(zoneName);
  const plain = normalPattern(pattern);
  const undotted = plain.replace(/\.$/, '');
  if (undotted === zone || undotted.endsWith(`.${zone}`) || undotted !== plain) {
    const relative =
      undotted === zone ? APEX : undotted.endsWith(`.${zone}`) ? undotted.slice(0, -zone.length - 1) : undotted;
    return `must be relative to the zone ${zone}: write ${JSON.stringify(relative)}, not ${JSON.stringify(pattern)}`;
  }
  if (plain === '_rolecall' || plain.endsWith('._rolecall')) {
    return 'must not end in _rolecall, where the zone keeps its serial; choose another name';
  }
  const name = longestName(pattern, role, zone);
  if (isPublishableName(name)) return undefined;
  return (
    'must give labels of 1 to 63 letters, digits, "-" and "_", neither first nor last a "-", and 253 characters in all; ' +
    `${JSON.stringify(pattern)} can give ${JSON.stringify(name)}`
  );
}
