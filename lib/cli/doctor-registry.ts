import type { ZoneTrouble } from '../model/ledger.ts';
import type { Check } from './doctor-schema.ts';
import type { Knowledge } from './knowledge.ts';
import { standingOf } from './member-standing.ts';
import { windowOf } from './name-window.ts';
import { subjectOf, sweepTroubles } from './status-report.ts';
import { idleUsdAMonth } from './status-lines.ts';
import { ago, counted } from './text.ts';

/** A TTL over this leaves a dead address in caches for long. */
const LONG_TTL_SECONDS = 60;

/** An expected failure is tried again each minute at the latest: what is older has failed several times. */
const OLD_WORK_MS = 300_000;

/** What the registry alone tells. */
export function registryChecks(knowledge: Knowledge): Check[] {
  return [
    sweepCheck(knowledge),
    oldestWorkCheck(knowledge),
    ...troubleChecks(knowledge),
    conflictCheck(knowledge),
    ...emptyRoleChecks(knowledge),
    ...poolChecks(knowledge),
    ...ttlChecks(knowledge),
    ...splitViewChecks(knowledge),
  ];
}

function sweepCheck(knowledge: Knowledge): Check {
  const troubles = sweepTroubles(knowledge);
  const isFirst = knowledge.lastSweep === undefined;
  const says = isFirst ? 'just deployed: the first one is about to run' : 'the last sweep was complete, and is recent';
  return troubles.length === 0
    ? { check: 'sweep', verdict: 'ok', says }
    : {
        check: 'sweep',
        verdict: 'problem',
        says: troubles.join('; '),
        advice: 'look at the log of the function Sweep, then run rolecall sweep',
      };
}

/** What is to do is a mark in the registry from its event on; how long the oldest waits is the age of the work, whatever queue its wake-up is in. */
function oldestWorkCheck({ nowMs, zones, addresses }: Knowledge): Check {
  const marks = [...zones, addresses].flatMap((group) => (group.head?.retired === true ? [] : group.marks));
  const [oldest] = marks.toSorted((one, other) => one.sinceMs - other.sinceMs);
  const check = 'work';
  if (oldest === undefined) return { check, verdict: 'ok', says: 'nothing is still to do' };
  const says = `${marks.length} still to do, the oldest for ${ago(nowMs - oldest.sinceMs)}: ${subjectOf(oldest.subject)}, in ${oldest.group}`;
  if (nowMs - oldest.sinceMs < OLD_WORK_MS) return { check, verdict: 'ok', says };
  const advice = 'rolecall status says what stands in the way; look at the log of the function Reconcile';
  return { check, verdict: 'warning', says, advice };
}

const ZONE_REFUSED = 'see that the hosted zone exists and that the role of the function Reconcile may write to it';
const TROUBLE_SAYS: Record<ZoneTrouble, Pick<Check, 'says' | 'advice'>> = {
  'zone-gone': { says: 'Route 53 refuses the whole zone: zone-gone', advice: ZONE_REFUSED },
  'access-denied': { says: 'Route 53 refuses the whole zone: access-denied', advice: ZONE_REFUSED },
  'serial-unusable': {
    says: 'nothing is written to the zone: its serial is no plain TXT set',
    advice: 'delete that record set; the next pass makes a new serial',
  },
  'owner-taken': {
    says: 'another installation has the configured owner in this zone; the serial stays under the one before',
    advice: 'configure another owner, or delete the record <owner>._rolecall.<zone> if no installation uses it',
  },
};

function troubleChecks({ zones }: Knowledge): Check[] {
  return zones.flatMap(({ zone, head }) =>
    head?.trouble === undefined
      ? []
      : [
          {
            check: `zone ${zone.name}`,
            verdict: 'problem' as const,
            ...TROUBLE_SAYS[head.trouble],
          },
        ],
  );
}

