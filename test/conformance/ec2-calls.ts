import {
  type Address,
  AllocateAddressCommand,
  AssociateAddressCommand,
  type AssociateAddressCommandInput,
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  type DescribeInstancesCommandInput,
  type Instance,
  RunInstancesCommand,
  type RunInstancesCommandInput,
} from '@aws-sdk/client-ec2';
import { conformanceClients } from './endpoint.ts';

export const { ec2 } = conformanceClients();

/** Known to every emulator. */
const ImageId = 'ami-12c6146b';
export const UNKNOWN_INSTANCE = 'i-0fedcba9876543210';

export async function launch(more: Partial<RunInstancesCommandInput> = {}): Promise<Instance[]> {
  const command = new RunInstancesCommand({ ImageId, MinCount: 1, MaxCount: 1, InstanceType: 't3.micro', ...more });
  return (await ec2.send(command)).Instances ?? [];
}

export async function launchOne(more: Partial<RunInstancesCommandInput> = {}): Promise<string> {
  const [instance] = await launch(more);
  return instance?.InstanceId ?? '';
}

export async function runningOne(more: Partial<RunInstancesCommandInput> = {}): Promise<string> {
  const id = await launchOne(more);
  await reaches(id, 'running');
  return id;
}

export async function list(command: DescribeInstancesCommandInput): Promise<Instance[]> {
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand(command));
  return Reservations.flatMap(({ Instances = [] }) => Instances);
}

export async function ids(command: DescribeInstancesCommandInput): Promise<string[]> {
  return (await list(command)).flatMap(({ InstanceId }) => InstanceId ?? []).sort();
}

export async function instanceOf(id: string): Promise<Instance> {
  const [instance] = await list({ InstanceIds: [id] });
  if (instance === undefined) throw new Error(`${id} is not listed`);
  return instance;
}

const POLLS = 100;
const POLL_MS = 50;

export async function reaches(id: string, state: string): Promise<Instance> {
  for (let poll = 0; poll < POLLS; poll += 1) {
    const instance = await instanceOf(id);
    if (instance.State?.Name === state) return instance;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`${id} did not reach ${state}`);
}

export async function allocate(): Promise<{ allocationId: string; address: string }> {
  const { AllocationId = '', PublicIp = '' } = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }));
  return { allocationId: AllocationId, address: PublicIp };
}

export async function addressOf(allocationId: string): Promise<Address> {
  const { Addresses = [] } = await ec2.send(new DescribeAddressesCommand({ AllocationIds: [allocationId] }));
  return Addresses[0] ?? {};
}

export async function associate(
  allocationId: string,
  InstanceId: string,
  more: Partial<AssociateAddressCommandInput> = {},
): Promise<string> {
  const command = new AssociateAddressCommand({ AllocationId: allocationId, InstanceId, ...more });
  return (await ec2.send(command)).AssociationId ?? '';
}

export function tagged(key: string, value: string): Partial<RunInstancesCommandInput> {
  return { TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: key, Value: value }] }] };
}
