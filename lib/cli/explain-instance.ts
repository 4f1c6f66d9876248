import { isLive, type Fact } from '../model/fact.ts';
import type { Away } from '../model/host.ts';
import { claimedRoles, MOST_ROLES, type InstanceDescription, ROLE_TAG } from '../model/instance.ts';
import { type Case, describeNow, known, no, yes } from './explain-case.ts';
import { memberFindings, sentenceOf } from './explain-member.ts';
import type { Finding } from './explain-schema.ts';
import { isoTime } from './knowledge.ts';
import type { Target } from './target.ts';

export interface Explained {
  readonly findings: readonly Finding[];
  readonly next: readonly string[];
}

/** An instance: alive or not and by what evidence, what it claims, and what becomes of each claim. */
export async function explainInstance(instanceId: string, opened: Case, target: Target): Promise<Explained> {
  const fact = opened.knowledge.facts.get(instanceId);
  const now = fact?.host === undefined ? await describeNow(target, instanceId) : undefined;
  const states = opened.knowledge.roles.flatMap((state) => {
    const member = state.members.find((each) => each.instanceId === instanceId);
    return member === undefined ? [] : [{ state, member }];
  });
  const findings = [
    ...(fact === undefined
      ? [no(instanceId, 'nothing is known of it: no event and no sweep told')]
      : factFindings(fact)),
    ...(fact?.host === undefined ? nowFindings(instanceId, fact, now) : []),
    ...claimFindings(fact),
    ...states.flatMap(({ state, member }) => [...memberFindings(state, member, opened), sentenceOf(state, opened)]),
  ];
  return {
    findings,
    next: nextFor(
      instanceId,
      fact,
      now,
      states.map(({ state }) => state.role),
    ),
  };
}

const AWAY: Readonly<Record<Away, string>> = {
  expired: 'is away: it told nothing for longer than its expireAfter',
  offline: 'is away: it said that it goes offline',
  removed: 'is no member: its token was removed, or the configuration no longer has it',
};

function factFindings(fact: Fact): Finding[] {
  const { instanceId, gone, description, readAtMs, closedUpToMs, absentSweeps, host } = fact;
  if (gone !== undefined)
    return [no(instanceId, 'is gone, and nothing brings it back', `${gone.source} at ${isoTime(gone.atMs)}`)];
  const read = readAtMs === 0 ? 'never read' : `read at ${isoTime(readAtMs)}`;
  const missed =
    absentSweeps === 0 ? [] : [known(instanceId, `not listed by the last ${absentSweeps} complete sweeps`)];
  if (isLive(fact)) {
    const launched =
      description === undefined || host !== undefined ? '' : `, launched ${isoTime(description.launchTimeMs)}`;
    const what = host === undefined ? (description?.state ?? 'known') : 'a host outside EC2';
    return [yes(instanceId, `is alive: ${what}${launched}`, read), ...missed];
  }
  if (host !== undefined) return [no(instanceId, AWAY[host.away ?? 'removed'], read)];
  const why = closedUpToMs > 0 ? `a stop at ${isoTime(closedUpToMs)}` : (description?.state ?? 'no read of it yet');
  return [no(instanceId, `is not running: ${why}`, read), ...missed];
}

function nowFindings(
  instanceId: string,
  fact: Fact | undefined,
  now: InstanceDescription | string | undefined,
): Finding[] {
  if (typeof now === 'string') return [known(instanceId, now)];
  if (now === undefined) return [known(instanceId, 'EC2 does not list it in this account and region')];
  const tags = `${ROLE_TAG}=${now.tags[ROLE_TAG] ?? ''}`;
  return [
    known(
      instanceId,
      `EC2 says now: ${now.state}, ${tags}`,
      isAsKnown(fact, now) ? 'as it is known' : 'not yet known like this',
    ),
  ];
}

/** Of an instance that is gone nothing more is read: that it is going is all there is to know. */
function isAsKnown(fact: Fact | undefined, now: InstanceDescription): boolean {
  if (fact?.gone !== undefined) return now.state === 'shutting-down' || now.state === 'terminated';
  return fact?.description !== undefined && JSON.stringify(fact.description) === JSON.stringify(now);
}

function claimFindings(fact: Fact | undefined): Finding[] {
  if (fact?.description === undefined || !isLive(fact)) return [];
  const { roles, invalid, surplus } = claimedRoles(fact.description.tags);
  return [
    ...(roles.length === 0 && fact.host === undefined
      ? [no(fact.instanceId, `claims no role: it has no tag ${ROLE_TAG} with one`)]
      : []),
    ...invalid.map((word) =>
      no(fact.instanceId, `"${word}" in its tag ${ROLE_TAG} is no role: a role is one DNS label`),
    ),
    ...surplus.map((role) =>
      no(
        role,
        `is one role too many in its tag ${ROLE_TAG}: an instance has ${MOST_ROLES} at most, the first of the alphabet`,
      ),
    ),
  ];
}

function nextFor(
  instanceId: string,
  fact: Fact | undefined,
  now: InstanceDescription | string | undefined,
  roles: readonly string[],
): string[] {
  const isUnknownToUs = typeof now === 'object' && !isAsKnown(fact, now);
  return [
    ...(isUnknownToUs && fact?.gone === undefined ? ['rolecall sweep'] : []),
    `rolecall history ${instanceId}`,
    ...roles.map((role) => `rolecall members ${role}`),
  ];
}