function conflictCheck({ zones }: Knowledge): Check {
  const names = zones.flatMap(({ notes }) => notes.filter(({ kind }) => kind === 'conflict').map(({ name }) => name));
  const distinct = [...new Set(names)];
  return distinct.length === 0
    ? { check: 'conflicts', verdict: 'ok', says: 'no record of others is in the way' }
    : {
        check: 'conflicts',
        verdict: 'warning',
        says: `records of others are in the way of ${distinct.join(', ')}`,
        advice: `rolecall explain ${distinct[0] ?? ''}`,
      };
}

function emptyRoleChecks({ roles }: Knowledge): Check[] {
  const empty = roles.filter(
    (state) =>
      state.definition !== undefined && !state.members.some((member) => standingOf(state, member) === 'serving'),
  );
  return empty.map(({ role }) => ({
    check: `role ${role}`,
    verdict: 'warning' as const,
    says: 'nobody serves in it',
    advice: `tag an instance rolecall:role=${role}, or take the role out of the configuration`,
  }));
}

function poolChecks({ roles }: Knowledge): Check[] {
  return roles
    .filter(({ definition }) => definition?.elasticIp !== undefined)
    .flatMap((state): Check[] => {
      const addressed = state.slots.filter(({ allocationId }) => allocationId !== '');
      const idle = addressed.filter(({ holder }) => holder === undefined).length;
      const waiting = state.members.filter((member) => standingOf(state, member) === 'standby').length;
      const check = `pool of ${state.role}`;
      if (addressed.length === 0)
        return [{ check, verdict: 'problem', says: 'it has no Elastic IP', advice: 'tag one rolecall:pool=<pool>' }];
      return [
        ...(idle === 0
          ? []
          : [
              {
                check,
                verdict: 'warning' as const,
                says: `${counted(idle, 'idle address', 'idle addresses')}, about ${idleUsdAMonth(idle).toFixed(2)} USD a month`,
                advice: 'launch a member, or release the address',
              },
            ]),
        ...(waiting === 0
          ? []
          : [{ check, verdict: 'ok' as const, says: `${counted(waiting, 'standby', 'standbys')} without an address` }]),
      ];
    });
}

function ttlChecks({ zones, roles }: Knowledge): Check[] {
  const exposed = new Set(
    roles
      .filter(({ definition }) => definition?.elasticIp === undefined)
      .flatMap(({ members }) => members.flatMap(({ publicIpv4 }) => publicIpv4 ?? [])),
  );
  return zones.flatMap(({ zone, sets }) => {
    const long = sets.filter(
      ({ set }) => set.ttlSeconds > LONG_TTL_SECONDS && set.values.some((value) => exposed.has(value)),
    );
    return long.map(({ set }) => ({
      check: `ttl of ${set.name}`,
      verdict: 'warning' as const,
      says: `${set.ttlSeconds} s in ${zone.name}: an address that may be a stranger's is answered for up to ${windowOf(set.ttlSeconds).totalSeconds} s`,
      advice: `a ttl of ${LONG_TTL_SECONDS}s or less, an Elastic IP, or rolecall drain before an end`,
    }));
  });
}

/** A resolver in the VPC asks only the private zone of a name: what only the public twin has does not exist there. */
function splitViewChecks({ zones }: Knowledge): Check[] {
  return zones
    .filter(({ zone }) => !zone.private)
    .flatMap((open) => {
      const twin = zones.find(({ zone }) => zone.private && zone.name === open.zone.name);
      if (twin === undefined) return [];
      const inside = new Set(twin.sets.map(({ set }) => set.name));
      const missing = [...new Set(open.sets.map(({ set }) => set.name))].filter((name) => !inside.has(name));
      return missing.map((name) => ({
        check: `split view of ${open.zone.name}`,
        verdict: 'warning' as const,
        says: `${name} is in the public zone only: inside the VPC it does not exist`,
        advice: 'give the role a name in the private zone too',
      }));
    });
}
