import type { Member } from '../model/member.ts';
import type { AddressKind, Role } from '../model/role.ts';
import type { RoleView, RoleViewMember } from '../model/role-view.ts';
import type { Slot } from '../model/slot.ts';
import { isAdmitted } from './entitlement.ts';
import { compilePattern, renderName } from './names.ts';
import { inService, isSick } from './standing.ts';
import { isAbsent } from './succession.ts';
import { weightOf } from './weight.ts';

const WEIGHT_TAG = 'rolecall:weight';
const DEFAULT_WEIGHT = 10;

/** The members of a role for those that read them instead of asking DNS; the same members that DNS answers with. */
export function roleView(role: Role, members: readonly Member[], slots: readonly Slot[]): RoleView {
  const slotOf = new Map(slots.flatMap((slot) => (slot.holder === undefined ? [] : [[slot.holder, slot] as const])));
  const admitted = inService(role, members).filter((member) => isAdmitted(role, member));
  const holding = role.holders === undefined ? admitted : admitted.filter(({ instanceId }) => slotOf.has(instanceId));
  const present = atLeastOne(holding, (member) => !isAbsent(member));
  const healthy = atLeastOne(present, (member) => !isSick(role.health, member));
  return {
    schemaVersion: 1,
    role: role.role,
    members: healthy
      .map((member) => viewOf(role, member, slotOf.get(member.instanceId)))
      .sort((one, other) => (one.id < other.id ? -1 : 1)),
  };
}

/** Those that the test admits; all where it admits none: doubt alone empties nothing. */
function atLeastOne(members: readonly Member[], admits: (member: Member) => boolean): readonly Member[] {
  const admitted = members.filter(admits);
  return admitted.length > 0 ? admitted : members;
}

function viewOf(role: Role, member: Member, slot: Slot | undefined): RoleViewMember {
  const publicIpv4 = role.elasticIp === undefined ? member.publicIpv4 : slot?.publicIpv4;
  const names = (kind: AddressKind) => namesOf(role, member, slot, kind);
  return {
    id: member.instanceId,
    ...(slot === undefined ? {} : { ordinal: slot.ordinal }),
    ...(member.availabilityZone === undefined ? {} : { availabilityZone: member.availabilityZone }),
    ...(member.privateIpv4 === undefined ? {} : { privateIpv4: member.privateIpv4 }),
    ...(publicIpv4 === undefined || publicIpv4 === '' ? {} : { publicIpv4 }),
    ipv6: [...member.ipv6].sort(),
    weight: weightOf(member, WEIGHT_TAG, DEFAULT_WEIGHT),
    names: { private: names('private'), public: names('public'), ipv6: names('ipv6') },
  };
}

function namesOf(role: Role, member: Member, slot: Slot | undefined, kind: AddressKind): string[] {
  const { instanceId, availabilityZone, region } = member;
  const occupant = { role: role.role, instanceId, availabilityZone, region, ordinal: slot?.ordinal };
  const names = role.names
    .filter(({ addresses }) => addresses.includes(kind))
    .map(({ pattern, zoneName }) => renderName(compilePattern(pattern, zoneName), occupant))
    .flatMap((rendered) => (rendered.kind === 'name' ? [rendered.name] : []));
  return [...new Set(names)].sort();
}
