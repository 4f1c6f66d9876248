import {
  type Change,
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandOutput,
  type ListResourceRecordSetsRequest,
  type ResourceRecordSet,
  type RRType,
  type Route53Client,
} from '@aws-sdk/client-route-53';
import type { WireChange } from '../model/change.ts';
import { ServiceFailure } from '../model/errors.ts';
import { normalName } from '../model/name.ts';
import {
  type ObservedSet,
  RECORD_TYPES,
  type RecordType,
  type Routing,
  recordSet,
  SIMPLE,
} from '../model/record-set.ts';
import type { Dns, DnsCursor, DnsOutcome } from '../reconcile/ports.ts';
import { dnsOutcomeOf, failureOf } from './error-codes.ts';
import { createHealthChecks } from './health-checks.ts';

/** The largest page of ListResourceRecordSets (Amazon Route 53 API Reference). */
const PAGE_SIZE = 300;
/** "100 records of the same name and type" with a routing policy (Quotas, Amazon Route 53 Developer Guide). */
const SETS_OF_ONE_NAME = 100;

/**
 * Route 53 as the port has it. The client should make one attempt only. With one that repeats, nothing is lost but
 * knowledge: whatever is not an acceptance is then `unknown`, since the first attempt may have taken effect.
 */
export function createDns(client: Route53Client): Dns {
  return {
    change: (zoneId, changes, comment) => change(client, zoneId, changes, comment),
    read: async (zoneId, name, type) => {
      const answer = await list(client, {
        HostedZoneId: zoneId,
        StartRecordName: wireName(name),
        StartRecordType: recordTypeOf(type),
        MaxItems: SETS_OF_ONE_NAME,
      });
      const { sets, next } = pageOf(answer);
      if (next?.name === name && next.type === type) {
        throw new ServiceFailure('invalid', `Route 53 has over ${SETS_OF_ONE_NAME} sets ${type} ${name} in ${zoneId}`);
      }
      return sets.filter((set) => set.name === name && set.type === type);
    },
    changeStatus: async (changeId) => {
      try {
        const { ChangeInfo: info } = await client.send(new GetChangeCommand({ Id: changeId }));
        return info?.Status === 'INSYNC' ? 'in-sync' : 'pending';
      } catch (error) {
        const failure = failureOf(error);
        if (failure.kind === 'not-found') return 'unknown';
        throw failure;
      }
    },
    page: async (zoneId, cursor) =>
      pageOf(await list(client, { HostedZoneId: zoneId, MaxItems: PAGE_SIZE, ...startOf(cursor) })),
    ...createHealthChecks(client),
  };
}

async function change(
  client: Route53Client,
  zoneId: string,
  changes: readonly WireChange[],
  comment: string,
): Promise<DnsOutcome> {
  const batch = { Comment: comment, Changes: changes.map(wireChange) };
  try {
    const answer = await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: batch }));
    const changeId = answer.ChangeInfo?.Id?.replace(/^\/change\//, '');
    if (changeId !== undefined) return { kind: 'accepted', changeId };
    return { kind: 'unknown', message: 'ChangeResourceRecordSets answered without a change id' };
  } catch (error) {
    return dnsOutcomeOf(error);
  }
}

function wireChange({ action, set }: WireChange): Change {
  return {
    Action: action,
    ResourceRecordSet: {
      Name: wireName(set.name),
      Type: set.type,
      TTL: set.ttlSeconds,
      ResourceRecords: set.values.map((value) => ({ Value: value })),
      ...wireRouting(set.routing),
      ...(set.healthCheckId === undefined ? {} : { HealthCheckId: set.healthCheckId }),
    },
  };
}

function wireRouting(routing: Routing): Partial<ResourceRecordSet> {
  switch (routing.kind) {
    case 'simple':
      return {};
    case 'multivalue':
      return { SetIdentifier: routing.setIdentifier, MultiValueAnswer: true };
    case 'weighted':
      return { SetIdentifier: routing.setIdentifier, Weight: routing.weight };
  }
}

async function list(
  client: Route53Client,
  request: ListResourceRecordSetsRequest,
): Promise<ListResourceRecordSetsCommandOutput> {
  try {
    return await client.send(new ListResourceRecordSetsCommand(request));
  } catch (error) {
    throw failureOf(error);
  }
}

