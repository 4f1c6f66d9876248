import { isInZone } from './domain-name.ts';
import type { RecordIndex } from './record-index.ts';
import { problemOfValue } from './record-values.ts';
import type { Change, ResourceRecordSet } from './resource-record-set.ts';
import { isSame, keyOf, routingOf } from './resource-record-set.ts';

/** "Quotas" (Amazon Route 53 Developer Guide). */
const MOST_ELEMENTS = 1_000;
const MOST_CHARACTERS = 32_000;
const MOST_VALUES = 400;
const MOST_SETS_OF_ONE_NAME = 100;

/** One effect on the zone; a batch is a list of them. */
export type Effect =
  | { readonly kind: 'put'; readonly set: ResourceRecordSet }
  | { readonly kind: 'remove'; readonly set: ResourceRecordSet };

export type Verdict =
  | { readonly kind: 'valid'; readonly effects: readonly Effect[] }
  | { readonly kind: 'invalid'; readonly messages: readonly string[] };

/** Judges a batch as a whole: "all changes or none". */
export function judgeBatch(changes: readonly Change[], current: RecordIndex): Verdict {
  const tooLarge = sizeProblems(changes);
  if (tooLarge.length > 0) return { kind: 'invalid', messages: tooLarge };
  const own = changes.flatMap(({ action, set }) => (action === 'DELETE' ? [] : problemsOfSet(set, current.zoneName)));
  const contradicting = contradictions(changes);
  if (own.length > 0 || contradicting.length > 0) return { kind: 'invalid', messages: [...own, ...contradicting] };
  const { effects, problems } = effectsOf(changes, current);
  const messages = [...problems, ...(problems.length > 0 ? [] : problemsOfOutcome(changes, effects, current))];
  return messages.length > 0 ? { kind: 'invalid', messages } : { kind: 'valid', effects };
}

function sizeProblems(changes: readonly Change[]): readonly string[] {
  let elements = 0;
  let characters = 0;
  for (const { action, set } of changes) {
    const times = action === 'UPSERT' ? 2 : 1;
    elements += times * Math.max(1, set.values.length);
    characters += times * set.values.reduce((total, value) => total + value.length, 0);
  }
  return [
    ...(elements > MOST_ELEMENTS ? [`Number of records limit of ${MOST_ELEMENTS} exceeded.`] : []),
    ...(characters > MOST_CHARACTERS ? [`Number of characters limit of ${MOST_CHARACTERS} exceeded.`] : []),
  ];
}

function problemsOfSet(set: ResourceRecordSet, zoneName: string): readonly string[] {
  const { name, type, values } = set;
  if (!isInZone(name, zoneName)) return [`RRSet with DNS name ${name} is not permitted in zone ${zoneName}`];
  const duplicate = values.find((value, index) => values.indexOf(value) !== index);
  return [
    ...values.flatMap((value) => problemOfValue(type, value) ?? []),
    ...(duplicate === undefined ? [] : [`Duplicate Resource Record: '${duplicate}'`]),
    ...(values.length > MOST_VALUES
      ? [`RRSet of type ${type} with DNS name ${name} has ${values.length} values; the limit is ${MOST_VALUES}`]
      : []),
    ...((type === 'CNAME' || type === 'SOA') && values.length > 1
      ? [`RRSet of type ${type} with DNS name ${name} has ${values.length} values; only one is permitted`]
      : []),
    ...(type === 'CNAME' && name === zoneName
      ? [`RRSet of type CNAME with DNS name ${name} is not permitted at apex in zone ${zoneName}`]
      : []),
    ...((type === 'CNAME' || type === 'NS') && routingOf(set) === 'multivalue'
      ? [`RRSet of type ${type} with DNS name ${name} cannot be a multivalue answer`]
      : []),
  ];
}

/** For one set, at most one DELETE and one CREATE. */
function contradictions(changes: readonly Change[]): readonly string[] {
  const actionsByKey = new Map<string, { readonly set: ResourceRecordSet; readonly actions: string[] }>();
  for (const { action, set } of changes) {
    const entry = actionsByKey.get(keyOf(set)) ?? { set, actions: [] };
    entry.actions.push(action);
    actionsByKey.set(keyOf(set), entry);
  }
  return [...actionsByKey.values()]
    .filter(({ actions }) => actions.length > 1 && [...actions].sort().join() !== 'CREATE,DELETE')
    .map(
      ({ set }) => `The request contains an invalid set of changes for a resource record set '${set.type} ${set.name}'`,
    );
}

