import { storedName } from './domain-name.ts';
import { VALUE_RULES } from './record-values.ts';
import type { AliasTarget, Change, ChangeAction, ResourceRecordSet } from './resource-record-set.ts';
import { invalidChangeBatch, invalidInput } from './route53-error.ts';
import type { XmlElement } from './xml-reader.ts';

const LARGEST_TTL_SECONDS = 2_147_483_647;
const LARGEST_WEIGHT = 255;
const LONGEST_SET_IDENTIFIER = 128;
const LONGEST_COMMENT = 256;
const ROUTING_FIELDS = ['Weight', 'Region', 'Failover', 'MultiValueAnswer'] as const;
const ABSENT_FIELDS = ['GeoLocation', 'GeoProximityLocation', 'CidrRoutingConfig', 'TrafficPolicyInstanceId'] as const;

export interface ChangeRequest {
  readonly changes: readonly Change[];
  readonly comment?: string;
}

/** Reads a ChangeResourceRecordSetsRequest. What no single set may be is refused here, as InvalidInput. */
export function readChangeRequest(root: XmlElement): ChangeRequest {
  const batch = root.child('ChangeBatch');
  const comment = batch?.text('Comment');
  if (comment !== undefined && comment.length > LONGEST_COMMENT) {
    throw invalidInput(`Invalid request: Comment is longer than ${LONGEST_COMMENT} characters.`);
  }
  const changes = batch?.list('Changes').map(readChange) ?? [];
  if (changes.length === 0) throw invalidInput('Invalid request: The request must contain at least one change.');
  return { changes, ...(comment === undefined ? {} : { comment }) };
}

function readChange(element: XmlElement): Change {
  const action = readAction(element.text('Action'));
  const set = element.child('ResourceRecordSet');
  if (set === undefined) throw invalidInput('Invalid request: Missing field ResourceRecordSet in Change.');
  const where = `in Change with [Action=${action}, Name=${set.text('Name')}, Type=${set.text('Type')}, SetIdentifier=${set.text('SetIdentifier') ?? 'null'}]`;
  return { action, set: readSet(set, where) };
}

function readAction(text: string | undefined): ChangeAction {
  if (text === 'CREATE' || text === 'DELETE' || text === 'UPSERT') return text;
  throw invalidInput(`Invalid request: Action is one of CREATE, DELETE, UPSERT, not '${text ?? ''}'.`);
}

function readSet(element: XmlElement, where: string): ResourceRecordSet {
  const type = element.text('Type') ?? '';
  if (VALUE_RULES[type] === undefined) throw invalidInput(`Invalid request: '${type}' is no record type, ${where}`);
  const absent = ABSENT_FIELDS.find((field) => element.child(field) !== undefined);
  if (absent !== undefined) throw invalidInput(`The local account does not have ${absent}, ${where}`);
  const healthCheckId = element.text('HealthCheckId');
  const stored = storedName(element.text('Name') ?? '');
  if (!('name' in stored)) throw invalidChangeBatch([stored.problem]);
  return {
    name: stored.name,
    type,
    ...readRouting(element, where),
    ...(healthCheckId === undefined ? {} : { healthCheckId }),
    ...readContent(element, where),
  };
}

function readRouting(element: XmlElement, where: string): Partial<ResourceRecordSet> {
  const given = ROUTING_FIELDS.filter((field) => element.child(field) !== undefined);
  const setIdentifier = element.text('SetIdentifier');
  if (setIdentifier === undefined && given.length === 0) return {};
  if (setIdentifier === undefined) throw invalidInput(`Invalid request: Missing field 'SetIdentifier' ${where}`);
  if (given.length !== 1) {
    const found = given.length === 0 ? 'none' : 'more than one';
    throw invalidInput(
      `Invalid request: Expected exactly one of [${ROUTING_FIELDS.join(', ')}], but found ${found} ${where}`,
    );
  }
  if (setIdentifier.length < 1 || setIdentifier.length > LONGEST_SET_IDENTIFIER) {
    throw invalidInput(`Invalid request: SetIdentifier has 1 to ${LONGEST_SET_IDENTIFIER} characters ${where}`);
  }
  const weight = wholeNumber(element.text('Weight'), LARGEST_WEIGHT, 'Weight', where);
  const region = element.text('Region');
  const failover = element.text('Failover');
  if (element.text('MultiValueAnswer') === 'false') {
    throw invalidInput(`Invalid request: MultiValueAnswer is true or absent ${where}`);
  }
  return {
    setIdentifier,
    ...(weight === undefined ? {} : { weight }),
    ...(region === undefined ? {} : { region }),
    ...(failover === undefined ? {} : { failover }),
    ...(element.child('MultiValueAnswer') === undefined ? {} : { multiValueAnswer: true }),
  };
}

function readContent(
  element: XmlElement,
  where: string,
): Pick<ResourceRecordSet, 'ttlSeconds' | 'values' | 'aliasTarget'> {
  const alias = element.child('AliasTarget');
  const ttlSeconds = wholeNumber(element.text('TTL'), LARGEST_TTL_SECONDS, 'TTL', where);
  const values = element.list('ResourceRecords').map((record) => record.text('Value') ?? '');
  if ((alias === undefined) === (ttlSeconds === undefined || values.length === 0)) {
    const found = alias === undefined ? 'none' : 'more than one';
    throw invalidInput(
      `Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found ${found} ${where}`,
    );
  }
  if (alias !== undefined) return { values: [], aliasTarget: readAlias(alias, where) };
  return { values, ...(ttlSeconds === undefined ? {} : { ttlSeconds }) };
}

function readAlias(element: XmlElement, where: string): AliasTarget {
  const stored = storedName(element.text('DNSName') ?? '');
  if (!('name' in stored)) throw invalidInput(`Invalid request: ${stored.problem} ${where}`);
  return {
    hostedZoneId: (element.text('HostedZoneId') ?? '').replace('/hostedzone/', ''),
    dnsName: stored.name,
    evaluateTargetHealth: element.text('EvaluateTargetHealth') === 'true',
  };
}

function wholeNumber(text: string | undefined, largest: number, field: string, where: string): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,10}$/.test(text) && Number(text) <= largest) return Number(text);
  throw invalidInput(`Invalid request: ${field} is a whole number from 0 to ${largest}, not '${text}', ${where}`);
}
