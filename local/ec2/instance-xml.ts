import type { Instance, InstanceState, NetworkInterface } from './instance.ts';
import { primaryPrivateAddress, STATE_CODES } from './instance.ts';
import type { Ec2Model } from './model.ts';
import { privateDnsName, publicDnsName, VPC_ID } from './network.ts';
import type { Tags } from './tags.ts';
import { element, itemSet, text } from './xml.ts';

const AMAZON = 'amazon';

export interface PublicAddress {
  readonly address: string;
  /** Who owns it: `amazon`, or the account when it is an Elastic IP. */
  readonly ownerId: string;
}

/** The public address of one network interface. */
export function publicAddressOf(
  model: Ec2Model,
  instance: Instance,
  interfaceId: string | undefined,
): PublicAddress | undefined {
  const elasticIp = model.listedAddresses().find(({ association }) => association?.interfaceId === interfaceId);
  if (interfaceId !== undefined && elasticIp !== undefined) {
    return { address: elasticIp.address, ownerId: model.account };
  }
  const isPrimary = interfaceId === instance.interfaces[0]?.id;
  const { autoPublicAddress } = instance;
  return isPrimary && autoPublicAddress !== undefined ? { address: autoPublicAddress, ownerId: AMAZON } : undefined;
}

export function stateXml(name: string, state: InstanceState): string {
  return element(name, text('code', STATE_CODES[state]), text('name', state));
}

export function tagSetXml(tags: Tags): string {
  return itemSet('tagSet', Object.entries(tags), ([key, value]) => text('key', key) + text('value', value));
}

/** Consecutive instances of one reservation share its element. */
export function reservationsXml(model: Ec2Model, instances: readonly Instance[]): string {
  const groups: Instance[][] = [];
  for (const instance of instances) {
    const group = groups.at(-1);
    if (group?.[0]?.reservationId === instance.reservationId) group.push(instance);
    else groups.push([instance]);
  }
  return itemSet('reservationSet', groups, (group) => reservationXml(model, group));
}

export function reservationXml(model: Ec2Model, instances: readonly Instance[]): string {
  return [
    text('reservationId', instances[0]?.reservationId),
    text('ownerId', model.account),
    element('groupSet'),
    itemSet('instancesSet', instances, (instance) => instanceXml(model, instance)),
  ].join('');
}

function instanceXml(model: Ec2Model, instance: Instance): string {
  const { region } = model;
  const privateAddress = primaryPrivateAddress(instance);
  const publicAddress = publicAddressOf(model, instance, instance.interfaces[0]?.id)?.address;
  const shownPublicName = publicAddress === undefined ? '' : publicDnsName(publicAddress, region);
  const isTerminated = instance.state === 'terminated';
  return [
    text('instanceId', instance.id),
    text('imageId', instance.imageId),
    stateXml('instanceState', instance.state),
    text('privateDnsName', privateAddress === undefined ? '' : privateDnsName(privateAddress, region)),
    text('dnsName', shownPublicName),
    text('reason', instance.transitionReason),
    text('amiLaunchIndex', instance.launchIndex),
    text('instanceType', instance.type),
    text('launchTime', new Date(instance.launchTimeMs).toISOString()),
    element('placement', text('availabilityZone', instance.zone), text('groupName', ''), text('tenancy', 'default')),
    element('monitoring', text('state', 'disabled')),
    ...(isTerminated ? [] : [text('subnetId', instance.subnetId), text('vpcId', VPC_ID)]),
    text('privateIpAddress', privateAddress),
    text('ipAddress', publicAddress),
    text('ipv6Address', instance.interfaces[0]?.ipv6Addresses[0]),
    element('groupSet'),
    stateReasonXml(instance),
    text('architecture', 'x86_64'),
    text('rootDeviceType', 'ebs'),
    text('virtualizationType', 'hvm'),
    text('clientToken', instance.clientToken ?? ''),
    tagSetXml(instance.tags),
    text('hypervisor', 'xen'),
    instance.spot ? text('instanceLifecycle', 'spot') : '',
    profileXml(instance),
    isTerminated
      ? element('networkInterfaceSet')
      : itemSet('networkInterfaceSet', [...instance.interfaces.entries()], ([index, networkInterface]) =>
          interfaceXml(model, instance, networkInterface, index),
        ),
  ].join('');
}

function stateReasonXml({ stateReason }: Instance): string {
  if (stateReason === undefined) return '';
  return element('stateReason', text('code', stateReason.code), text('message', stateReason.message));
}

function profileXml({ instanceProfile }: Instance): string {
  if (instanceProfile === undefined) return '';
  return element('iamInstanceProfile', text('arn', instanceProfile), text('id', 'AIPA00000000000000001'));
}

function interfaceXml(model: Ec2Model, instance: Instance, networkInterface: NetworkInterface, index: number): string {
  const { id, attachmentId, privateAddress, ipv6Addresses } = networkInterface;
  const association = associationXml(model, instance, id);
  const privateName = privateAddress === undefined ? undefined : privateDnsName(privateAddress, model.region);
  return [
    text('networkInterfaceId', id),
    text('subnetId', instance.subnetId),
    text('vpcId', VPC_ID),
    text('ownerId', model.account),
    text('status', 'in-use'),
    text('privateIpAddress', privateAddress),
    text('privateDnsName', privateName),
    element('groupSet'),
    element(
      'attachment',
      text('attachmentId', attachmentId),
      text('deviceIndex', index),
      text('status', 'attached'),
      text('attachTime', new Date(instance.launchTimeMs).toISOString()),
      text('deleteOnTermination', true),
    ),
    association,
    itemSet('privateIpAddressesSet', privateAddress === undefined ? [] : [privateAddress], (address) =>
      [text('privateIpAddress', address), text('privateDnsName', privateName), text('primary', true), association].join(
        '',
      ),
    ),
    itemSet('ipv6AddressesSet', ipv6Addresses, (address) => text('ipv6Address', address)),
    text('interfaceType', 'interface'),
  ].join('');
}

function associationXml(model: Ec2Model, instance: Instance, interfaceId: string): string {
  const found = publicAddressOf(model, instance, interfaceId);
  if (found === undefined) return '';
  return element(
    'association',
    text('publicIp', found.address),
    text('publicDnsName', publicDnsName(found.address, model.region)),
    text('ipOwnerId', found.ownerId),
  );
}
