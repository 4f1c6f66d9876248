export const RECORD_TYPES = ['A', 'AAAA', 'CNAME', 'MX', 'SRV', 'PTR', 'TXT'] as const;
export type RecordType = (typeof RECORD_TYPES)[number];

export type Routing =
  | { readonly kind: 'simple' }
  | { readonly kind: 'multivalue'; readonly setIdentifier: string }
  | { readonly kind: 'weighted'; readonly setIdentifier: string; readonly weight: number };

/**
 * One Route 53 resource record set, in our normal form: the name lower case, without the final dot, `*` unescaped;
 * values sorted and distinct, TXT values with their quotes. Two sets are equal when their JSON is.
 */
export interface RecordSet {
  readonly name: string;
  readonly type: RecordType;
  readonly ttlSeconds: number;
  readonly values: readonly string[];
  readonly routing: Routing;
  /** Of a Route 53 health check: while that is unhealthy, Route 53 leaves the set out of its answers. */
  readonly healthCheckId?: string;
}

/** A set that we can name but not reproduce (an alias, another routing policy, a type of no concern to us). */
export interface OpaqueSet {
  readonly opaque: true;
  readonly name: string;
  readonly type: string;
  readonly setIdentifier?: string;
}

export type ObservedSet = RecordSet | OpaqueSet;

export const SIMPLE: Routing = { kind: 'simple' };

export function isOpaque(set: ObservedSet): set is OpaqueSet {
  return 'opaque' in set;
}

export function setIdentifierOf(set: ObservedSet): string {
  if (isOpaque(set)) return set.setIdentifier ?? '';
  return set.routing.kind === 'simple' ? '' : set.routing.setIdentifier;
}

/** `name|type|setIdentifier`: what Route 53 holds unique within a zone. */
export function setKey(set: ObservedSet): string {
  return `${set.name}|${set.type}|${setIdentifierOf(set)}`;
}

/** By name, then by key; 0 for two sets that cannot both be. To put together the keys of all would take longer. */
export function byPlace(one: RecordSet, other: RecordSet): number {
  if (one === other) return 0;
  if (one.name !== other.name) return one.name < other.name ? -1 : 1;
  if (one.type === other.type && setIdentifierOf(one) === setIdentifierOf(other)) return 0;
  return setKey(one) < setKey(other) ? -1 : 1;
}

export function recordSet(
  name: string,
  type: RecordType,
  ttlSeconds: number,
  values: Iterable<string>,
  routing: Routing = SIMPLE,
  healthCheckId?: string,
): RecordSet {
  const set = { name, type, ttlSeconds, values: [...new Set(values)].sort(), routing };
  return healthCheckId === undefined ? set : { ...set, healthCheckId };
}

export function sameRecordSet(one: ObservedSet, other: ObservedSet): boolean {
  if (isOpaque(one) || isOpaque(other)) return false;
  return (
    one.name === other.name &&
    one.type === other.type &&
    setIdentifierOf(one) === setIdentifierOf(other) &&
    one.ttlSeconds === other.ttlSeconds &&
    one.routing.kind === other.routing.kind &&
    (one.routing.kind !== 'weighted' ||
      other.routing.kind !== 'weighted' ||
      one.routing.weight === other.routing.weight) &&
    one.healthCheckId === other.healthCheckId &&
    one.values.length === other.values.length &&
    one.values.every((value, index) => value === other.values[index])
  );
}
