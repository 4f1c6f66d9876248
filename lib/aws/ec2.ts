import {
  type Address,
  AssociateAddressCommand,
  DescribeAddressesCommand,
  DisassociateAddressCommand,
  TerminateInstancesCommand,
  type EC2Client,
  type Filter,
  type Instance,
  type InstanceNetworkInterface,
  paginateDescribeInstances,
} from '@aws-sdk/client-ec2';
import type { ElasticAddress } from '../model/address.ts';
import { ServiceFailure } from '../model/errors.ts';
import {
  INSTANCE_STATES,
  type InstanceDescription,
  type InstanceState,
  POOL_TAG,
  ROLE_TAG,
  TAG_PREFIX,
} from '../model/instance.ts';
import type { Compute } from '../reconcile/ports.ts';
import { createReverseDns } from './reverse-dns.ts';
import { associateOutcomeOf, callOutcomeOf, disassociateOutcomeOf, failureOf } from './error-codes.ts';

/** "A filter can have up to 200 values" (DescribeInstances, Amazon EC2 API Reference: Filtering). */
const FILTER_VALUES = 200;
/** The largest page that DescribeInstances gives. */
const PAGE_SIZE = 1_000;
const MAX_PAGES = 1_000;

/** EC2 as the port has it. Reads are all or nothing; `associate` and `disassociate` answer what became of them. */
export function createCompute(client: EC2Client): Compute {
  return {
    describe: async (instanceIds) => {
      const wanted = new Set(instanceIds);
      const found = await Promise.all(
        chunksOf([...wanted].sort(), FILTER_VALUES).map((values) =>
          describeAll(client, { Name: 'instance-id', Values: values }),
        ),
      );
      return sorted(found.flat()).filter(({ instanceId }) => wanted.has(instanceId));
    },
    describeTagged: async () => sorted(await describeAll(client, { Name: 'tag-key', Values: [ROLE_TAG] })),
    describeAddresses: () => describeAddresses(client),
    ...createReverseDns(client),
    terminate: async (instanceId) => {
      try {
        await client.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
        return { kind: 'done' };
      } catch (error) {
        return callOutcomeOf(error);
      }
    },
    associate: async (allocationId, { instanceId, primaryInterfaceId }, { mayTake }) => {
      // "If you specify an instance ID, the instance must have exactly one attached network interface", and without
      // `false` EC2 takes an address that is in use from its holder (AssociateAddress, Amazon EC2 API Reference).
      const target =
        primaryInterfaceId === undefined ? { InstanceId: instanceId } : { NetworkInterfaceId: primaryInterfaceId };
      const asked = { AllocationId: allocationId, ...target, AllowReassociation: mayTake };
      try {
        const answer = await client.send(new AssociateAddressCommand(asked));
        const associationId = answer.AssociationId;
        if (associationId !== undefined) return { kind: 'associated', associationId };
        return { kind: 'unknown', message: 'AssociateAddress answered without an association id' };
      } catch (error) {
        return associateOutcomeOf(error);
      }
    },
    disassociate: async (associationId) => {
      try {
        await client.send(new DisassociateAddressCommand({ AssociationId: associationId }));
        return { kind: 'done' };
      } catch (error) {
        return disassociateOutcomeOf(error);
      }
    },
  };
}

function chunksOf(values: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_none, index) =>
    values.slice(index * size, (index + 1) * size),
  );
}

/** By a filter, because one unknown id in `InstanceIds` fails the whole call, and because only then there are pages. */
async function describeAll(client: EC2Client, filter: Filter): Promise<InstanceDescription[]> {
  const instances: Instance[] = [];
  let pages = 0;
  try {
    for await (const page of paginateDescribeInstances({ client, pageSize: PAGE_SIZE }, { Filters: [filter] })) {
      instances.push(...(page.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []));
      pages += 1;
      if (pages === MAX_PAGES && page.NextToken) {
        throw new ServiceFailure('invalid', `DescribeInstances goes on after ${MAX_PAGES} pages`);
      }
    }
  } catch (error) {
    throw failureOf(error);
  }
  return instances.map(describedBy);
}

