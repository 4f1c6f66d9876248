import { element, text } from '../ec2/xml.ts';
import type { HostedZone } from './hosted-zone.ts';
import { NAME_SERVERS } from './hosted-zone.ts';
import type { ChangeInfo } from './model.ts';
import type { ResourceRecordSet } from './resource-record-set.ts';

/** Parts of the answers of Route 53's REST-XML API. */

export function changeInfoXml({ id, status, submittedAtMs }: ChangeInfo): string {
  return element(
    'ChangeInfo',
    text('Id', `/change/${id}`),
    text('Status', status),
    text('SubmittedAt', new Date(submittedAtMs).toISOString()),
  );
}

export function hostedZoneXml({ id, name, callerReference, comment, vpc, current }: HostedZone): string {
  return element(
    'HostedZone',
    text('Id', `/hostedzone/${id}`),
    text('Name', name),
    text('CallerReference', callerReference),
    element('Config', text('Comment', comment), text('PrivateZone', vpc !== undefined)),
    text('ResourceRecordSetCount', current.size),
  );
}

/** Where a public zone is delegated to, and the VPC of a private one. */
export function delegationXml({ vpc }: HostedZone): string {
  if (vpc === undefined) {
    return element(
      'DelegationSet',
      element('NameServers', ...NAME_SERVERS.map((server) => text('NameServer', server))),
    );
  }
  return element('VPCs', vpcXml(vpc));
}

export function vpcXml({ id, region }: { readonly id: string; readonly region: string }): string {
  return element('VPC', text('VPCRegion', region), text('VPCId', id));
}

export function recordSetXml(set: ResourceRecordSet): string {
  const { aliasTarget: alias, values } = set;
  return element(
    'ResourceRecordSet',
    text('Name', set.name),
    text('Type', set.type),
    text('SetIdentifier', set.setIdentifier),
    text('Weight', set.weight),
    text('Region', set.region),
    text('Failover', set.failover),
    text('MultiValueAnswer', set.multiValueAnswer),
    text('TTL', set.ttlSeconds),
    text('HealthCheckId', set.healthCheckId),
    values.length === 0
      ? ''
      : element('ResourceRecords', ...values.map((value) => element('ResourceRecord', text('Value', value)))),
    alias === undefined
      ? ''
      : element(
          'AliasTarget',
          text('HostedZoneId', alias.hostedZoneId),
          text('DNSName', alias.dnsName),
          text('EvaluateTargetHealth', alias.evaluateTargetHealth),
        ),
  );
}
