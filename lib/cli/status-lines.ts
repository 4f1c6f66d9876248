import { standingText } from './leaving.ts';
import { type Paint, paintMarks, plain } from './colour.ts';
import { STANDINGS } from './member-standing.ts';
import type { RoleStatus, StandingNote, Status, ToDo, ZoneStatus } from './status-schema.ts';
import { ago, columns, counted } from './text.ts';

/** "$0.005 per IP address per hour", in use or idle (Amazon VPC pricing, public IPv4 addresses); 730 hours a month. */
const ADDRESS_USD_A_MONTH = 3.65;

/** What so many idle addresses cost, to the cent. */
export function idleUsdAMonth(idle: number): number {
  return Math.round(idle * ADDRESS_USD_A_MONTH * 100) / 100;
}

/** The status for people: is all well, then who serves, then what is still to do. */
export function statusLines(status: Status, paint: Paint = plain): string[] {
  const retired = status.retired ? ' · retired: the stack was deleted' : '';
  const lines = [
    `${status.target} · owner ${status.owner}${retired}`,
    ...healthLines(status.health, paint),
    ...status.roles.flatMap((role) => ['', ...roleLines(role, paint)]),
    '',
    ...status.zones.map(zoneLine),
    ...idleLines(status.addresses),
    ...checksLines(status.healthChecks),
    ...toDoLines('addresses', status.addresses.toDo),
    ...status.zones.flatMap(({ name, toDo }) => toDoLines(name, toDo)),
  ];
  return paintMarks(lines, { '!': 'bad' }, paint);
}

function healthLines({ ok, lastSweep, troubles, ...health }: Status['health'], paint: Paint): string[] {
  const parts = [
    ok ? paint('good', 'all is well') : paint('bad', 'look at this'),
    lastSweep === undefined
      ? troubles.length === 0
        ? 'just deployed, the first sweep is about to run'
        : 'no sweep yet'
      : `last sweep ${ago(lastSweep.ageSeconds * 1000)} ago`,
    counted(health.conflicts, 'conflict'),
    `${counted(health.drift, 'drift', 'drifts')} in the last hour`,
    `${health.withheld} withheld`,
    counted(health.refused, 'refused claim'),
    counted(
      health.queues.reduce((sum, { deadLetters = 0 }) => sum + deadLetters, 0),
      'dead letter',
    ),
  ];
  return [parts.join(' · '), ...troubles.map((trouble) => `! ${trouble}`)];
}

function roleLines({ role, configured, members, slots, poolShort, names, notes }: RoleStatus, paint: Paint): string[] {
  const serving = members.filter(({ standing }) => standing === 'serving').length;
  const others = STANDINGS.filter((each) => each !== 'serving').flatMap((standing) => {
    const count = members.filter((member) => member.standing === standing).length;
    if (count === 0) return [];
    // What a failover pair is meant to be; a role without a pool has standbys by its count of holders.
    const until = standing === 'standby' && poolShort !== undefined ? ' until an address of the pool is free' : '';
    return [`${count} ${standing}${until}`];
  });
  const heading = [
    paint('heading', `${role} ${serving}/${members.length} serving`),
    ...others,
    ...(configured ? [] : ['not configured: its members are refused']),
  ];
  return [
    heading.join(' · '),
    ...columns(
      members.map(({ instanceId, standing, drain, privateIpv4 = '–', publicIpv4 = '–', absentSweeps }) => [
        instanceId,
        standingText(standing, drain),
        privateIpv4,
        publicIpv4,
        absentSweeps === 0 ? '' : `not listed in ${counted(absentSweeps, 'sweep')}`,
      ]),
    ),
    ...columns(
      slots.map(({ ordinal, publicIpv4 = '', allocationId = '', holder }) =>
        [`slot ${ordinal}`, publicIpv4, allocationId, holder === undefined ? 'vacant' : `held by ${holder}`].filter(
          (cell) => cell !== '',
        ),
      ),
    ),
    ...columns(names.map(({ name, type, values, ttlSeconds }) => [name, type, values.join(', '), `ttl ${ttlSeconds}`])),
    ...columns(
      notes
        .filter(isNews)
        .map(({ kind, reason, name = '', type = '', instanceId = '', detail = '' }) => [
          `! ${kind}`,
          reason,
          [name, type, instanceId, detail].filter((part) => part !== '').join(' '),
        ]),
    ),
  ];
}

/** Standbys are counted in the heading: more members than addresses is how a pool has someone to fail over to. */
function isNews({ reason }: StandingNote): boolean {
  return reason !== 'pool-too-small';
}

function zoneLine({ name, private: isPrivate, id, serial, ownedSets, trouble, toDo }: ZoneStatus): string {
  const parts = [
    `${name}${isPrivate ? ' (private)' : ''}`,
    id,
    serial === undefined ? 'no serial yet' : `serial ${serial}`,
    counted(ownedSets, 'record set'),
    ...(trouble === undefined ? [] : [trouble]),
    toDo.length === 0 ? 'nothing to do' : `${toDo.length} to do`,
  ];
  return parts.join(' · ');
}

function checksLines({ count, usdAMonth }: Status['healthChecks']): string[] {
  if (count === 0) return [];
  return [`${counted(count, 'Route 53 health check')} · about ${usdAMonth.toFixed(2)} USD a month`];
}

function idleLines({ idle, idleUsdAMonth: cost }: Status['addresses']): string[] {
  return idle === 0 ? [] : [`${counted(idle, 'idle Elastic IP')} · about ${cost.toFixed(2)} USD a month`];
}

function toDoLines(group: string, toDo: readonly ToDo[]): string[] {
  return toDo.map(({ subject, reason, since }) => `to do in ${group}: ${subject} (${reason}, since ${since})`);
}
