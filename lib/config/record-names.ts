import type { Host, NamePattern, Role } from '../model/role.ts';
import { fitsPattern } from '../model/wildcard.ts';
import { serialRecordName } from '../model/zone.ts';
import { APEX, isOfOneMember } from './name-pattern.ts';

/** What of a configuration says which records it can produce. */
export interface NameScope {
  readonly owner: string;
  readonly zones: readonly { readonly key: string; readonly name: string }[];
  readonly roles: readonly Role[];
  readonly openRole?: Role;
  readonly hosts: readonly Pick<Host, 'id' | 'roles'>[];
}

/**
 * Every record name that a configuration can produce, as patterns of an IAM policy for the condition key
 * `route53:ChangeResourceRecordSetsNormalizedRecordNames`: lower case, without the final dot, the `*` of a wildcard
 * record as `\052` ("Using IAM policy conditions for fine-grained access control", Amazon Route 53 Developer Guide).
 * What a placeholder stands for is `*`, which in a policy is any characters, dots among them ("IAM JSON policy elements:
 * Condition operators", IAM User Guide). Sorted; none is covered by another.
 */
export function recordNamePatterns({ owner, zones, roles, openRole, hosts }: NameScope): string[] {
  const everyRole = openRole === undefined ? roles : [...roles, openRole];
  const zoneOf = (key: string) => zones.find((zone) => zone.key === key)?.name;
  return withoutCovered([
    ...zones.map(({ name }) => serialRecordName(owner, name)),
    ...everyRole.flatMap((role) => [
      ...role.names.flatMap((name) => ofName(name, role, hosts)),
      ...role.aliases.map(({ name }) => normalized(name)),
      ...(role.mx === undefined ? [] : [normalized(role.mx.name)]),
      ...ofServices(role, zoneOf),
      ...role.names.flatMap((name) => ofPointers(name, zones)),
    ]),
  ]);
}

/** The name of a record set as the condition key holds it. */
export function normalized(name: string): string {
  return name.replace(/^\*(?=\.|$)/, '\\052');
}

/** Sorted, without those that another one includes. */
export function withoutCovered(patterns: readonly string[]): string[] {
  const distinct = [...new Set(patterns)].sort();
  return distinct.filter((one) => !distinct.some((other) => other !== one && fitsPattern(other, one)));
}

function ofName({ pattern, zoneName }: NamePattern, { role }: Role, hosts: NameScope['hosts']): string[] {
  if (pattern === APEX) return [zoneName];
  const own = normalized(pattern).replaceAll('{role}', role === '' ? '*' : role);
  const ids = ['i-*', ...hosts.filter(({ roles }) => role === '' || roles.includes(role)).map(({ id }) => id)];
  const each = own.includes('{instanceId}') ? ids.map((id) => own.replaceAll('{instanceId}', id)) : [own];
  return each.map((text) => `${text.replace(/\{[^{}]*\}/g, '*').replace(/\*+/g, '*')}.${zoneName}`);
}

function ofServices({ role, names, srv }: Role, zoneOf: (key: string) => string | undefined): string[] {
  const keys = [...new Set(names.filter(({ pattern }) => isOfOneMember(pattern)).map(({ zone }) => zone))];
  return srv.flatMap(({ service }) => keys.map((key) => `${service}.${role}.${zoneOf(key)}`));
}

/** The addresses are not known, so any name below a reverse zone of their family. */
function ofPointers({ ptr, addresses }: NamePattern, zones: NameScope['zones']): string[] {
  if (!ptr) return [];
  const isIpv4 = addresses.includes('private') || addresses.includes('public');
  const suffixes = [...(isIpv4 ? ['in-addr.arpa'] : []), ...(addresses.includes('ipv6') ? ['ip6.arpa'] : [])];
  const reverse = zones.filter(({ name }) => suffixes.some((suffix) => name === suffix || name.endsWith(`.${suffix}`)));
  return reverse.map(({ name }) => `*.${name}`);
}

/**
 * The room for name patterns in the policy of λ reconcile. Its inline policies may have 10,240 characters in all ("IAM
 * and AWS STS quotas", IAM User Guide), the patterns stand there up to twice, and the answer of a custom resource that
 * carries them has 4,096 bytes ("Custom resource response objects", AWS CloudFormation User Guide).
 */
export const MAX_PATTERN_CHARACTERS = 3_000;

/** As they stand in a list. */
export function charactersOf(patterns: readonly string[]): number {
  return patterns.reduce((sum, pattern) => sum + JSON.stringify(pattern).length + 1, 0);
}

/** Between names in one attribute of the custom resource; in no name. */
export const RECORD_NAMES_SEPARATOR = '|';
