import { element, text } from '../ec2/xml.ts';
import { changeInfoXml, delegationXml, hostedZoneXml, recordSetXml, vpcXml } from './answers.ts';
import { readChangeRequest } from './change-reader.ts';
import { storedName } from './domain-name.ts';
import { healthCheckXml, readHealthCheck } from './health-checks.ts';
import type { HostedZone } from './hosted-zone.ts';
import { getAccountLimit, getHostedZoneLimit } from './limits.ts';
import type { Route53Model } from './model.ts';
import type { Position } from './record-index.ts';
import { comparePositions, positionOf } from './record-index.ts';
import { invalidInput, Route53Error } from './route53-error.ts';
import { readXml } from './xml-reader.ts';

export interface Call {
  /** The identifier in the path; empty where there is none. */
  readonly id: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly inner: string;
}

export type Operation = (call: Call, model: Route53Model) => Answer | Promise<Answer>;

const LARGEST_ZONE_PAGE = 100;
const LARGEST_RECORD_PAGE = 300;

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateHostedZone: createHostedZone,
  GetHostedZone: ({ id }, model) => {
    const zone = model.zone(id);
    return { inner: hostedZoneXml(zone) + delegationXml(zone) };
  },
  ListHostedZones: listHostedZones,
  ListHostedZonesByName: listHostedZonesByName,
  GetHostedZoneLimit: getHostedZoneLimit,
  GetAccountLimit: getAccountLimit,
  DeleteHostedZone: ({ id }, model) => ({ inner: changeInfoXml(model.deleteZone(id)) }),
  ChangeResourceRecordSets: async ({ id, body }, model) => {
    model.zone(id);
    const { changes, comment } = readChangeRequest(readXml(body));
    return { inner: changeInfoXml(await model.change(id, changes, comment)) };
  },
  ListResourceRecordSets: listResourceRecordSets,
  CreateHealthCheck: ({ body }, model) => {
    const { reference, config } = readHealthCheck(readXml(body));
    const check = model.healthChecks.create(reference, config);
    const location = `https://route53.amazonaws.com/2013-04-01/healthcheck/${check.id}`;
    return { status: 201, headers: { location }, inner: healthCheckXml(check) };
  },
  GetHealthCheck: ({ id }, model) => ({ inner: healthCheckXml(model.healthChecks.get(id)) }),
  ListHealthChecks: listHealthChecks,
  DeleteHealthCheck: ({ id }, model) => {
    model.healthChecks.delete(id);
    return { inner: '' };
  },
  GetChange: ({ id }, model) => ({ inner: changeInfoXml(model.changeInfo(id)) }),
  ListTagsForResource: ({ id }, model) => {
    model.zone(id);
    return {
      inner: element('ResourceTagSet', text('ResourceType', 'hostedzone'), text('ResourceId', id), element('Tags')),
    };
  },
};

function listHealthChecks({ query }: Call, model: Route53Model): Answer {
  const size = pageSize(query, LARGEST_ZONE_PAGE);
  const marker = query.get('marker') ?? '';
  const checks = model.healthChecks.list().filter(({ id }) => id >= marker);
  const next = checks[size];
  return {
    inner: [
      element('HealthChecks', ...checks.slice(0, size).map(healthCheckXml)),
      text('Marker', marker),
      text('IsTruncated', next !== undefined),
      text('NextMarker', next?.id),
      text('MaxItems', size),
    ].join(''),
  };
}

function createHostedZone({ body }: Call, model: Route53Model): Answer {
  const request = readXml(body);
  const comment = request.child('HostedZoneConfig')?.text('Comment');
  const vpc = request.child('VPC');
  if (vpc === undefined && request.child('HostedZoneConfig')?.text('PrivateZone') === 'true') {
    throw invalidInput('When you are creating a private hosted zone, you must specify values for VPCId and VPCRegion.');
  }
  const { zone, change } = model.createZone({
    name: request.text('Name') ?? '',
    callerReference: request.text('CallerReference') ?? '',
    ...(comment === undefined ? {} : { comment }),
    ...(vpc === undefined ? {} : { vpc: { id: vpc.text('VPCId') ?? '', region: vpc.text('VPCRegion') ?? '' } }),
  });
  return {
    status: 201,
    headers: { location: `https://route53.amazonaws.com/2013-04-01/hostedzone/${zone.id}` },
    inner: [
      hostedZoneXml(zone),
      changeInfoXml(change),
      zone.vpc === undefined ? delegationXml(zone) : vpcXml(zone.vpc),
    ].join(''),
  };
}

