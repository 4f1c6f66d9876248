import type { DirtyMark, RoleStatus, Status, ZoneStatus } from './status-report.ts';

/** The status for people: first what serves, then what is still to do. */
export function statusLines(status: Status): string[] {
  const retired = status.retired ? ' · retired: the stack was deleted' : '';
  return [
    `owner ${status.owner}${retired}`,
    ...status.roles.flatMap((role) => ['', ...roleLines(role)]),
    '',
    ...status.zones.map(zoneLine),
    ...dirtyLines('addresses', status.addresses.dirty),
    ...status.zones.flatMap(({ name, dirty }) => dirtyLines(name, dirty)),
  ];
}

function roleLines({ role, members, slots, names, notes }: RoleStatus): string[] {
  return [
    role,
    ...columns(
      members.map(({ instanceId, phase, privateIpv4 = '–', publicIpv4 = '–', absentSweeps }) => [
        instanceId,
        phase,
        privateIpv4,
        publicIpv4,
        absentSweeps === 0 ? '' : `not listed in ${absentSweeps} sweeps`,
      ]),
    ),
    ...(members.length === 0 ? ['  no members'] : []),
    ...columns(
      slots.map(({ ordinal, publicIpv4, allocationId, holder }) => [
        `slot ${ordinal}`,
        publicIpv4,
        allocationId,
        holder === undefined ? 'vacant' : `held by ${holder}`,
      ]),
    ),
    ...columns(names.map(({ name, type, values, ttlSeconds }) => [name, type, values.join(', '), `ttl ${ttlSeconds}`])),
    ...columns(
      notes.map(({ kind, reason, name = '', type = '', instanceId = '', detail = '' }) => [
        `! ${kind}`,
        reason,
        [name, type, instanceId, detail].filter((part) => part !== '').join(' '),
      ]),
    ),
  ];
}

function zoneLine({ name, private: isPrivate, id, serial, ownedSets, trouble, dirty }: ZoneStatus): string {
  const parts = [
    `${name}${isPrivate ? ' (private)' : ''}`,
    id,
    serial === undefined ? 'no serial yet' : `serial ${serial}`,
    `${ownedSets} record ${ownedSets === 1 ? 'set' : 'sets'}`,
    ...(trouble === undefined ? [] : [trouble]),
    dirty.length === 0 ? 'nothing to do' : `${dirty.length} to do`,
  ];
  return parts.join(' · ');
}

function dirtyLines(group: string, dirty: readonly DirtyMark[]): string[] {
  return dirty.map(({ subject, reason, since }) => `to do in ${group}: ${subject} (${reason}, since ${since})`);
}

/** Aligned, and indented under their heading. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  return rows.map((row) => `  ${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ')}`.trimEnd());
}
