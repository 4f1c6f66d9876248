import { Ec2Error, instanceNotFound, invalidParameter } from './ec2-error.ts';
import type { FilterTable } from './filters.ts';
import { filterTest, plainValues, readFilters } from './filters.ts';
import type { LaunchRequest, StateChange } from './fleet.ts';
import type { Instance } from './instance.ts';
import { primaryPrivateAddress, STATE_CODES } from './instance.ts';
import { publicAddressOf, reservationsXml, reservationXml, stateXml } from './instance-xml.ts';
import type { Ec2Model } from './model.ts';
import { VPC_ID } from './network.ts';
import type { Operation } from './operation.ts';
import { pageOf } from './paging.ts';
import type { QueryForm } from './query-form.ts';
import { tagsFor } from './tag-operations.ts';
import { element, itemSet, text } from './xml.ts';

export const INSTANCE_OPERATIONS: Readonly<Record<string, Operation>> = {
  RunInstances: (form, model) => reservationXml(model, model.launch(launchRequest(form, model))),
  DescribeInstances: describeInstances,
  DescribeInstanceStatus: describeInstanceStatus,
  StartInstances: (form, model) => stateChangesXml(model.fleet.start(instanceIds(form))),
  StopInstances: (form, model) => stateChangesXml(model.fleet.stop(instanceIds(form))),
  TerminateInstances: (form, model) => stateChangesXml(model.fleet.terminate(instanceIds(form))),
  RebootInstances: (form, model) => {
    model.fleet.reboot(instanceIds(form));
    return text('return', true);
  },
};

const DEFAULT_IMAGE = 'ami-00000000000000001';
const DEFAULT_TYPE = 't3.micro';

function launchRequest(form: QueryForm, model: Ec2Model): LaunchRequest {
  const fewest = countOf(form, 'MinCount');
  const count = countOf(form, 'MaxCount');
  if (fewest > count) throw invalidParameter(`MinCount ${fewest} is greater than MaxCount ${count}.`);
  const interfaces = form.children('NetworkInterface');
  const [primary] = interfaces;
  const subnetId = form.text('SubnetId') ?? primary?.text('SubnetId');
  const zone = form.text('Placement.AvailabilityZone');
  const publicAddress = primary?.flag('AssociatePublicIpAddress');
  if (publicAddress !== undefined && interfaces.length > 1) {
    throw new Ec2Error(
      'InvalidParameterCombination',
      'The associatePublicIpAddress parameter cannot be specified when launching with multiple network interfaces.',
    );
  }
  const instanceProfile = profileArn(form, model.account);
  const clientToken = form.text('ClientToken');
  return {
    count,
    imageId: form.text('ImageId') ?? DEFAULT_IMAGE,
    type: form.text('InstanceType') ?? DEFAULT_TYPE,
    ...(subnetId === undefined ? {} : { subnetId }),
    ...(zone === undefined ? {} : { zone }),
    ...(publicAddress === undefined ? {} : { publicAddress }),
    interfaces: Math.max(1, interfaces.length),
    ipv6AddressCount: form.integer('Ipv6AddressCount') ?? primary?.integer('Ipv6AddressCount') ?? 0,
    ...(instanceProfile === undefined ? {} : { instanceProfile }),
    ...(clientToken === undefined || clientToken === '' ? {} : { clientToken }),
    spot: form.text('InstanceMarketOptions.MarketType') === 'spot',
    tags: tagsFor(form, 'instance'),
  };
}

function countOf(form: QueryForm, name: string): number {
  const count = form.integer(name);
  if (count === undefined) {
    throw new Ec2Error('MissingParameter', `The request must contain the parameter ${name}`);
  }
  if (Number.isInteger(count) && count >= 1) return count;
  throw invalidParameter(`Value (${count}) for parameter ${name} is invalid. Expecting a positive integer.`);
}

function profileArn(form: QueryForm, account: string): string | undefined {
  const name = form.text('IamInstanceProfile.Name');
  return name === undefined ? form.text('IamInstanceProfile.Arn') : `arn:aws:iam::${account}:instance-profile/${name}`;
}

/** The ids of a call that changes instances: at least one. */
function instanceIds(form: QueryForm): readonly string[] {
  const ids = givenIds(form);
  if (ids.length > 0) return ids;
  throw new Ec2Error('MissingParameter', 'The request must contain the parameter InstanceId');
}

function givenIds(form: QueryForm): readonly string[] {
  const ids = form.list('InstanceId');
  const malformed = ids.find((id) => !/^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/.test(id));
  if (malformed !== undefined) throw new Ec2Error('InvalidInstanceID.Malformed', `Invalid id: "${malformed}"`);
  return [...new Set(ids)];
}

function stateChangesXml(changes: readonly StateChange[]): string {
  return itemSet('instancesSet', changes, ({ before, after }) =>
    [text('instanceId', after.id), stateXml('currentState', after.state), stateXml('previousState', before.state)].join(
      '',
    ),
  );
}

