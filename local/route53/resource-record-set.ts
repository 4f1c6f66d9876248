export interface AliasTarget {
  readonly hostedZoneId: string;
  readonly dnsName: string;
  readonly evaluateTargetHealth: boolean;
}

/** One resource record set as Route 53 keeps it. */
export interface ResourceRecordSet {
  /** In the form of `storedName`. */
  readonly name: string;
  readonly type: string;
  readonly setIdentifier?: string;
  readonly weight?: number;
  readonly region?: string;
  readonly failover?: string;
  readonly multiValueAnswer?: boolean;
  readonly healthCheckId?: string;
  readonly ttlSeconds?: number;
  readonly values: readonly string[];
  readonly aliasTarget?: AliasTarget;
}

export type ChangeAction = 'CREATE' | 'DELETE' | 'UPSERT';

export interface Change {
  readonly action: ChangeAction;
  readonly set: ResourceRecordSet;
}

export type RoutingPolicy = 'simple' | 'weighted' | 'latency' | 'failover' | 'multivalue';

export function routingOf(set: ResourceRecordSet): RoutingPolicy {
  if (set.weight !== undefined) return 'weighted';
  if (set.region !== undefined) return 'latency';
  if (set.failover !== undefined) return 'failover';
  return set.multiValueAnswer === undefined ? 'simple' : 'multivalue';
}

/** What is unique within a zone. */
export function keyOf({ name, type, setIdentifier }: ResourceRecordSet): string {
  return `${name} ${type} ${setIdentifier ?? ''}`;
}

/** DELETE wants "all the same values that you specified when you created it"; their order does not matter. */
export function isSame(one: ResourceRecordSet, other: ResourceRecordSet): boolean {
  return fingerprint(one) === fingerprint(other);
}

function fingerprint(set: ResourceRecordSet): string {
  const {
    name,
    type,
    setIdentifier,
    weight,
    region,
    failover,
    multiValueAnswer,
    healthCheckId,
    ttlSeconds,
    values,
    aliasTarget,
  } = set;
  return JSON.stringify([
    [name, type, setIdentifier, weight, region, failover, multiValueAnswer, healthCheckId, ttlSeconds],
    [...values].sort(),
    aliasTarget === undefined
      ? null
      : [aliasTarget.hostedZoneId, aliasTarget.dnsName, aliasTarget.evaluateTargetHealth],
  ]);
}
