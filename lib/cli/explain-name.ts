import { isOpaque, type ObservedSet, setKey } from '../model/record-set.ts';
import { proseOf } from '../plan/render.ts';
import { listedNames } from '../reconcile/role-state.ts';
import { type Case, known, no, yes } from './explain-case.ts';
import type { Explained } from './explain-instance.ts';
import { memberFindings } from './explain-member.ts';
import type { Finding } from './explain-schema.ts';
import type { ZoneKnowledge } from './knowledge.ts';
import { windowOf } from './name-window.ts';
import type { Target } from './target.ts';

/** A name: whose it is, what stands there and from whom, what is withheld, and which members are not in it. */
export async function explainName(name: string, opened: Case, target: Target): Promise<Explained> {
  const zones = zonesOf(name, opened.knowledge.zones);
  if (zones.length === 0) {
    const names = opened.knowledge.zones.map(({ zone }) => zone.name).join(', ');
    return {
      findings: [no(name, 'is in none of the configured zones', `zones: ${names}`)],
      next: ['rolecall names', 'rolecall status'],
    };
  }
  const found = await Promise.all(zones.map((zone) => zoneFindings(name, zone, opened, target)));
  const roles = rolesOf(name, zones, opened);
  const members = opened.knowledge.roles
    .filter(({ role }) => roles.has(role))
    .flatMap((state) =>
      state.members.flatMap((member) => outsiders(name, memberFindings(state, member, opened), member.instanceId)),
    );
  const without = roles.size === 0 ? [no(name, 'no role has this name', 'rolecall names lists those there are')] : [];
  return {
    findings: [...found.flat(), ...without, ...members],
    next: [
      `rolecall history ${name}`,
      ...[...roles].map((role) => `rolecall members ${role}`),
      ...(roles.size === 0 ? ['rolecall names'] : ['rolecall plan']),
    ],
  };
}

/** The zones with the longest fitting name: a public and a private one may share it. */
function zonesOf(name: string, zones: readonly ZoneKnowledge[]): ZoneKnowledge[] {
  const fitting = zones.filter(({ zone }) => name === zone.name || name.endsWith(`.${zone.name}`));
  const longest = Math.max(...fitting.map(({ zone }) => zone.name.length));
  return fitting.filter(({ zone }) => zone.name.length === longest);
}

function rolesOf(name: string, zones: readonly ZoneKnowledge[], { knowledge, preview }: Case): ReadonlySet<string> {
  const listed = listedNames(knowledge.installation).get(name);
  const planned = preview?.zones ?? [];
  return new Set([
    ...(listed === undefined ? [] : [listed]),
    ...zones.flatMap(({ sets, notes }) => [
      ...sets.filter(({ set }) => set.name === name).map(({ role }) => role),
      ...notes.filter((note) => note.name === name).map(({ role }) => role),
    ]),
    ...planned.flatMap(({ changes, withheld }) => [
      ...changes
        .filter((change) => (change.action === 'delete' ? change.before : change.after).name === name)
        .map(({ role }) => role),
      ...withheld.filter((each) => each.name === name).map(({ role }) => role),
    ]),
  ]);
}

async function zoneFindings(
  name: string,
  { zone, sets, notes, marks }: ZoneKnowledge,
  { knowledge, preview }: Case,
  target: Target,
): Promise<Finding[]> {
  const owned = sets.filter(({ set }) => set.name === name);
  const place = `${zone.name}${zone.private ? ' (private)' : ''}`;
  const planned = preview?.zones.find((each) => each.zone.id === zone.id);
  const withheld = (planned?.withheld ?? notes).filter((each) => each.name === name);
  const todo = (planned?.changes ?? []).filter(
    (change) => (change.action === 'delete' ? change.before : change.after).name === name,
  );
  const waiting = marks.filter((mark) => owned.some(({ role }) => mark.roles.includes(role)));
  return [
    ...owned.map(({ set, role, contributors, serial }) =>
      yes(
        name,
        `${set.type} ${set.values.join(', ')} of the role ${role}; after a change resolvers may answer with it for ${windowOf(set.ttlSeconds).totalSeconds} s`,
        `from ${Object.keys(contributors).join(', ')}; in ${place} since serial ${serial}, ttl ${set.ttlSeconds}`,
      ),
    ),
    ...(owned.length === 0 ? [no(name, `nothing of ours is published in ${place}`)] : []),
    ...(await observedFindings(
      name,
      zone.id,
      owned.map(({ set }) => set),
      target,
    )),
    ...withheld.map(({ type, reason, detail }) => no(name, `${type} withheld: ${proseOf(reason)}`, detail)),
    ...todo.map((change) =>
      known(
        name,
        `to do: ${change.action} ${(change.action === 'delete' ? change.before : change.after).type}, for ${change.reason}`,
      ),
    ),
    ...(waiting.length === 0 ? [] : [known(name, `${waiting.length} marks wait to be worked in ${place}`)]),
    ...(knowledge.installation.retired === true
      ? [no(name, 'the stack was deleted: nothing is written any more')]
      : []),
  ];
}

/** What Route 53 has there now that is not as the ledger says. */
async function observedFindings(
  name: string,
  zoneId: string,
  owned: readonly ObservedSet[],
  target: Target,
): Promise<Finding[]> {
  try {
    const { dns } = await target.ports();
    const { sets } = await dns.page(zoneId, { name, type: 'A' });
    const there = sets.filter((set) => set.name === name);
    const keys = new Set(owned.map(setKey));
    const missing = owned.filter((set) => !there.some((each) => setKey(each) === setKey(set)));
    return [
      ...there.map((set) =>
        known(
          name,
          `Route 53 has ${set.type}${isOpaque(set) ? ' of another routing' : ` ${set.values.join(', ')}`}`,
          keys.has(setKey(set)) ? 'ours' : 'not ours: Rolecall never changes it',
        ),
      ),
      ...missing.map((set) => no(name, `Route 53 has no ${set.type} here, though the ledger does: drift`)),
    ];
  } catch (error) {
    return [known(name, `Route 53 cannot be asked: ${error instanceof Error ? error.message : String(error)}`)];
  }
}

/** The members that are not in this name, with every no; of those that are, nothing more. */
function outsiders(name: string, findings: readonly Finding[], instanceId: string): Finding[] {
  if (findings.some(({ answer, about }) => answer === 'yes' && about === name)) return [];
  return findings.filter(({ answer }) => answer === 'no').map((finding) => ({ ...finding, about: instanceId }));
}
