import type { DesiredSet, Withheld } from '../model/change.ts';
import type { LedgerSet } from '../model/ledger.ts';
import { byPlace, type RecordType } from '../model/record-set.ts';
import { isAsOwned } from './as-owned.ts';
import { aliasesOf } from './aliases.ts';
import { answersOf } from './answers.ts';
import { keptSets } from './kept.ts';
import { mailExchangeOf } from './mail.ts';
import { keptPointers, pointersOf } from './pointers.ts';
import { setsOf } from './routing.ts';
import { type Group, type OpenGroup, type Scene, type SceneInput, type Share, sceneOf } from './scene.ts';
import { serviceRecordsOf } from './service-records.ts';
import { sharesOf } from './shares.ts';
import { withoutSick } from './sickness.ts';

export interface RecordsInput extends SceneInput {
  /** What we own for this role in this zone: the values that `whenEmpty: 'keep'` keeps. */
  readonly previous: readonly LedgerSet[];
  /** The names of all reverse zones of the installation: a pointer goes into the one that fits best. */
  readonly reverseZones?: readonly string[];
}

export interface DesiredRecords {
  readonly sets: readonly DesiredSet[];
  readonly withheld: readonly Withheld[];
}

/** By type, then by name. */
type Groups = Map<RecordType, Map<string, OpenGroup>>;

/** The record sets that one role should have in one zone. Members whose names read the same share a name. */
export function desiredRecords(input: RecordsInput): DesiredRecords {
  const { role } = input.role;
  const withheld = new Map<string, Withheld>();
  const scene = sceneOf(input, (each) => {
    withheld.set([each.name, each.type, each.reason, each.instance ?? ''].join('|'), { role, ...each });
  });
  const groups = groupsOf(scene, input.reverseZones ?? []);
  const sets = filledSets(scene, groups, input.previous);
  sets.push(
    ...keptSets(scene, input.previous, (name, type) => isFilled(groups, name, type)),
    ...keptPointers(scene, input.previous, (name) => isFilled(groups, name, 'PTR')),
  );
  return {
    sets: withCnamesAlone(scene, sets).sort((one, other) => byPlace(one.set, other.set)),
    withheld: [...withheld].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, each]) => each),
  };
}

/** Those at names that we own come first, in the order of the ledger: what sorts them then has little left to do. */
function filledSets(scene: Scene, groups: Groups, previous: readonly LedgerSet[]): DesiredSet[] {
  const sets: DesiredSet[] = [];
  for (const owned of previous) {
    const group = groups.get(owned.set.type)?.get(owned.set.name);
    if (group === undefined || group.owned !== undefined) continue;
    group.owned = owned;
    addSets(sets, scene, group);
  }
  for (const ofType of groups.values())
    for (const group of ofType.values()) if (group.owned === undefined) addSets(sets, scene, group);
  return sets;
}

function addSets(sets: DesiredSet[], scene: Scene, open: OpenGroup): void {
  const group = withdrawn(scene, open);
  const { owned } = open;
  if (owned === undefined || !isAsOwned(group, owned)) sets.push(...setsOf(scene, group));
  else sets.push({ role: scene.role.role, set: owned.set, contributors: owned.contributors });
}

function isFilled(groups: Groups, name: string, type: RecordType): boolean {
  return groups.get(type)?.has(name) === true;
}

function groupsOf(scene: Scene, reverseZones: readonly string[]): Groups {
  const groups: Groups = new Map();
  const given = new Map(
    scene.role.names
      .filter(({ zone }) => zone === scene.zone.key)
      .map((pattern) => [pattern, sharesOf(scene, pattern)] as const),
  );
  for (const [pattern, shares] of given)
    for (const share of shares) add(groups, share.name, share.type, pattern, share);
  const others = [
    ...answersOf(scene, (name, type) => isFilled(groups, name, type)),
    ...aliasesOf(scene),
    ...serviceRecordsOf(scene, given),
    ...mailExchangeOf(scene),
  ];
  for (const group of others) addGroup(groups, group);
  groups.set('PTR', pointersOf(scene, reverseZones));
  return groups;
}

/** A pointer stays: it says whose an address is, not that it serves. */
function withdrawn({ role, hasSick }: Scene, group: Group): Group {
  if (group.type === 'PTR' || !hasSick) return group;
  const shares = withoutSick(role, group.shares);
  return shares === group.shares ? group : { ...group, shares };
}

/** All at once, unless another is at its place already. */
function addGroup(groups: Groups, group: Group): void {
  const { name, type, ttlSeconds, routing, shares } = group;
  if (isFilled(groups, name, type)) for (const share of shares) add(groups, name, type, group, share);
  else if (shares.length > 0)
    groupsOfType(groups, type).set(name, { name, type, ttlSeconds, routing, shares: [...shares], owned: undefined });
}

/** Where two patterns of a role give one name, the shorter TTL holds, and the routing of the first. */
function add(
  groups: Groups,
  name: string,
  type: Group['type'],
  { ttlSeconds, routing }: Pick<Group, 'ttlSeconds' | 'routing'>,
  share: Share,
): void {
  const ofType = groupsOfType(groups, type);
  const group = ofType.get(name);
  if (group === undefined) ofType.set(name, { name, type, ttlSeconds, routing, shares: [share], owned: undefined });
  else if (group.ttlSeconds <= ttlSeconds) group.shares.push(share);
  else ofType.set(name, { ...group, ttlSeconds, shares: [...group.shares, share] });
}

function groupsOfType(groups: Groups, type: RecordType): Map<string, OpenGroup> {
  const known = groups.get(type);
  if (known !== undefined) return known;
  const ofType = new Map<string, OpenGroup>();
  groups.set(type, ofType);
  return ofType;
}

/** RFC 1034 §3.6.2: where a CNAME is, nothing else may be; the apex has its SOA and NS. */
function withCnamesAlone({ zone, withhold }: Scene, sets: DesiredSet[]): DesiredSet[] {
  if (!sets.some(({ set }) => set.type === 'CNAME')) return sets;
  const aliased = new Set(sets.filter(({ set }) => set.type === 'CNAME').map(({ set }) => set.name));
  const shared = new Set(
    sets.filter(({ set }) => set.type !== 'CNAME' && aliased.has(set.name)).map(({ set }) => set.name),
  );
  return sets.filter(({ set: { name, type } }) => {
    if (type !== 'CNAME') return true;
    if (name === zone.name) {
      withhold({ name, type, reason: 'invalid-name', detail: `a CNAME cannot be at ${name}, the apex of the zone` });
    } else if (shared.has(name)) {
      withhold({ name, type, reason: 'name-taken', detail: `a CNAME stands alone, and ${name} has other records` });
    } else return true;
    return false;
  });
}
