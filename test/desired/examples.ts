import type { ElasticAddress } from '../../lib/model/address.ts';
import type { Member } from '../../lib/model/member.ts';
import type { NamePattern, Role } from '../../lib/model/role.ts';
import type { Slot } from '../../lib/model/slot.ts';
import type { Zone } from '../../lib/model/zone.ts';

export const PUBLIC_ZONE: Zone = { key: 'pub', id: 'Z0BBB', name: 'example.com', private: false };
export const PRIVATE_ZONE: Zone = { key: 'int', id: 'Z0AAA', name: 'corp.internal', private: true };

/** A serving member with a private and an auto-assigned public address, made from its number. */
export function member(number: number, changes: Partial<Member> = {}): Member {
  return {
    role: 'web',
    instanceId: `i-${number}`,
    phase: 'serving',
    sinceMs: number * 1000,
    absentSweeps: 0,
    region: 'us-east-1',
    availabilityZone: 'us-east-1a',
    privateIpv4: `10.0.${Math.floor(number / 250)}.${number % 250}`,
    publicIpv4: `203.0.113.${number}`,
    ipv6: [],
    tags: {},
    ...changes,
  };
}

/** The same without the properties named. */
export function without<T extends object, K extends keyof T>(value: T, ...keys: readonly K[]): Omit<T, K> {
  const copy = { ...value };
  for (const key of keys) delete copy[key];
  return copy;
}

export function pattern(changes: Partial<NamePattern> = {}): NamePattern {
  return {
    zone: 'pub',
    pattern: '{role}',
    addresses: ['public'],
    ttlSeconds: 60,
    zoneName: changes.zone === 'int' ? 'corp.internal' : 'example.com',
    routing: { kind: 'simple' },
    ptr: false,
    ...changes,
  };
}

export function role(names: readonly NamePattern[] = [pattern()], changes: Partial<Role> = {}): Role {
  return {
    role: 'web',
    names,
    whenEmpty: 'remove',
    drift: 'repair',
    health: { kind: 'none' },
    drainOn: ['hook', 'retirement', 'spot', 'tag'],
    aliases: [],
    srv: [],
    succession: 'oldest',
    ...changes,
  };
}

export function pooled(names: readonly NamePattern[] = [pattern()], changes: Partial<Role> = {}): Role {
  return role(names, {
    elasticIp: { source: { kind: 'tag', pool: 'web' }, succession: 'oldest', preferZone: false },
    ...changes,
  });
}

export function slot(ordinal: number, changes: Partial<Slot> = {}): Slot {
  return {
    role: 'web',
    ordinal,
    allocationId: `eipalloc-${ordinal}`,
    publicIpv4: `198.51.100.${ordinal}`,
    version: 1,
    ...changes,
  };
}

export function address(number: number, changes: Partial<ElasticAddress> = {}): ElasticAddress {
  return {
    allocationId: `eipalloc-${number}`,
    publicIpv4: `198.51.100.${number}`,
    pool: 'web',
    serviceManaged: false,
    ...changes,
  };
}
