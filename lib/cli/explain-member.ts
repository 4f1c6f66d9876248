import { isAdmitted } from '../desired/entitlement.ts';
import type { Member } from '../model/member.ts';
import type { Allow } from '../model/role.ts';
import { proseOf } from '../plan/render.ts';
import type { RoleState } from '../reconcile/ports.ts';
import { type Case, known, no, yes } from './explain-case.ts';
import type { Finding } from './explain-schema.ts';
import { isoTime } from './knowledge.ts';
import { LEAVING_PROSE, leavingIn, leavingText } from './leaving.ts';
import { standingOf } from './member-standing.ts';

/** Every yes and no of one member in one role: entitled, in service, holding a slot, in which records. */
export function memberFindings(state: RoleState, member: Member, opened: Case): Finding[] {
  const { role, definition, slots } = state;
  if (definition === undefined) return [notConfigured(role, opened)];
  if (!isAdmitted(definition, member)) return refusals(role, definition.allow ?? {}, member);
  const held = slots.filter(({ holder }) => holder === member.instanceId);
  return [
    serviceFinding(state, member),
    ...leavingFindings(role, member.instanceId, opened),
    ...held.map(({ ordinal, publicIpv4 }) =>
      yes(role, `holds slot ${ordinal}${publicIpv4 === '' ? '' : `, the address ${publicIpv4}`}`),
    ),
    ...publishedFindings([member.instanceId, ...held.map(({ ordinal }) => `slot:${ordinal}`)], role, opened),
    ...withheldFindings(role, member.instanceId, opened),
  ];
}

function notConfigured(role: string, { knowledge }: Case): Finding {
  const listed = knowledge.installation.roles.map((each) => each.role).join(', ');
  return no(role, `the role ${role} is not configured, and openRoles is not set`, `configured are: ${listed}`);
}

const FIELDS = [
  ['instanceProfiles', 'instanceProfile', 'instance profile'],
  ['vpcs', 'vpcId', 'VPC'],
  ['subnets', 'subnetId', 'subnet'],
] as const;

function refusals(role: string, allow: Allow, member: Member): Finding[] {
  return FIELDS.flatMap(([field, property, word]) => {
    const allowed = allow[field];
    if (allowed === undefined || isAdmitted({ allow: { [field]: allowed } }, member)) return [];
    const has = member[property] === undefined ? `it has no ${word}` : `its ${word} is ${member[property]}`;
    return [no(role, `roles.${role}.allow.${field} does not admit it: ${has}`, `admitted: ${allowed.join(', ')}`)];
  });
}

function serviceFinding(state: RoleState, member: Member): Finding {
  const { role, definition } = state;
  const standing = standingOf(state, member);
  const since = `running since ${isoTime(member.sinceMs)}`;
  switch (standing) {
    case 'serving':
      return yes(role, 'serves', since);
    case 'standby':
      return no(role, `is a standby: every slot is held; succession is ${definition?.succession ?? 'oldest'}`, since);
    case 'pending':
      return no(role, 'is not running yet', since);
    case 'draining':
      return no(role, 'drains', (member.drains ?? []).map(({ by, atMs }) => `${by} at ${isoTime(atMs)}`).join(', '));
    case 'withdrawn':
      return no(role, 'is sick, and others are not', sickness(member));
    case 'absent':
      return no(
        role,
        `was not listed by ${member.absentSweeps} complete sweeps`,
        'absence is no proof: caps may delay it',
      );
    case 'refused':
      return no(role, 'is refused');
  }
}

function leavingFindings(role: string, instanceId: string, { leavings }: Case): Finding[] {
  const drain = leavingIn(leavings, role, instanceId);
  if (drain === undefined) return [];
  const until = drain.until === undefined ? '' : `, until ${drain.until}`;
  return [known(role, `${LEAVING_PROSE[drain.stage]}${until}`, leavingText(drain))];
}

function sickness({ impaired, alarms = [] }: Member): string {
  return [...(impaired === true ? ['a status check is impaired'] : []), ...alarms.map((name) => `alarm ${name}`)].join(
    ', ',
  );
}

function publishedFindings(contributors: readonly string[], role: string, { knowledge }: Case): Finding[] {
  return knowledge.zones.flatMap(({ zone, sets }) =>
    sets
      .filter((owned) => owned.role === role)
      .flatMap(({ set, contributors: parts, serial }) => {
        const values = contributors.flatMap((contributor) => parts[contributor] ?? []);
        if (values.length === 0) return [];
        return [
          yes(set.name, `${set.type} ${[...new Set(values)].join(', ')}`, `in ${zone.name} since serial ${serial}`),
        ];
      }),
  );
}

/** What is withheld of the role for this member, or for all. */
function withheldFindings(role: string, instanceId: string, { knowledge, preview }: Case): Finding[] {
  const notes = [...knowledge.zones, knowledge.addresses].flatMap((group) => group.notes);
  const withheld =
    preview === undefined ? notes : [...preview.zones.flatMap((zone) => zone.withheld), ...knowledge.addresses.notes];
  return withheld
    .filter((each) => each.role === role && (each.instance === undefined || each.instance === instanceId))
    .map(({ name, type, reason, detail }) => no(name, `${type} withheld: ${proseOf(reason)}`, detail));
}

export function sentenceOf({ role }: RoleState, opened: Case): Finding {
  const marks = [...opened.knowledge.zones, opened.knowledge.addresses].flatMap((group) => group.marks);
  const waiting = marks.filter((mark) => mark.roles.includes(role));
  return waiting.length === 0
    ? known(role, 'nothing is still to do for it')
    : known(
        role,
        `${waiting.length} to do, the oldest since ${isoTime(Math.min(...waiting.map(({ sinceMs }) => sinceMs)))}`,
      );
}
