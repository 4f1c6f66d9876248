import type { EC2Client, Instance, Reservation } from '@aws-sdk/client-ec2';
import { RolecallError } from '../model/errors.ts';
import { claimedRoles, DNS_LABEL, ROLE_TAG } from '../model/instance.ts';
import { UsageError } from './surroundings.ts';

/** An instance as `sim` shows it. */
export interface FleetInstance {
  readonly instanceId: string;
  readonly roles: readonly string[];
  readonly state: string;
  readonly privateIpv4?: string;
  readonly publicIpv4?: string;
}

export interface LaunchOptions {
  readonly count: number;
  readonly availabilityZone?: string;
  readonly withPublicAddress: boolean;
}

/** Loaded when first needed: it takes longer than all else that help has to do. */
const sdk = async () => await import('./sdk/ec2.ts');

/** Launches instances that carry these roles in their tag. */
export async function launch(
  ec2: EC2Client,
  roles: readonly string[],
  options: LaunchOptions,
): Promise<FleetInstance[]> {
  for (const role of roles) {
    if (!DNS_LABEL.test(role))
      throw new UsageError(`"${role}" is no role: a role is one lower-case DNS label, as in web`);
  }
  const launched = await ec2.send(
    new (await sdk()).RunInstancesCommand({
      MinCount: options.count,
      MaxCount: options.count,
      ImageId: 'ami-0123456789abcdef0',
      InstanceType: 't4g.nano',
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: ROLE_TAG, Value: roles.join(' ') }] }],
      ...(options.availabilityZone === undefined ? {} : { Placement: { AvailabilityZone: options.availabilityZone } }),
      ...(options.withPublicAddress
        ? {}
        : { NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: false }] }),
    }),
  );
  return instancesOf([launched]).map(({ shown }) => shown);
}

export const FLEET_ACTIONS = {
  stop: { from: ['pending', 'running'], to: 'stopping' },
  start: { from: ['stopped'], to: 'pending' },
  terminate: { from: ['pending', 'running', 'stopping', 'stopped'], to: 'shutting-down' },
} as const;
export type FleetAction = keyof typeof FLEET_ACTIONS;

export async function change(ec2: EC2Client, action: FleetAction, InstanceIds: string[]): Promise<void> {
  switch (action) {
    case 'stop':
      await ec2.send(new (await sdk()).StopInstancesCommand({ InstanceIds }));
      return;
    case 'start':
      await ec2.send(new (await sdk()).StartInstancesCommand({ InstanceIds }));
      return;
    case 'terminate':
      await ec2.send(new (await sdk()).TerminateInstancesCommand({ InstanceIds }));
      return;
  }
}

export async function tag(ec2: EC2Client, instanceId: string, tags: Readonly<Record<string, string>>): Promise<void> {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  await ec2.send(new (await sdk()).CreateTagsCommand({ Resources: [instanceId], Tags }));
}

/**
 * An instance by its id, or a role's members in one of these states: the newest, or all.
 *
 * @throws RolecallError when there is none.
 */
export async function select(
  ec2: EC2Client,
  target: string,
  states: readonly string[],
  all: boolean,
): Promise<readonly [FleetInstance, ...FleetInstance[]]> {
  const fleet = await describeFleet(ec2);
  const isId = /^i-[0-9a-f]{8,17}$/.test(target);
  const fitting = fleet.filter(
    ({ shown }) => states.includes(shown.state) && (isId ? shown.instanceId === target : shown.roles.includes(target)),
  );
  const byAge = fitting.toSorted((one, other) => one.launchTimeMs - other.launchTimeMs).map(({ shown }) => shown);
  const [first, ...rest] = all ? byAge : byAge.slice(-1);
  if (first !== undefined) return [first, ...rest];
  const roles = [...new Set(fleet.flatMap(({ shown }) => shown.roles))].sort();
  throw new RolecallError('no-such-instance', noneFits(target, isId, states, roles));
}

function noneFits(target: string, isId: boolean, states: readonly string[], roles: readonly string[]): string {
  const held = roles.length === 0 ? 'no instance holds a role' : `roles: ${roles.join(', ')}`;
  if (isId) return `there is no instance ${target} that is ${states.join(' or ')}; ${held}`;
  if (roles.includes(target)) return `the role ${target} has no member that is ${states.join(' or ')}`;
  return `"${target}" is neither a role that an instance holds nor an instance id, as in i-0123456789abcdef0; ${held}`;
}

interface Described {
  readonly shown: FleetInstance;
  readonly launchTimeMs: number;
}

async function describeFleet(ec2: EC2Client): Promise<Described[]> {
  const found: Described[] = [];
  for await (const page of (await sdk()).paginateDescribeInstances({ client: ec2 }, { MaxResults: 1000 })) {
    found.push(...instancesOf(page.Reservations ?? []));
  }
  return found;
}

function instancesOf(reservations: readonly Pick<Reservation, 'Instances'>[]): Described[] {
  return reservations.flatMap(({ Instances = [] }) => Instances.map(describe));
}

function describe(instance: Instance): Described {
  const { InstanceId = '', State, PrivateIpAddress, PublicIpAddress, LaunchTime, Tags = [] } = instance;
  const tags = Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  return {
    launchTimeMs: LaunchTime?.getTime() ?? 0,
    shown: {
      instanceId: InstanceId,
      roles: claimedRoles(tags).roles,
      state: State?.Name ?? 'unknown',
      ...(PrivateIpAddress ? { privateIpv4: PrivateIpAddress } : {}),
      ...(PublicIpAddress ? { publicIpv4: PublicIpAddress } : {}),
    },
  };
}