/** One description an instance, by id: pages are no snapshot, and may show an instance twice. */
function sorted(descriptions: readonly InstanceDescription[]): InstanceDescription[] {
  const byId = new Map(descriptions.map((description) => [description.instanceId, description]));
  return [...byId.values()].sort((one, other) => (one.instanceId < other.instanceId ? -1 : 1));
}

function describedBy(instance: Instance): InstanceDescription {
  const { InstanceId: instanceId, LaunchTime: launchTime } = instance;
  const state = stateOf(instance);
  if (!instanceId || state === undefined || launchTime === undefined) {
    throw new ServiceFailure(
      'invalid',
      `DescribeInstances answered an instance without an id, a known state or a launch time: ${instanceId}, ${instance.State?.Name}, ${launchTime?.toISOString()}`,
    );
  }
  const primary = primaryInterfaceOf(instance);
  const profile = instance.IamInstanceProfile?.Arn?.split('/').at(-1);
  return {
    instanceId,
    state,
    launchTimeMs: launchTime.getTime(),
    ...optional('availabilityZone', instance.Placement?.AvailabilityZone),
    ...optional('vpcId', instance.VpcId),
    ...optional('subnetId', instance.SubnetId),
    ...optional('instanceProfile', profile),
    ...optional('primaryInterfaceId', hasSeveralInterfaces(instance) ? primary?.NetworkInterfaceId : undefined),
    ...optional('privateIpv4', primary?.PrivateIpAddress ?? instance.PrivateIpAddress),
    ...optional('publicIpv4', primary?.Association?.PublicIp || instance.PublicIpAddress),
    ipv6: ipv6Of(instance, primary),
    ...optional('publicDnsName', instance.PublicDnsName),
    tags: tagsOf(instance),
  };
}

/** EC2 and what speaks like it leave a value out, or give an empty one. */
function optional<Key extends string>(key: Key, value: string | undefined): Partial<Record<Key, string>>;
function optional(key: string, value: string | undefined): Record<string, string> {
  return value ? { [key]: value } : {};
}

function stateOf(instance: Instance): InstanceState | undefined {
  return INSTANCE_STATES.find((state) => state === instance.State?.Name);
}

/** The interface with device index 0 of network card 0 ("Elastic network interfaces", Amazon EC2 User Guide). */
function primaryInterfaceOf(instance: Instance): InstanceNetworkInterface | undefined {
  return instance.NetworkInterfaces?.find(
    ({ Attachment }) => Attachment?.DeviceIndex === 0 && (Attachment.NetworkCardIndex ?? 0) === 0,
  );
}

function hasSeveralInterfaces({ NetworkInterfaces }: Instance): boolean {
  return (NetworkInterfaces ?? []).length > 1;
}

function ipv6Of(instance: Instance, primary: InstanceNetworkInterface | undefined): string[] {
  const addresses =
    primary === undefined ? [instance.Ipv6Address] : (primary.Ipv6Addresses ?? []).map((each) => each.Ipv6Address);
  return addresses.flatMap((address) => (address ? [address] : [])).sort();
}

function tagsOf(instance: Instance): Record<string, string> {
  const tags = (instance.Tags ?? []).flatMap(({ Key, Value }): [string, string][] =>
    Key?.startsWith(TAG_PREFIX) ? [[Key, Value ?? '']] : [],
  );
  return Object.fromEntries(tags.sort(([one], [other]) => (one < other ? -1 : 1)));
}

async function describeAddresses(client: EC2Client): Promise<ElasticAddress[]> {
  try {
    const { Addresses: addresses } = await client.send(new DescribeAddressesCommand({}));
    return (addresses ?? [])
      .flatMap(elasticAddressOf)
      .sort((one, other) => (one.allocationId < other.allocationId ? -1 : 1));
  } catch (error) {
    throw failureOf(error);
  }
}

function elasticAddressOf(address: Address): ElasticAddress[] {
  const { AllocationId: allocationId, PublicIp: publicIpv4 } = address;
  if (!allocationId || !publicIpv4) return [];
  return [
    {
      allocationId,
      publicIpv4,
      ...optional('associationId', address.AssociationId),
      ...optional('instanceId', address.InstanceId),
      ...optional('networkInterfaceId', address.NetworkInterfaceId),
      ...optional('pool', address.Tags?.find(({ Key }) => Key === POOL_TAG)?.Value),
      serviceManaged: Boolean(address.ServiceManaged),
    },
  ];
}
