import type { Member } from '../model/member.ts';
import { normalName } from '../model/name.ts';
import type { AddressKind, NamePattern } from '../model/role.ts';
import type { Slot } from '../model/slot.ts';
import { type CompiledPattern, compilePattern, renderName } from './names.ts';
import type { Scene, Share } from './scene.ts';

/** A share in one of a role's own names: addresses, or the EC2 name in place of them. */
export interface NameShare extends Share {
  readonly name: string;
  readonly type: 'A' | 'AAAA' | 'CNAME';
}

/**
 * What members and slots give to the names that one pattern renders.
 *
 * ```
 * address    role without a pool               role with a pool
 * private    A of each serving member          the same; with {ordinal} of each slot's holder
 * public     A of each serving member          A of each slot that is held; under `keep` of every slot
 * ipv6       AAAA of each serving member       the same; with {ordinal} of each slot's holder
 * ec2-name   CNAME to the member's EC2 name    the same; with {ordinal} of each slot's holder
 * ```
 */
export function sharesOf(scene: Scene, pattern: NamePattern): NameShare[] {
  const compiled = compilePattern(pattern.pattern, pattern.zoneName);
  const ofKinds = pattern.addresses.map((kind) => {
    if (kind === 'public' && scene.role.elasticIp !== undefined) return fromSlots(scene, compiled);
    return compiled.dependsOnOrdinal ? fromHolders(scene, compiled, kind) : fromMembers(scene, compiled, kind);
  });
  return Array<NameShare>().concat(...ofKinds);
}

function fromMembers(scene: Scene, compiled: CompiledPattern, kind: AddressKind): NameShare[] {
  const shares: NameShare[] = [];
  let name: string | undefined;
  for (const member of scene.serving) {
    if (name === undefined || !compiled.isRolesOwn) name = nameFor(scene, compiled, TYPES[kind], member, undefined);
    const share = name === undefined ? undefined : shareAt(scene, name, kind, member);
    if (share !== undefined) shares.push(share);
  }
  return shares;
}

/** Only a slot's holder has an ordinal; a standby has no such name. */
function fromHolders(scene: Scene, compiled: CompiledPattern, kind: AddressKind): NameShare[] {
  return scene.slots.flatMap((slot) => {
    const member = scene.holdersById.get(slot.holder ?? '');
    if (member === undefined) return [];
    const name = nameFor(scene, compiled, TYPES[kind], member, slot);
    return name === undefined ? [] : (shareAt(scene, name, kind, member) ?? []);
  });
}

/** The pool's addresses, never a member's own: what a name holds depends on the slot alone. */
function fromSlots(scene: Scene, compiled: CompiledPattern): NameShare[] {
  const shares: NameShare[] = [];
  for (const slot of scene.slots) {
    if (slot.holder === undefined && scene.role.whenEmpty !== 'keep') continue;
    const member = scene.holdersById.get(slot.holder ?? '');
    if (compiled.dependsOnMember && member === undefined) continue;
    const name = nameFor(scene, compiled, 'A', member, slot);
    if (name === undefined) continue;
    shares.push({
      name,
      type: 'A',
      contributor: `slot:${slot.ordinal}`,
      values: [slot.publicIpv4],
      ...(member === undefined ? {} : { member }),
    });
  }
  return shares;
}

function shareAt(scene: Scene, name: string, kind: AddressKind, member: Member): NameShare | undefined {
  const type = TYPES[kind];
  const values = valuesOf(member, kind);
  const { instanceId } = member;
  if (values.length > 0) return { name, type, contributor: instanceId, values, member };
  const detail = `${instanceId} has no ${ADDRESS_WORDS[kind]}`;
  scene.withhold({ name, type, reason: 'no-address', instance: instanceId, detail });
  return undefined;
}

const TYPES = { private: 'A', public: 'A', ipv6: 'AAAA', 'ec2-name': 'CNAME' } as const;

const ADDRESS_WORDS: Readonly<Record<AddressKind, string>> = {
  private: 'private IPv4 address',
  public: 'public IPv4 address',
  ipv6: 'IPv6 address',
  'ec2-name': 'public DNS name',
};

function valuesOf(member: Member, kind: AddressKind): readonly string[] {
  switch (kind) {
    case 'private':
      return member.privateIpv4 === undefined ? [] : [member.privateIpv4];
    case 'public':
      return member.publicIpv4 === undefined ? [] : [member.publicIpv4];
    case 'ipv6':
      return member.ipv6;
    case 'ec2-name':
      // EC2 shows an empty name where the VPC gives none: "DNS attributes for your VPC" (Amazon VPC User Guide).
      return member.publicDnsName === undefined || member.publicDnsName === ''
        ? []
        : [normalName(member.publicDnsName)];
  }
}

function nameFor(
  scene: Scene,
  compiled: CompiledPattern,
  type: string,
  member: Member | undefined,
  slot: Slot | undefined,
): string | undefined {
  const rendered = renderName(compiled, {
    role: scene.role.role,
    instanceId: member?.instanceId,
    region: member?.region ?? scene.region,
    availabilityZone: member?.availabilityZone,
    ordinal: slot?.ordinal,
  });
  if (rendered.kind === 'name') return rendered.name;
  const instance = compiled.dependsOnMember ? member?.instanceId : undefined;
  const { reason, detail } = rendered;
  scene.withhold({ name: compiled.pattern, type, reason, ...(instance === undefined ? {} : { instance }), detail });
  return undefined;
}
