import { normalName } from '../model/name.ts';
import type { CheckedRole } from './checked-role.ts';
import { isOfOneMember, settledName } from './name-pattern.ts';
import { type Path, type Problem, pathText, problemAt } from './problem.ts';
import { repeated } from './repeated.ts';
import { answersByName } from './when-empty-checks.ts';
import { zoneOfName } from './zone-of-name.ts';

/** A name that the configuration settles, or settles for each slot. */
interface TakenName {
  readonly role: string;
  readonly zone: string;
  /** In full; undefined where it depends on the member. */
  readonly name: string | undefined;
  readonly path: Path;
  readonly value: string;
  /** A and AAAA of a name go together; other types stand beside them. */
  readonly kind: 'address' | 'MX' | 'SRV' | 'CNAME';
  /** Nothing else can be where a CNAME is (RFC 1034 §3.6.2). */
  readonly isCname: boolean;
}

interface TakenByPattern extends TakenName {
  readonly index: number;
}

/** Names that are wanted twice, and where one of the two must give way. */
export function takenNames(roles: readonly CheckedRole[]): Problem[] {
  const listed = roles.filter(({ role }) => role.role !== '');
  const names = listed.flatMap(byPattern);
  const services = listed.flatMap(byService);
  const mails = listed.flatMap(byMail);
  const aliases = listed.flatMap(byAlias);
  const hosts = listed.flatMap(byHost);
  return [
    ...twiceInOneRole(names),
    ...inTwoRoles([...names, ...services, ...mails, ...hosts]),
    ...besideCname(mails, names),
    ...aliasBeside([...names, ...services, ...mails, ...hosts], aliases),
  ];
}

function byPattern({ role, pathOfName, configuration }: CheckedRole): TakenByPattern[] {
  return role.names.map((name, index) => ({
    role: role.role,
    zone: name.zone,
    name:
      configuration.zones[name.zone] === undefined ? undefined : settledName(name.pattern, role.role, name.zoneName),
    path: pathOfName(index),
    value: name.pattern,
    kind: 'address',
    isCname: name.addresses.includes('ec2-name') || answersByName(role, name),
    index,
  }));
}

function byMail({ role, path }: CheckedRole): TakenName[] {
  const { mx } = role;
  if (mx === undefined) return [];
  return [{ ...mx, role: role.role, path: [...path, 'mx', 'name'], value: mx.name, kind: 'MX', isCname: false }];
}

function byService({ role, path }: CheckedRole): TakenName[] {
  return role.srv.flatMap(({ service }) =>
    role.names
      .filter(({ pattern }) => isOfOneMember(pattern))
      .map(({ zone, zoneName }) => ({
        role: role.role,
        zone,
        name: `${service}.${role.role}.${zoneName}`,
        path: [...path, 'srv', service],
        value: service,
        kind: 'SRV' as const,
        isCname: false,
      })),
  );
}

/** The id of a host is known, so its names with {instanceId} are settled. */
function byHost({ role, configuration }: CheckedRole): TakenName[] {
  const hosts = Object.entries(configuration.hosts ?? {}).filter(([, host]) => host.roles.includes(role.role));
  return role.names
    .filter(({ zone, pattern }) => configuration.zones[zone] !== undefined && pattern.includes('{instanceId}'))
    .flatMap(({ zone, zoneName, pattern }) =>
      hosts.map(([id]) => ({
        role: role.role,
        zone,
        name: settledName(pattern.replaceAll('{instanceId}', id), role.role, zoneName),
        path: ['hosts', id],
        value: id,
        kind: 'address' as const,
        isCname: false,
      })),
    );
}

/** In the order in which they are written, which the resolved role does not keep. */
function byAlias({ role, definition, path, configuration }: CheckedRole): TakenName[] {
  return (definition.aliases ?? []).flatMap((alias, index) => {
    const zone = zoneOfName(alias, configuration.zones, definition.names?.[0]?.zone);
    if (zone === undefined) return [];
    const name = normalName(alias);
    return [
      { role: role.role, zone, name, path: [...path, 'aliases', index], value: alias, kind: 'CNAME', isCname: true },
    ];
  });
}

function twiceInOneRole(names: readonly TakenByPattern[]): Problem[] {
  return repeated(names, ({ role, zone, name, value }) => `${role} ${zone} ${name ?? value}`).map(({ item, first }) =>
    problemAt(
      item.path,
      item.value,
      `is the same name as names[${first.index}]; give it once, with a list of addresses`,
    ),
  );
}

/** A name's addresses belong to one role, and so do its sets of each other type. */
function inTwoRoles(names: readonly TakenName[]): Problem[] {
  const byPlace = new Map<string, TakenName[]>();
  return names.flatMap((item) => {
    const at = place(item);
    if (at === undefined) return [];
    const earlier = byPlace.get(at) ?? [];
    byPlace.set(at, [...earlier, item]);
    const first = earlier.find((other) => other.role !== item.role && excludes(other, item));
    if (first === undefined) return [];
    const why =
      first.kind === item.kind ? 'a name belongs to one role' : 'one of them can be a CNAME, and that stands alone';
    const message = `gives ${item.name} in zone ${item.zone}, as ${pathText(first.path)} does; ${why}`;
    return [problemAt(item.path, item.value, message)];
  });
}

function excludes(one: TakenName, other: TakenName): boolean {
  return one.kind === other.kind || one.isCname || other.isCname;
}

function besideCname(mails: readonly TakenName[], names: readonly TakenName[]): Problem[] {
  const cnames = new Map(names.filter(({ isCname }) => isCname).map((name) => [`${name.role} ${place(name)}`, name]));
  return mails.flatMap((mail) => {
    const other = cnames.get(`${mail.role} ${place(mail)}`);
    const message = `is the name of ${pathText(other?.path ?? [])} too, which can be a CNAME, and that stands alone; choose another`;
    return other === undefined ? [] : [problemAt(mail.path, mail.value, message)];
  });
}

function aliasBeside(others: readonly TakenName[], aliases: readonly TakenName[]): Problem[] {
  return repeated([...others, ...aliases], place)
    .filter(({ item }) => aliases.includes(item))
    .map(({ item, first }) =>
      problemAt(
        item.path,
        item.value,
        `${JSON.stringify(item.value)} is the name of ${pathText(first.path)} too, and an alias, a CNAME, stands alone; remove one of them`,
      ),
    );
}

function place({ zone, name }: TakenName): string | undefined {
  return name === undefined ? undefined : `${zone} ${name}`;
}
