import type { DesiredSet } from '../model/change.ts';
import { type Routing, SIMPLE } from '../model/record-set.ts';
import type { NameRouting } from '../model/role.ts';
import type { Group, Scene, Share } from './scene.ts';
import { weightOf } from './weight.ts';

/** "Quotas" (Amazon Route 53 Developer Guide): records in a record set. Of one name and type together, as we keep it. */
const MAX_SET_VALUES = 400;
/** So that a name can be swapped in one request: 32,000 characters, the old values and the new ("Quotas"). */
const MAX_SET_CHARACTERS = 15_500;
/** "Quotas": multivalue or weighted sets that have one name and type. */
const MAX_ROUTED_SETS = 100;

/** What will be one record set. */
interface Part {
  readonly routing: Routing;
  readonly values: Set<string>;
  /** Values that one gives twice are in it twice. */
  readonly contributors: Map<string, readonly string[]>;
}

/**
 * The record sets of a group, as many and as large as Route 53 allows.
 *
 * ```
 * routing      sets                                  set identifier
 * simple       one, with all values                  none
 * multivalue   one for each member, or slot of a pool the instance id, or `slot-<n>`
 * weighted     the same, with the member's weight    the same
 * ```
 */
export function setsOf(scene: Scene, group: Group): DesiredSet[] {
  const { role } = scene.role;
  const only = group.shares.length === 1 ? group.shares[0] : undefined;
  if (only?.values.length === 1) {
    const { name, type, ttlSeconds } = group;
    const set = { name, type, ttlSeconds, values: only.values, routing: routingOf(group.routing, only) };
    return [{ role, set, contributors: byContributor([only.contributor], () => only.values) }];
  }
  return [...partsOf(scene, group).values()].map(({ routing, values, contributors }) => {
    const sorted = [...contributors.keys()].sort();
    const { name, type, ttlSeconds } = group;
    const set = { name, type, ttlSeconds, values: [...values].sort(), routing };
    return { role, set, contributors: byContributor(sorted, (each) => inOrder(contributors.get(each) ?? [])) };
  });
}

/** Whether no value of them has to be left out. */
export function fitsOneSet(shares: readonly Share[]): boolean {
  let count = 0;
  let characters = 0;
  for (const { values } of shares) {
    count += values.length;
    for (const { length } of values) characters += length;
  }
  return count <= MAX_SET_VALUES && characters <= MAX_SET_CHARACTERS;
}

function partsOf(scene: Scene, group: Group): Map<string, Part> {
  const { name, type } = group;
  // RFC 2181 §10.1: an alias has one target.
  const mostValues = type === 'CNAME' ? 1 : MAX_SET_VALUES;
  const parts = new Map<string, Part>();
  let count = 0;
  let characters = 0;
  let full = false;
  for (const share of group.shares) {
    const key = group.routing.kind === 'simple' ? '' : identifierOf(share);
    const part = parts.get(key);
    const fresh = unseen(part, share.values);
    const grown = fresh.reduce((sum, value) => sum + value.length, characters);
    full ||= count + fresh.length > mostValues || grown > MAX_SET_CHARACTERS;
    const isBeyond = part === undefined && parts.size === MAX_ROUTED_SETS;
    if (isBeyond || (full && fresh.length > 0)) {
      const detail = isBeyond ? TOO_MANY_SETS : type === 'CNAME' ? ONE_TARGET : TOO_MANY_VALUES;
      scene.withhold({ name, type, reason: 'too-many', instance: share.contributor, detail });
      continue;
    }
    count += fresh.length;
    characters = grown;
    parts.set(key, joined(part ?? emptyPart(routingOf(group.routing, share)), share));
  }
  return parts;
}

function emptyPart(routing: Routing): Part {
  return { routing, values: new Set(), contributors: new Map() };
}

function joined(part: Part, { contributor, values }: Share): Part {
  const before = part.contributors.get(contributor);
  part.contributors.set(contributor, before === undefined ? values : [...before, ...values]);
  for (const value of values) part.values.add(value);
  return part;
}

/** Nearly every share is one address. */
function unseen(part: Part | undefined, values: readonly string[]): readonly string[] {
  const [first, second] = values;
  if (first !== undefined && second === undefined) return part?.values.has(first) === true ? [] : values;
  return [...new Set(values)].filter((value) => part?.values.has(value) !== true);
}

function inOrder(values: readonly string[]): readonly string[] {
  return values.length < 2 ? values : [...new Set(values)].sort();
}

const TOO_MANY_SETS = `one name and type has ${MAX_ROUTED_SETS} sets; the newest are left out`;
const TOO_MANY_VALUES = `a record set holds ${MAX_SET_VALUES} values and ${MAX_SET_CHARACTERS} characters; the newest are left out`;
const ONE_TARGET = 'a CNAME has one target; the name is that of the member longest in service';

function routingOf(routing: NameRouting, share: Share): Routing {
  switch (routing.kind) {
    case 'simple':
      return SIMPLE;
    case 'multivalue':
      return { kind: 'multivalue', setIdentifier: identifierOf(share) };
    case 'weighted': {
      const weight = weightOf(share.member, routing.tag, routing.defaultWeight);
      return { kind: 'weighted', setIdentifier: identifierOf(share), weight };
    }
  }
}

/** A slot's, whoever holds it: a failover then changes no record. */
function identifierOf({ contributor }: Share): string {
  return contributor.replace(':', '-');
}

/** Without a prototype: an object literal that grows by hundreds of keys is 20 times slower to build. */
function byContributor(
  names: readonly string[],
  valuesOf: (contributor: string) => readonly string[],
): DesiredSet['contributors'] {
  // oxlint-disable-next-line typescript/no-unsafe-assignment -- the type library calls every created object any
  const contributors: Record<string, readonly string[]> = Object.create(null);
  for (const contributor of names) contributors[contributor] = valuesOf(contributor);
  return contributors;
}
