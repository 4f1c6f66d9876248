import type { RecordSet } from '../model/record-set.ts';
import type { NamePattern, Role } from '../model/role.ts';
import type { Zone } from '../model/zone.ts';
import { type CompiledPattern, compilePattern } from './names.ts';

/**
 * The role whose configuration can produce a set of this name and type, whoever its members are: the first by name.
 * `undefined` where none can.
 */
export function producerOf(roles: readonly Role[], zone: Zone, set: RecordSet): string | undefined {
  return [...roles].sort((one, other) => (one.role < other.role ? -1 : 1)).find((role) => canProduce(role, zone, set))
    ?.role;
}

function canProduce(role: Role, zone: Zone, { name, type, values }: RecordSet): boolean {
  const names = role.names.filter((pattern) => pattern.zone === zone.key);
  switch (type) {
    case 'A':
    case 'AAAA':
    case 'CNAME':
      return (
        names.some((pattern) => isProduct(pattern, role.role, name)) ||
        role.aliases.some((alias) => alias.zone === zone.key && alias.name === name)
      );
    case 'MX':
      return role.mx?.zone === zone.key && role.mx.name === name;
    case 'SRV':
      return role.srv.some(({ service }) => name === `${service}.${role.role}.${zone.name}`) && names.length > 0;
    case 'PTR':
      return (
        zone.name.endsWith('.arpa') &&
        values.every((target) => role.names.some((pattern) => pattern.ptr && isProduct(pattern, role.role, target)))
      );
    case 'TXT':
      return false;
  }
}

function isProduct({ pattern, zoneName }: NamePattern, role: string, name: string): boolean {
  if (name === zoneName) return pattern === '@';
  const { parts } = compilePattern(pattern, zoneName);
  const relative = parts.map((part) => formOf(part, role)).join('');
  return new RegExp(`^${relative}\\.${escaped(zoneName)}$`).test(name);
}

function formOf(part: CompiledPattern['parts'][number], role: string): string {
  if (typeof part === 'string') return escaped(part);
  switch (part.placeholder) {
    case 'role':
      return escaped(role);
    case 'az':
      return '[a-z]{2}(-[a-z]+)+-[0-9][a-z]';
    case 'region':
      return '[a-z]{2}(-[a-z]+)+-[0-9]';
    // "The ID of the instance": 8 or 17 hexadecimal digits (Amazon EC2, longer IDs).
    case 'instanceId':
      return 'i-[0-9a-f]{8,17}';
    case 'ordinal':
      return '[1-9][0-9]{0,3}';
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
