import type { NameDefinition } from '../../lib/config/configuration.ts';
import { type Instance, primaryPrivateAddress } from '../../local/ec2/instance.ts';
import { publicDnsName } from '../../local/ec2/network.ts';
import type { ResourceRecordSet } from '../../local/route53/resource-record-set.ts';
import { type Setting, type ZoneKey, ZONES } from './setting.ts';

/** How names and values should read, told without a line of Rolecall's own. */
const TTLS: Readonly<Record<string, number>> = { '10s': 10, '60s': 60, '5m': 300 };

/** `zone name type set-identifier` of a set as Route 53 keeps it. */
export function labelOf(zone: string, { name, type, setIdentifier = '' }: ResourceRecordSet): string {
  return `${zone} ${plain(name)} ${type} ${setIdentifier}`;
}

export function contentOf({ ttlSeconds, weight, values }: ResourceRecordSet): string {
  return content(ttlSeconds ?? 0, weight, values.map(plain));
}

export function content(ttlSeconds: number, weight: number | undefined, values: readonly string[]): string {
  return `${ttlSeconds}${weight === undefined ? '' : ` weight ${weight}`} ${[...new Set(values)].sort().join(',')}`;
}

/** Without the final dot, and a wildcard as people write it. */
export function plain(name: string): string {
  return name.replace(/\.$/, '').replace('\\052', '*');
}

export function claimsOf({ tags }: Pick<Instance, 'tags'>): string[] {
  return [...new Set((tags['rolecall:role'] ?? '').toLowerCase().split(/\s+/))].filter((word) =>
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(word),
  );
}

export function isDraining({ tags }: Instance): boolean {
  return (tags['rolecall:drain'] ?? 'false') !== 'false';
}

export function weightOf({ tags }: Instance, otherwise: number): number {
  const written = tags['rolecall:weight'] ?? '';
  return /^\d{1,3}$/.test(written) && Number(written) <= 255 ? Number(written) : otherwise;
}

export function ttlOf({ ttl = '60s' }: NameDefinition<ZoneKey>): number {
  return TTLS[ttl] ?? 60;
}

export function fullName(zone: ZoneKey, pattern: string, role: string): string {
  const name = pattern.replace('{role}', role);
  return name === '@' ? ZONES[zone].name : `${name}.${ZONES[zone].name}`;
}

export function rendered(
  pattern: NameDefinition<ZoneKey>,
  role: string,
  member: Instance | undefined,
  ordinal: number | undefined,
): string {
  const name = fullName(pattern.zone, pattern.name ?? '{role}', role);
  return name
    .replace('{ordinal}', String(ordinal ?? 'none'))
    .replace('{az}', member?.zone ?? 'none')
    .replace('{instanceId}', member?.id ?? 'none');
}

export function valuesOf(
  member: Instance,
  { zone, address }: NameDefinition<ZoneKey>,
  elasticIp: string | undefined,
): [type: string, values: string[]][] {
  const kinds = [address ?? (zone === 'pub' ? 'public' : 'private')].flat();
  const publicAddress = elasticIp ?? member.autoPublicAddress;
  return kinds.flatMap((kind): [string, string[]][] => {
    if (kind === 'ipv6') {
      const values = [...(member.interfaces[0]?.ipv6Addresses ?? [])];
      return values.length === 0 ? [] : [['AAAA', values]];
    }
    if (kind === 'private') return [['A', [primaryPrivateAddress(member) ?? '']]];
    if (publicAddress === undefined) return [];
    return kind === 'public' ? [['A', [publicAddress]]] : [['CNAME', [publicDnsName(publicAddress, 'us-east-1')]]];
  });
}

/** The role whose name keeps its last member's address while there is no other. */
export function keepingRoleOf({ roles }: Setting, name: string): string | undefined {
  return Object.entries(roles).find(
    ([role, definition]) =>
      typeof definition !== 'string' &&
      definition.whenEmpty === 'keep' &&
      (name.startsWith(`${role}.`) || (definition.elasticIp !== undefined && /^mx\d+\./.test(name))),
  )?.[0];
}