function describeInstances(form: QueryForm, model: Ec2Model): string {
  const ids = givenIds(form);
  refuseIdsWithPages(form, ids);
  const filters = readFilters(form);
  const matches = filterTest(filters, instanceFilters(model), ({ tags }) => tags);
  if (ids.length > 0) return reservationsXml(model, listed(model, ids).filter(matches));
  const all = model.listedInstances(plainValues(filters, 'instance-id'));
  const page = pageOf(form, model.lifecycle.pageSize, all, ({ id }) => id, matches);
  return reservationsXml(model, page.entries) + text('nextToken', page.nextToken);
}

function describeInstanceStatus(form: QueryForm, model: Ec2Model): string {
  const ids = givenIds(form);
  refuseIdsWithPages(form, ids);
  const all = ids.length > 0 ? listed(model, ids) : model.listedInstances();
  const inAllStates = form.flag('IncludeAllInstances') === true;
  const filtered = filterTest(readFilters(form), statusFilters(), ({ tags }) => tags);
  const page = pageOf(
    form,
    ids.length > 0 ? ids.length : model.lifecycle.pageSize,
    all,
    ({ id }) => id,
    (instance) => (inAllStates || instance.state === 'running') && filtered(instance),
  );
  return itemSet('instanceStatusSet', page.entries, statusXml) + text('nextToken', page.nextToken);
}

function refuseIdsWithPages(form: QueryForm, ids: readonly string[]): void {
  if (ids.length === 0 || form.text('MaxResults') === undefined) return;
  throw new Ec2Error(
    'InvalidParameterCombination',
    'The parameter instancesSet cannot be used with the parameter maxResults',
  );
}

/** "If you specify an instance ID that is not valid, an error is returned": for the whole call. */
function listed(model: Ec2Model, ids: readonly string[]): readonly Instance[] {
  const missing = ids.filter((id) => model.listedInstance(id) === undefined);
  if (missing.length > 0) throw instanceNotFound(missing);
  return ids.flatMap((id) => model.listedInstance(id) ?? []);
}

function statusFilters(): FilterTable<Instance> {
  return {
    'availability-zone': ({ zone }) => [zone],
    'instance-state-name': ({ state }) => [state],
    'instance-state-code': ({ state }) => [String(STATE_CODES[state])],
    'instance-status.status': (instance) => [statusOf(instance)],
    'system-status.status': (instance) => [instance.state === 'running' ? 'ok' : 'not-applicable'],
  };
}

function instanceFilters(model: Ec2Model): FilterTable<Instance> {
  const publicAddresses = (instance: Instance): readonly (string | undefined)[] =>
    instance.interfaces.map(({ id }) => publicAddressOf(model, instance, id)?.address);
  return {
    'instance-id': ({ id }) => [id],
    'instance-state-name': ({ state }) => [state],
    'instance-state-code': ({ state }) => [String(STATE_CODES[state])],
    'instance-type': ({ type }) => [type],
    'instance-lifecycle': ({ spot }) => [spot ? 'spot' : undefined],
    'image-id': ({ imageId }) => [imageId],
    'availability-zone': ({ zone }) => [zone],
    'subnet-id': ({ subnetId }) => [subnetId],
    'vpc-id': ({ state }) => [state === 'terminated' ? undefined : VPC_ID],
    'reservation-id': ({ reservationId }) => [reservationId],
    'client-token': ({ clientToken }) => [clientToken],
    'iam-instance-profile.arn': ({ instanceProfile }) => [instanceProfile],
    'private-ip-address': (instance) => [primaryPrivateAddress(instance)],
    'ip-address': (instance) => [publicAddressOf(model, instance, instance.interfaces[0]?.id)?.address],
    'ipv6-address': ({ interfaces }) => interfaces.flatMap(({ ipv6Addresses }) => ipv6Addresses),
    'network-interface.addresses.association.public-ip': publicAddresses,
    'network-interface.addresses.private-ip-address': ({ interfaces }) =>
      interfaces.map(({ privateAddress }) => privateAddress),
    'network-interface.network-interface-id': ({ interfaces }) => interfaces.map(({ id }) => id),
  };
}

function statusOf({ state, impairedSinceMs }: Instance): string {
  if (state !== 'running') return 'not-applicable';
  return impairedSinceMs === undefined ? 'ok' : 'impaired';
}

function statusXml(instance: Instance): string {
  const status = statusOf(instance);
  const since = instance.impairedSinceMs;
  return [
    text('instanceId', instance.id),
    text('availabilityZone', instance.zone),
    stateXml('instanceState', instance.state),
    summaryXml('instanceStatus', status, since),
    summaryXml('systemStatus', status === 'impaired' ? 'ok' : status, undefined),
  ].join('');
}

function summaryXml(name: string, status: string, impairedSinceMs: number | undefined): string {
  if (status === 'not-applicable') return element(name, text('status', status));
  const isImpaired = status === 'impaired';
  return element(
    name,
    text('status', status),
    itemSet('details', ['reachability'], (check) =>
      [
        text('name', check),
        text('status', isImpaired ? 'failed' : 'passed'),
        text('impairedSince', impairedSinceMs === undefined ? undefined : new Date(impairedSinceMs).toISOString()),
      ].join(''),
    ),
  );
}