function effectsOf(
  changes: readonly Change[],
  current: RecordIndex,
): { readonly effects: readonly Effect[]; readonly problems: readonly string[] } {
  const removed = new Set<string>();
  const effects: Effect[] = [];
  const problems: string[] = [];
  for (const { action, set } of changes) {
    const present = removed.has(keyOf(set)) ? undefined : current.get(set);
    const problem = action === 'UPSERT' ? undefined : mismatch(action, set, present, current.zoneName);
    if (problem !== undefined) problems.push(problem);
    else if (action === 'DELETE') {
      removed.add(keyOf(set));
      effects.push({ kind: 'remove', set });
    } else effects.push({ kind: 'put', set });
  }
  return { effects, problems };
}

function mismatch(
  action: 'CREATE' | 'DELETE',
  set: ResourceRecordSet,
  present: ResourceRecordSet | undefined,
  zoneName: string,
): string | undefined {
  if (action === 'CREATE') {
    return present === undefined
      ? undefined
      : `Tried to create resource record set ${named(set)} but it already exists`;
  }
  if (present === undefined) return `Tried to delete resource record set ${named(set)} but it was not found`;
  if (!isSame(set, present)) {
    return `Tried to delete resource record set ${named(set)} but the values provided do not match the current values`;
  }
  return set.name === zoneName && set.type === 'SOA' ? 'A HostedZone must contain exactly one SOA record.' : undefined;
}

function named({ name, type, setIdentifier }: ResourceRecordSet): string {
  const identifier = setIdentifier === undefined ? '' : `, set identifier='${setIdentifier}'`;
  return `[name='${name}', type='${type}'${identifier}]`;
}

/** Rules about the sets of one name together, on the zone as the batch would leave it. */
function problemsOfOutcome(
  changes: readonly Change[],
  effects: readonly Effect[],
  current: RecordIndex,
): readonly string[] {
  const outcome = new Map<string, Map<string, ResourceRecordSet>>();
  for (const { kind, set } of effects) {
    const sets = outcome.get(set.name) ?? new Map(current.at(set.name).map((present) => [keyOf(present), present]));
    if (kind === 'put') sets.set(keyOf(set), set);
    else sets.delete(keyOf(set));
    outcome.set(set.name, sets);
  }
  const problems = changes.flatMap(({ action, set }) =>
    action === 'DELETE'
      ? []
      : problemsBesideOthers(set, [...(outcome.get(set.name)?.values() ?? [])], current.zoneName),
  );
  return [...new Set([...problems, ...apexProblems(outcome.get(current.zoneName))])];
}

function problemsBesideOthers(
  set: ResourceRecordSet,
  atName: readonly ResourceRecordSet[],
  zoneName: string,
): readonly string[] {
  const { name, type } = set;
  const otherTypes = atName.filter((other) => other.type !== type);
  if (type === 'CNAME' && otherTypes.length > 0) {
    return [
      `RRSet of type CNAME with DNS name ${name} is not permitted as it conflicts with other records with the same DNS name in zone ${zoneName}`,
    ];
  }
  if (otherTypes.some((other) => other.type === 'CNAME')) {
    return [
      `RRSet of type ${type} with DNS name ${name} is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone ${zoneName}`,
    ];
  }
  const group = atName.filter((other) => other.type === type);
  const identified = `DNS name ${name}, type ${type}${set.setIdentifier === undefined ? '' : `, SetIdentifier ${set.setIdentifier}`}`;
  if (group.some((other) => routingOf(other) !== routingOf(set))) {
    return [`RRSet with ${identified} cannot be created as other RRSets exist with the same name and type.`];
  }
  return group.length > MOST_SETS_OF_ONE_NAME
    ? [`RRSet with ${identified} cannot be created: ${MOST_SETS_OF_ONE_NAME} sets have this name and type already.`]
    : [];
}

function apexProblems(apex: ReadonlyMap<string, ResourceRecordSet> | undefined): readonly string[] {
  if (apex === undefined) return [];
  const types = [...apex.values()].map(({ type }) => type);
  return types.includes('NS') ? [] : ['A HostedZone must contain at least one NS record for the zone itself.'];
}
