import { allocationNotFound, Ec2Error, invalidParameter } from './ec2-error.ts';
import type { AssociateRequest, ElasticIp } from './elastic-ips.ts';
import { filterTest, readFilters } from './filters.ts';
import { tagSetXml } from './instance-xml.ts';
import type { Ec2Model } from './model.ts';
import type { Operation } from './operation.ts';
import type { QueryForm } from './query-form.ts';
import { pageOf } from './paging.ts';
import { tagsFor } from './tag-operations.ts';
import { withTags } from './tags.ts';
import { element, itemSet, text } from './xml.ts';

export const ADDRESS_OPERATIONS: Readonly<Record<string, Operation>> = {
  AllocateAddress: (form, model) => {
    const { allocationId, address } = model.allocateAddress(withTags({}, tagsFor(form, 'elastic-ip')));
    return [
      text('publicIp', address),
      text('allocationId', allocationId),
      text('domain', 'vpc'),
      text('publicIpv4Pool', 'amazon'),
      text('networkBorderGroup', model.region),
    ].join('');
  },
  ReleaseAddress: (form, model) => {
    model.elasticIps.release(required(form, 'AllocationId'));
    return text('return', true);
  },
  AssociateAddress: (form, model) =>
    text('return', true) + text('associationId', model.elasticIps.associate(associateRequest(form))),
  DisassociateAddress: (form, model) => {
    model.elasticIps.disassociate(required(form, 'AssociationId'));
    return text('return', true);
  },
  DescribeAddresses: describeAddresses,
  ModifyAddressAttribute: (form, model) => {
    const allocationId = required(form, 'AllocationId');
    model.elasticIps.setReverseDns(allocationId, required(form, 'DomainName'));
    return element('address', attributeXml(model, allocationId));
  },
  ResetAddressAttribute: (form, model) => {
    const allocationId = required(form, 'AllocationId');
    domainNameOf(required(form, 'Attribute'));
    model.elasticIps.resetReverseDns(allocationId);
    return element('address', attributeXml(model, allocationId));
  },
  DescribeAddressesAttribute: describeAttributes,
};

/** The one attribute that there is. */
function domainNameOf(attribute: string): void {
  if (attribute !== 'domain-name')
    throw invalidParameter(`Value (${attribute}) for parameter attribute is invalid. Expecting domain-name.`);
}

function describeAttributes(form: QueryForm, model: Ec2Model): string {
  const attribute = form.text('Attribute');
  if (attribute !== undefined) domainNameOf(attribute);
  const all = model.elasticIps.addresses.current();
  const wanted = form.list('AllocationId');
  const missing = wanted.filter((id) => !all.some(({ allocationId }) => allocationId === id));
  if (missing.length > 0) throw allocationNotFound(missing);
  const { entries, nextToken } = pageOf(
    form,
    model.lifecycle.pageSize,
    all,
    ({ allocationId }) => allocationId,
    ({ allocationId }) => wanted.length === 0 || wanted.includes(allocationId),
  );
  return (
    itemSet('addressSet', entries, ({ allocationId }) => attributeXml(model, allocationId)) +
    text('nextToken', nextToken)
  );
}

/** "The status of the PTR record update" is shown as long as there is one. */
function attributeXml(model: Ec2Model, allocationId: string): string {
  const { record, update } = model.elasticIps.reverseDnsOf(allocationId);
  return [
    text('publicIp', model.elasticIps.find(allocationId)?.address),
    text('allocationId', allocationId),
    text('ptrRecord', record),
    update === undefined ? '' : element('ptrRecordUpdate', text('value', update.value), text('status', 'PENDING')),
  ].join('');
}

function required(form: QueryForm, name: string): string {
  const value = form.text(name);
  if (value !== undefined) return value;
  throw new Ec2Error('MissingParameter', `The request must contain the parameter ${name}`);
}

function associateRequest(form: QueryForm): AssociateRequest {
  const instanceId = form.text('InstanceId');
  const networkInterfaceId = form.text('NetworkInterfaceId');
  return {
    allocationId: required(form, 'AllocationId'),
    ...(instanceId === undefined ? {} : { instanceId }),
    ...(networkInterfaceId === undefined ? {} : { networkInterfaceId }),
    // "Reassociation is automatic" (AssociateAddress).
    allowReassociation: form.flag('AllowReassociation') ?? true,
  };
}

/** DescribeAddresses has no pages. */
function describeAddresses(form: QueryForm, model: Ec2Model): string {
  const all = model.listedAddresses();
  const allocationIds = form.list('AllocationId');
  const missingIds = allocationIds.filter((wanted) => !all.some(({ allocationId }) => allocationId === wanted));
  if (missingIds.length > 0) throw allocationNotFound(missingIds);
  const publicIps = form.list('PublicIp');
  const missing = publicIps.find((wanted) => !all.some(({ address }) => address === wanted));
  if (missing !== undefined) throw new Ec2Error('InvalidAddress.NotFound', `Address '${missing}' not found.`);
  const matches = filterTest(readFilters(form), filtersOf(model), ({ tags }) => tags);
  const entries = all.filter(
    (address) =>
      (allocationIds.length === 0 || allocationIds.includes(address.allocationId)) &&
      (publicIps.length === 0 || publicIps.includes(address.address)) &&
      matches(address),
  );
  return itemSet('addressesSet', entries, (address) => addressXml(model, address));
}

function filtersOf(model: Ec2Model): Readonly<Record<string, (address: ElasticIp) => readonly (string | undefined)[]>> {
  return {
    'allocation-id': ({ allocationId }) => [allocationId],
    'association-id': ({ association }) => [association?.id],
    'instance-id': ({ association }) => [association?.instanceId],
    'network-interface-id': ({ association }) => [association?.interfaceId],
    'network-interface-owner-id': ({ association }) => [association === undefined ? undefined : model.account],
    'private-ip-address': ({ association }) => [association?.privateAddress],
    'public-ip': ({ address }) => [address],
    'network-border-group': () => [model.region],
  };
}

function addressXml(model: Ec2Model, { allocationId, address, association, tags }: ElasticIp): string {
  return [
    text('publicIp', address),
    text('allocationId', allocationId),
    text('domain', 'vpc'),
    ...(association === undefined
      ? []
      : [
          text('instanceId', association.instanceId),
          text('associationId', association.id),
          text('networkInterfaceId', association.interfaceId),
          text('networkInterfaceOwnerId', model.account),
          text('privateIpAddress', association.privateAddress),
        ]),
    tagSetXml(tags),
    text('publicIpv4Pool', 'amazon'),
    text('networkBorderGroup', model.region),
  ].join('');
}
