import type { Host, Role } from '../model/role.ts';
import type { Slot } from '../model/slot.ts';
import { compilePattern, renderName } from './names.ts';

/** A role of a host, with its slots where a name of the role has an ordinal. */
export interface HostRole {
  readonly role: Role;
  readonly slots: readonly Slot[];
}

/**
 * Whether a role gives a host this name, with an address of the host in it. A host has no private address, no EC2 name
 * and no availability zone, and no part in a pool's names. Before it holds a slot, any ordinal may become its own.
 */
export function givesName({ role, slots }: HostRole, host: Host, region: string, name: string): boolean {
  const held = slots.find(({ holder }) => holder === host.id)?.ordinal;
  const ordinals = held === undefined ? (name.match(/\d{1,4}/g) ?? []).map(Number) : [held];
  return role.names.some(({ pattern, zoneName, addresses }) => {
    const isPublic = addresses.includes('public') && role.elasticIp === undefined;
    if (!isPublic && !addresses.includes('ipv6')) return false;
    const compiled = compilePattern(pattern, zoneName);
    const occupant = { role: role.role, instanceId: host.id, region };
    return (compiled.dependsOnOrdinal ? ordinals : [undefined]).some((ordinal) => {
      const rendered = renderName(compiled, { ...occupant, ordinal });
      return rendered.kind === 'name' && rendered.name === name;
    });
  });
}

export function hasOrdinals({ names }: Role): boolean {
  return names.some(({ pattern }) => pattern.includes('{ordinal}'));
}