function startOf(cursor: DnsCursor | undefined): Partial<ListResourceRecordSetsRequest> {
  if (cursor === undefined) return {};
  return {
    StartRecordName: wireName(cursor.name),
    StartRecordType: recordTypeOf(cursor.type),
    ...(cursor.setIdentifier === undefined ? {} : { StartRecordIdentifier: cursor.setIdentifier }),
  };
}

function pageOf(answer: ListResourceRecordSetsCommandOutput): { sets: ObservedSet[]; next?: DnsCursor } {
  const sets = (answer.ResourceRecordSets ?? []).map(observedSet);
  const { NextRecordName: name, NextRecordType: type, NextRecordIdentifier: setIdentifier } = answer;
  if (answer.IsTruncated !== true) return { sets };
  if (!name || !type) {
    throw new ServiceFailure('unavailable', 'ListResourceRecordSets answered a part without saying where it goes on');
  }
  return { sets, next: { name: nameOf(name), type, ...(setIdentifier ? { setIdentifier } : {}) } };
}

/** All that a set of ours is made of: one that has anything else cannot be reproduced, nor deleted, by us. */
const REPRODUCIBLE = [
  'Name',
  'Type',
  'TTL',
  'ResourceRecords',
  'SetIdentifier',
  'Weight',
  'MultiValueAnswer',
  'HealthCheckId',
];

function observedSet(raw: ResourceRecordSet): ObservedSet {
  const name = nameOf(raw.Name ?? '');
  const rawType = raw.Type ?? '';
  const type = RECORD_TYPES.find((known) => known === rawType);
  const routing = routingOf(raw);
  const values = (raw.ResourceRecords ?? []).map(({ Value }) => valueOf(rawType, Value ?? ''));
  const isWhole = Object.entries(raw).every(([key, value]) => value === undefined || REPRODUCIBLE.includes(key));
  if (type !== undefined && routing !== undefined && raw.TTL !== undefined && isWhole && values.length > 0) {
    const set = recordSet(name, type, raw.TTL, values, routing, raw.HealthCheckId || undefined);
    // Values that only we hold for equal could not be given back as they are.
    if (set.values.length === values.length) return set;
  }
  return { opaque: true, name, type: rawType, ...(raw.SetIdentifier ? { setIdentifier: raw.SetIdentifier } : {}) };
}

function routingOf({ SetIdentifier, MultiValueAnswer, Weight }: ResourceRecordSet): Routing | undefined {
  if (!SetIdentifier) return MultiValueAnswer === true || Weight !== undefined ? undefined : SIMPLE;
  if (MultiValueAnswer === true && Weight === undefined) return { kind: 'multivalue', setIdentifier: SetIdentifier };
  if (MultiValueAnswer !== true && Weight !== undefined) {
    return { kind: 'weighted', setIdentifier: SetIdentifier, weight: Weight };
  }
  return undefined;
}

const POINTERS: readonly string[] = ['CNAME', 'MX', 'PTR', 'SRV'] satisfies RecordType[];

/** A pointer's target is its last field, or all of it; it is written in lower case and without the final dot. */
function valueOf(type: string, value: string): string {
  if (!POINTERS.includes(type)) return value;
  const fields = value.trim().split(/\s+/);
  return [
    ...fields.slice(0, -1),
    ...fields.slice(-1).map((target) => target.toLowerCase().replace(/(?<=.)\.$/, '')),
  ].join(' ');
}

/** Route 53 accepts `*` as it is, and gives it back as `\052` (DNS domain name format, Developer Guide). */
function wireName(name: string): string {
  return `${name}.`;
}

/**
 * A name with any other escape than a leading `\052` stays as Route 53 writes it: no name of ours has one, and unescaped
 * (a dot within a label) it might be taken for one of ours.
 */
function nameOf(raw: string): string {
  const escaped = raw.toLowerCase().replace(/\.$/, '');
  return /^(?:\\052(?:\.|$))?[^\\]*$/.test(escaped) ? normalName(escaped) : escaped;
}

function recordTypeOf(type: string): RRType {
  if (isTypeName(type)) return type;
  throw new ServiceFailure(
    'invalid',
    `${JSON.stringify(type)} is not a record type; allowed: capital letters and digits`,
  );
}

/** By its form: Route 53 may have types that this version of the SDK does not list. */
function isTypeName(type: string): type is RRType {
  return /^[A-Z0-9]+$/.test(type);
}