function listHostedZones({ query }: Call, model: Route53Model): Answer {
  const size = pageSize(query, LARGEST_ZONE_PAGE);
  const zones = [...model.zones()].sort((one, other) => (one.id < other.id ? -1 : 1));
  const marker = query.get('marker');
  const start = marker === null ? 0 : zones.findIndex(({ id }) => id >= marker);
  if (start < 0) throw invalidInput(`The marker '${marker ?? ''}' is past the last hosted zone.`);
  const next = zones[start + size];
  return {
    inner: [
      element('HostedZones', ...zones.slice(start, start + size).map(hostedZoneXml)),
      text('Marker', marker ?? undefined),
      text('IsTruncated', next !== undefined),
      text('NextMarker', next?.id),
      text('MaxItems', size),
    ].join(''),
  };
}

function listHostedZonesByName({ query }: Call, model: Route53Model): Answer {
  const size = pageSize(query, LARGEST_ZONE_PAGE);
  const dnsName = query.get('dnsname') ?? undefined;
  const zoneId = query.get('hostedzoneid')?.replace('/hostedzone/', '');
  if (zoneId !== undefined && dnsName === undefined) {
    throw invalidInput('If you specify HostedZoneId, you must also specify DNSName.');
  }
  const from = dnsName === undefined ? undefined : positionOf(nameOf(dnsName), zoneId ?? '');
  const zones = model.zones().filter((zone) => from === undefined || comparePositions(zonePosition(zone), from) >= 0);
  const next = zones[size];
  return {
    inner: [
      element('HostedZones', ...zones.slice(0, size).map(hostedZoneXml)),
      text('DNSName', dnsName),
      text('HostedZoneId', zoneId),
      text('IsTruncated', next !== undefined),
      text('NextDNSName', next?.name),
      text('NextHostedZoneId', next?.id),
      text('MaxItems', size),
    ].join(''),
  };
}

function zonePosition({ name, id }: HostedZone): Position {
  return positionOf(name, id);
}

function listResourceRecordSets({ id, query }: Call, model: Route53Model): Answer {
  const size = pageSize(query, LARGEST_RECORD_PAGE);
  const name = query.get('name') ?? undefined;
  const type = query.get('type') ?? undefined;
  const identifier = query.get('identifier') ?? undefined;
  if (type !== undefined && name === undefined) {
    throw invalidInput('The input is not valid: StartRecordType is specified without StartRecordName.');
  }
  if (identifier !== undefined && type === undefined) {
    throw invalidInput('The input is not valid: StartRecordIdentifier is specified without StartRecordType.');
  }
  const sets = model.zone(id).current.sorted();
  const start = name === undefined ? 0 : firstAtOrAfter(sets, positionOf(nameOf(name), type, identifier));
  const next = sets[start + size];
  return {
    inner: [
      element('ResourceRecordSets', ...sets.slice(start, start + size).map(recordSetXml)),
      text('IsTruncated', next !== undefined),
      text('NextRecordName', next?.name),
      text('NextRecordType', next?.type),
      text('NextRecordIdentifier', next?.setIdentifier),
      text('MaxItems', size),
    ].join(''),
  };
}

/** By halving: a zone may have thousands of sets, and is read page by page. */
function firstAtOrAfter(
  sets: readonly { readonly name: string; readonly type: string; readonly setIdentifier?: string }[],
  from: Position,
): number {
  let low = 0;
  let high = sets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const set = sets[middle];
    if (set !== undefined && comparePositions(positionOf(set.name, set.type, set.setIdentifier), from) < 0)
      low = middle + 1;
    else high = middle;
  }
  return low;
}

function nameOf(given: string): string {
  const stored = storedName(given);
  if ('name' in stored) return stored.name;
  throw new Route53Error('InvalidDomainName', stored.problem);
}

/** A larger MaxItems than Route 53 gives is no error. */
function pageSize(query: URLSearchParams, largest: number): number {
  const given = query.get('maxitems');
  if (given === null) return largest;
  if (/^[1-9]\d*$/.test(given)) return Math.min(largest, Number(given));
  throw invalidInput(`The input is not valid: MaxItems is a positive whole number, not '${given}'.`);
}
