import { suggestion } from '../config/suggestion.ts';
import { isoTime, readKnowledge } from './knowledge.ts';
import { drainIn, readLeavings, standingText } from './leaving.ts';
import { standingOf } from './member-standing.ts';
import type { Target } from './target.ts';
import { columns } from './text.ts';
import type { MembersResult } from './views-schema.ts';

/** The members of one role or of all; a text when there is no such role. */
export async function membersView(target: Target, role: string | undefined): Promise<MembersResult | string> {
  const knowledge = await readKnowledge(target);
  const { roles } = knowledge;
  const wanted = role === undefined ? roles : roles.filter((state) => state.role === role);
  if (role !== undefined && wanted.length === 0)
    return noSuchRole(
      role,
      roles.map((state) => state.role),
    );
  const leavings = await readLeavings({ ...knowledge, roles: wanted }, target);
  return {
    target: target.name,
    members: wanted.flatMap((state) =>
      state.members.map((member) => ({
        role: state.role,
        instanceId: member.instanceId,
        standing: standingOf(state, member),
        ...drainIn(leavings, state.role, member.instanceId),
        since: isoTime(member.sinceMs),
        slots: state.slots.filter(({ holder }) => holder === member.instanceId).map(({ ordinal }) => ordinal),
        offCloud: member.offCloud === true,
        ...(member.availabilityZone === undefined ? {} : { availabilityZone: member.availabilityZone }),
        ...(member.privateIpv4 === undefined ? {} : { privateIpv4: member.privateIpv4 }),
        ...(member.publicIpv4 === undefined ? {} : { publicIpv4: member.publicIpv4 }),
        ipv6: [...member.ipv6],
      })),
    ),
  };
}

function noSuchRole(role: string, roles: readonly string[]): string {
  return `there is no role "${role}"; roles: ${roles.join(', ')}${suggestion(role, roles)}`;
}

export function membersLines({ members }: MembersResult): string[] {
  if (members.length === 0) return ['no members'];
  return columns(
    [
      ['role', 'member', 'standing', 'slot', 'zone', 'private', 'public', 'since'],
      ...members.map(
        ({ role, instanceId, standing, drain, slots, availabilityZone, privateIpv4, publicIpv4, since }) => [
          role,
          instanceId,
          standingText(standing, drain),
          slots.join(' ') || '–',
          availabilityZone ?? '–',
          privateIpv4 ?? '–',
          publicIpv4 ?? '–',
          since,
        ],
      ),
    ],
    '',
  );
}
