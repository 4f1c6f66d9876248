import type { AddressKind, NamePattern } from '../model/role.ts';
import type { CheckedRole } from './checked-role.ts';
import {
  APEX,
  DEFAULT_PATTERN,
  hasStrayBrace,
  isOfOneMember,
  isWildcard,
  patternFault,
  PLACEHOLDERS,
  placeholdersIn,
} from './name-pattern.ts';
import { type Path, type Problem, problemAt } from './problem.ts';
import { suggestion } from './suggestion.ts';

/** What is wrong with the names of a role, each by itself. */
export function nameProblems(checked: CheckedRole): Problem[] {
  const { definition, path } = checked;
  const names = definition.names ?? [];
  if (names.length === 0 && definition.elasticIp === undefined) {
    return [
      problemAt([...path, 'names'], undefined, 'is required: at least one name, unless the role has an elasticIp'),
    ];
  }
  return checked.role.names.flatMap((name, index) => problemsOfName(checked, name, index));
}

function problemsOfName(checked: CheckedRole, name: NamePattern, index: number): Problem[] {
  const written = checked.definition.names?.[index];
  const path = checked.pathOfName(index);
  const below = (key: string) => (path.at(-1) === index ? [...path, key] : path);
  const zone = checked.configuration.zones[name.zone];
  const pattern = written?.name ?? DEFAULT_PATTERN;
  // The name of a role that is not listed is known when it is claimed; any label is then tried anew.
  const role = checked.role.role === '' ? 'a' : checked.role.role;
  return [
    ...(zone === undefined ? [] : patternProblems(role, pattern, below('name'), zone.name)),
    ...(checked.zoneKeys.includes(name.zone) ? [] : [unknownZone(below('zone'), name.zone, checked.zoneKeys)]),
    ...addressProblems(checked, name, below('address'), written?.address),
    ...(name.ptr ? ptrProblems(checked, name, below('ptr')) : []),
    ...weightTagProblems(name, below('routing')),
  ];
}

function addressProblems(checked: CheckedRole, name: NamePattern, path: Path, written: unknown): Problem[] {
  if (Array.isArray(written) && new Set(written).size < written.length) {
    return [problemAt(path, written, 'lists an address twice; give each once')];
  }
  const fault = name.addresses.includes('ec2-name') ? ec2NameFault(checked, name) : undefined;
  return fault === undefined ? [] : [problemAt(path, written, `"ec2-name" ${fault}`)];
}

/** It is a CNAME: alone at its name, one value, and none at the apex (RFC 1034 §3.6.2). */
function ec2NameFault({ role }: CheckedRole, name: NamePattern): string | undefined {
  if (name.addresses.length > 1) return 'must stand alone: it gives a CNAME; give the other addresses another name';
  if (name.pattern === APEX) return 'is not possible at the apex, where there can be no CNAME; choose another name';
  if (name.routing.kind !== 'simple') {
    return `is not possible with ${name.routing.kind} routing; use "simple", or another address`;
  }
  return role.holders === 1 || isOfOneMember(name.pattern)
    ? undefined
    : 'needs a name of one member, since it gives a CNAME; add {instanceId} or {ordinal} to the name, or set holders: 1';
}

/** Tags that say something else, and are no numbers. */
const TAGS_OF_OTHER_MEANING = ['rolecall:role', 'rolecall:pool', 'rolecall:drain'];

function weightTagProblems({ routing }: NamePattern, path: Path): Problem[] {
  if (routing.kind !== 'weighted' || !TAGS_OF_OTHER_MEANING.includes(routing.tag)) return [];
  const message = `${JSON.stringify(routing.tag)} has a meaning of its own and holds no weight; use 'rolecall:weight', or another tag`;
  return [problemAt([...path, 'weighted', 'tag'], routing.tag, message)];
}

/** Where PTR records are kept (RFC 1035 §3.5, RFC 3596 §2.5). */
const REVERSE_SUFFIXES = { ipv4: 'in-addr.arpa', ipv6: 'ip6.arpa' } as const;

const REVERSE_OF: Readonly<Record<AddressKind, string | undefined>> = {
  private: REVERSE_SUFFIXES.ipv4,
  public: REVERSE_SUFFIXES.ipv4,
  ipv6: REVERSE_SUFFIXES.ipv6,
  'ec2-name': undefined,
};

function ptrProblems(checked: CheckedRole, name: NamePattern, path: Path): Problem[] {
  const suffixes = [...new Set(name.addresses.map((kind) => REVERSE_OF[kind]))].filter((one) => one !== undefined);
  if (suffixes.length === 0) {
    return [problemAt(path, true, 'is for names with addresses, and "ec2-name" gives none; remove it')];
  }
  if (isWildcard(name.pattern)) {
    return [
      problemAt(path, true, 'is not possible for a name with a wildcard, which no PTR record can name; remove it'),
    ];
  }
  const { zones } = checked.configuration;
  const zoneNames = Object.values(zones).map((zone) => zone.name.toLowerCase().replace(/\.$/, ''));
  const isComplete = checked.zoneKeys.length === zoneNames.length;
  const fits = suffixes.some((suffix) => zoneNames.some((zone) => zone === suffix || zone.endsWith(`.${suffix}`)));
  if (fits || !isComplete) return [];
  return [problemAt(path, true, `needs a reverse zone in zones, whose name ends in ${suffixes.join(' or ')}`)];
}

function unknownZone(path: Path, key: string, zoneKeys: readonly string[]): Problem {
  const hint = suggestion(key, zoneKeys) || `; the zones are ${zoneKeys.join(', ')}`;
  return problemAt(path, key, `${JSON.stringify(key)} is no key of zones${hint}`);
}

function patternProblems(role: string, pattern: string, path: Path, zoneName: string): Problem[] {
  const placeholders = placeholdersIn(pattern);
  if (hasStrayBrace(pattern)) {
    return [
      problemAt(
        path,
        pattern,
        `${JSON.stringify(pattern)} has a brace without its partner; placeholders are ${placeholderList()}`,
      ),
    ];
  }
  const unknown = placeholders.filter((word) => !PLACEHOLDERS.includes(word));
  if (unknown.length > 0) {
    return unknown.map((word) => {
      const hint = suggestion(word, PLACEHOLDERS) || `; placeholders are ${placeholderList()}`;
      return problemAt(path, pattern, `has the unknown placeholder {${word}}${hint}`);
    });
  }
  const fault = patternFault(pattern, role, zoneName);
  return fault === undefined ? [] : [problemAt(path, pattern, fault)];
}

function placeholderList(): string {
  return PLACEHOLDERS.map((word) => `{${word}}`).join(', ');
}
