import { isPublishableName, normalName } from '../model/name.ts';
import type { CheckedRole } from './checked-role.ts';
import { isOfOneMember, isWildcard, MEMBER_PLACEHOLDERS, placeholdersIn } from './name-pattern.ts';
import { type Path, type Problem, problemAt } from './problem.ts';
import { answersByName } from './when-empty-checks.ts';
import { zoneOfName } from './zone-of-name.ts';

/** What is wrong with the records that lead to a role's names, each by itself. */
export function extraRecordProblems(checked: CheckedRole): Problem[] {
  return [...aliasProblems(checked), ...mailProblems(checked), ...serviceProblems(checked)];
}

function aliasProblems(checked: CheckedRole): Problem[] {
  const aliases = checked.definition.aliases ?? [];
  const path = [...checked.path, 'aliases'];
  const target = aliases.length === 0 ? undefined : targetFault(checked, MEMBER_PLACEHOLDERS);
  return [
    ...(target === undefined ? [] : [problemAt(path, aliases, target)]),
    ...aliases.flatMap((alias, index) => placeProblems(checked, alias, [...path, index], 'no apex')),
  ];
}

function mailProblems(checked: CheckedRole): Problem[] {
  const { mx } = checked.definition;
  if (mx === undefined) return [];
  const path = [...checked.path, 'mx'];
  const [first] = checked.role.names;
  // RFC 2181 §10.3: the target of an MX record must have addresses of its own.
  const isCname = first?.addresses.includes('ec2-name') === true;
  const answersByCname = first !== undefined && answersByName(checked.role, first);
  const target = isCname
    ? 'needs a first name with addresses, and names[0] is an "ec2-name", a CNAME; give another name first'
    : answersByCname
      ? 'needs a first name with addresses, and names[0] is a CNAME while it is empty; give whenEmpty an address as the answer'
      : targetFault(
          checked,
          MEMBER_PLACEHOLDERS.filter((word) => word !== 'ordinal'),
        );
  return [
    ...(target === undefined ? [] : [problemAt(path, mx, target)]),
    ...placeProblems(checked, mx.name, [...path, 'name'], 'apex'),
  ];
}

/** Why a record cannot lead to the first name of the role. */
function targetFault({ role }: CheckedRole, refused: readonly string[]): string | undefined {
  const [first] = role.names;
  if (first === undefined) return 'needs a name of the role to lead to; give names';
  const shown = `names[0] is ${JSON.stringify(first.pattern)}`;
  if (isWildcard(first.pattern)) return `needs a first name without a wildcard, and ${shown}; give another name first`;
  if (!placeholdersIn(first.pattern).some((word) => refused.includes(word))) return undefined;
  const list = refused.map((word) => `{${word}}`).join(', ');
  return `needs a first name without ${list}, and ${shown}; give another name first`;
}

function placeProblems(checked: CheckedRole, text: string, path: Path, apex: 'apex' | 'no apex'): Problem[] {
  const { zones } = checked.configuration;
  const name = normalName(text);
  const zone = zones[zoneOfName(name, zones, undefined) ?? ''];
  if (zone === undefined) {
    const isComplete = checked.zoneKeys.length === Object.keys(zones).length;
    const names = Object.values(zones).map((one) => normalName(one.name));
    return isComplete
      ? [problemAt(path, text, `${JSON.stringify(text)} is in none of the zones; they are ${names.join(', ')}`)]
      : [];
  }
  const zoneName = normalName(zone.name);
  if (apex === 'no apex' && name === zoneName) {
    return [
      problemAt(path, text, 'is the apex of a zone, where there can be no CNAME; give the role the name "@" there'),
    ];
  }
  return name === `_rolecall.${zoneName}` || name.endsWith(`._rolecall.${zoneName}`)
    ? [problemAt(path, text, 'must not be in _rolecall, where the zone keeps its serial; choose another name')]
    : [];
}

function serviceProblems(checked: CheckedRole): Problem[] {
  const { srv } = checked.definition;
  if (srv === undefined) return [];
  const path = [...checked.path, 'srv'];
  const own = checked.role.names.filter(({ pattern }) => isOfOneMember(pattern));
  if (own.length === 0) {
    return [
      problemAt(path, srv, "needs a name with {ordinal} or {instanceId}: its target is the member's own name; add one"),
    ];
  }
  // RFC 2782: the target must not be an alias.
  const targets = own.filter(({ zone }, index) => own.findIndex((other) => other.zone === zone) === index);
  const unfit = targets.find((name) => name.addresses.includes('ec2-name') || isWildcard(name.pattern));
  if (unfit !== undefined) {
    const why = isWildcard(unfit.pattern) ? 'has a wildcard' : 'is an "ec2-name", a CNAME';
    return [
      problemAt(
        path,
        srv,
        `cannot lead to the name ${JSON.stringify(unfit.pattern)}, which ${why}; give another name of the member before it`,
      ),
    ];
  }
  return Object.keys(srv).flatMap((service) => {
    const long = targets
      .map(({ zoneName }) => `${service}.${checked.role.role}.${zoneName}`)
      .find((name) => !isPublishableName(name));
    return long === undefined
      ? []
      : [problemAt([...path, service], service, `gives the name ${long}, and a name has 253 characters at most`)];
  });
}
