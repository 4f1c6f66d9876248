import type { NamePattern, Role } from '../model/role.ts';
import { answerKind } from './answer.ts';
import { type CheckedRole, settingOf } from './checked-role.ts';
import { APEX, fixedName } from './name-pattern.ts';
import { type Problem, problemAt } from './problem.ts';

/** Whether each name of a role can do what `whenEmpty` asks. */
export function whenEmptyProblems(checked: CheckedRole): Problem[] {
  const { whenEmpty } = checked.role;
  if (whenEmpty === 'remove') return [];
  return whenEmpty === 'keep' ? keepProblems(checked) : answerProblems(checked, whenEmpty.answer);
}

/** An auto-assigned public address goes to a stranger when it is freed, so a name may never keep one. */
function keepProblems(checked: CheckedRole): Problem[] {
  const index = checked.role.names.findIndex((name) => isInKnownZone(checked, name) && keepsNothing(checked, name));
  const name = checked.role.names[index];
  if (name === undefined) return [];
  const { path, from } = settingOf(checked, 'whenEmpty');
  const canHaveElasticIp = !name.addresses.includes('ec2-name') && checked.role.role !== '';
  const why = name.addresses.includes('ec2-name')
    ? 'which leads to the EC2 name of an instance, whose address AWS may give to others once freed'
    : 'which has public addresses that AWS gives to others once freed';
  const next = canHaveElasticIp ? 'use "remove", or give the role an elasticIp' : 'use "remove"';
  return [problemAt(path, 'keep', `"keep"${from} is not possible for ${nameText(checked, index)}, ${why}; ${next}`)];
}

function keepsNothing({ role }: CheckedRole, { addresses }: NamePattern): boolean {
  return addresses.includes('ec2-name') || (addresses.includes('public') && role.elasticIp === undefined);
}

function answerProblems(checked: CheckedRole, answer: string): Problem[] {
  const { role } = checked;
  const { path, from } = settingOf(checked, 'whenEmpty');
  const named = role.names.flatMap((name, index) => {
    const text = fixedName(name.pattern, role.role, name.zoneName);
    return text === undefined || !isInKnownZone(checked, name) ? [] : [{ name, index, text }];
  });
  const faults = named.flatMap(({ name, index, text }) => {
    const fault = answerFault(answer, name, text);
    return fault === undefined ? [] : [`is not possible for ${nameText(checked, index)}, ${fault}`];
  });
  const isUnused = from === '' && role.names.every((name) => fixedName(name.pattern, '', '') === undefined);
  if (isUnused) {
    faults.push('would stand nowhere: no name of the role is without {ordinal}, {az} and {instanceId}; use "remove"');
  }
  return faults.map((fault) => problemAt(path, { answer }, `the answer ${JSON.stringify(answer)}${from} ${fault}`));
}

/** A CNAME is alone at its name, and none at the apex (RFC 1034 §3.6.2). */
function answerFault(answer: string, name: NamePattern, text: string): string | undefined {
  const isIpv4 = name.addresses.includes('private') || name.addresses.includes('public');
  const isIpv6 = name.addresses.includes('ipv6');
  const kind = answerKind(answer);
  if (kind === 'ipv4') {
    return isIpv4 ? undefined : 'which has no IPv4 addresses; give an answer that fits all names of the role';
  }
  if (kind === 'ipv6') {
    return isIpv6 ? undefined : 'which has no IPv6 addresses; give an answer that fits all names of the role';
  }
  if (answer === text) return 'which is that name itself; choose another';
  if (name.pattern === APEX) return 'the apex of its zone, where there can be no CNAME; give an address';
  return isIpv4 && isIpv6 ? 'which has A and AAAA records, and a CNAME stands alone; give an address' : undefined;
}

function isInKnownZone({ configuration }: CheckedRole, name: NamePattern): boolean {
  return configuration.zones[name.zone] !== undefined;
}

function nameText(checked: CheckedRole, index: number): string {
  return checked.path[0] === 'openRoles' ? 'its name' : `names[${index}]`;
}

/** Such a name is a CNAME while it is empty. */
export function answersByName({ role, whenEmpty }: Role, { pattern, zoneName }: NamePattern): boolean {
  if (typeof whenEmpty === 'string' || fixedName(pattern, role, zoneName) === undefined) return false;
  return answerKind(whenEmpty.answer) === 'name';
}
