import type { LedgerSet } from '../model/ledger.ts';
import { normalName } from '../model/name.ts';
import { setIdentifierOf, setKey } from '../model/record-set.ts';
import { proseOf } from '../plan/render.ts';
import { type Knowledge, readKnowledge } from './knowledge.ts';
import { windowOf } from './name-window.ts';
import type { Target } from './target.ts';
import { columns, counted } from './text.ts';
import type { NamesResult } from './views-schema.ts';

/** What is published, and what is not, of all roles, of one, or of one name. */
export async function namesView(target: Target, given: string | undefined): Promise<NamesResult> {
  const knowledge = await readKnowledge(target);
  const subject = given === undefined ? undefined : normalName(given);
  const isMeant = (name: string, role: string) => subject === undefined || [name, role].includes(subject);
  return {
    target: target.name,
    names: knowledge.zones.flatMap(({ zone, sets }) =>
      sets
        .filter(({ set, role }) => isMeant(set.name, role))
        .toSorted((one, other) => (setKey(one.set) < setKey(other.set) ? -1 : 1))
        .map((owned) => ({ zone: zone.name, private: zone.private, ...shown(owned, knowledge) })),
    ),
    withheld: knowledge.zones
      .flatMap(({ notes }) => notes)
      .filter(({ name, role }) => isMeant(name, role))
      .map(({ role, name, type, reason, instance, detail }) => ({
        role,
        name,
        type,
        reason,
        ...(instance === undefined ? {} : { instanceId: instance }),
        ...(detail === undefined ? {} : { detail }),
      })),
  };
}

function shown(owned: LedgerSet, knowledge: Knowledge) {
  const { set, role, contributors, serial } = owned;
  const setIdentifier = setIdentifierOf(set);
  return {
    name: set.name,
    type: set.type,
    ...(setIdentifier === '' ? {} : { setIdentifier }),
    role,
    values: [...set.values],
    from: Object.keys(contributors).sort(),
    window: windowOf(set.ttlSeconds),
    exposed: isExposed(owned, knowledge),
    serial,
  };
}

/** An auto-assigned public address goes to the next customer; a pool's, a private one or an answer does not. */
function isExposed({ set, role }: LedgerSet, { roles }: Knowledge): boolean {
  const state = roles.find((each) => each.role === role);
  const owned = new Set(roles.flatMap(({ slots }) => slots.map(({ publicIpv4 }) => publicIpv4)));
  const unowned = (state?.members ?? []).flatMap(({ publicIpv4, publicDnsName }) =>
    publicIpv4 === undefined || owned.has(publicIpv4) ? [] : [publicIpv4, normalName(publicDnsName ?? '')],
  );
  return set.values.some((value) => unowned.includes(value));
}

export function namesLines({ names, withheld }: NamesResult): string[] {
  if (names.length + withheld.length === 0) return ['no names'];
  const exposed = names.filter((each) => each.exposed).length;
  return [
    ...columns(
      names.map(({ name, setIdentifier, type, values, window, from, exposed: isRisky, private: isPrivate }) => [
        `${name}${setIdentifier === undefined ? '' : ` (${setIdentifier})`}${isPrivate ? ' (private)' : ''}`,
        type,
        values.join(', '),
        `ttl ${window.ttlSeconds}`,
        `window ${window.totalSeconds} s${isRisky ? ' !' : ''}`,
        `from ${from.join(', ')}`,
      ]),
      '',
    ),
    ...columns(
      withheld.map(({ name, type, reason, detail, instanceId = '' }) => [
        `! ${name}`,
        type,
        `withheld (${reason})`,
        detail ?? proseOf(reason),
        instanceId,
      ]),
      '',
    ),
    '',
    'window: after an instance begins to go, a resolver may still answer with it (event 2 s + Route 53 60 s + ttl).',
    ...(exposed === 0
      ? []
      : [`!: in ${counted(exposed, 'set')} the address may be a stranger's in that time; drain before you terminate.`]),
  ];
}
