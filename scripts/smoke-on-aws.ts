import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  DescribeInstancesCommand,
  DescribeVpcsCommand,
  EC2Client,
  ReleaseAddressCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';

const USAGE = `npm run smoke-on-aws -- --yes

Deploys a stack of its own into the account and region of your credentials, with a private zone in the default VPC,
launches three t4g.nano instances and an Elastic IP, prints how long everything took, and removes it all again.
Costs a few cents. What the local account cannot show is tried here: IAM, EventBridge, and real latencies.

  --stack NAME   the stack's name (RolecallSmoke)
  --keep         leave the stack, to look at it`;

const STACK_ZONE = 'smoke.rolecall.internal';
const NAME = `smoke.${STACK_ZONE}.`;
const IMAGE = 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64';
const LONGEST_MS = 5 * 60_000;

const { values: flags } = parseArgs({
  options: {
    yes: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    stack: { type: 'string', default: 'RolecallSmoke' },
  },
});

const ec2 = new EC2Client({});
const route53 = new Route53Client({});
const cloudFormation = new CloudFormationClient({});

if (flags.yes) await main();
else {
  console.error(USAGE);
  process.exitCode = 64;
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rolecall-smoke-'));
  const launched: string[] = [];
  try {
    const config = await writeConfiguration(folder);
    await timed('deploy', () => cdk('deploy', config, '--require-approval', 'never'));
    await tryNames(await zoneId(), launched);
    await tryPendingAssociation(launched);
    if (!flags.keep) await timed('destroy', () => cdk('destroy', config, '--force'));
  } finally {
    if (launched.length > 0) await ec2.send(new TerminateInstancesCommand({ InstanceIds: launched }));
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeConfiguration(folder: string): Promise<string> {
  const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['true'] }] }));
  const vpcId = Vpcs?.[0]?.VpcId;
  if (vpcId === undefined)
    throw new Error(`The region ${await ec2.config.region()} has no default VPC; choose another.`);
  const path = join(folder, 'smoke.json');
  const zones = { smoke: { name: STACK_ZONE, private: true, vpcId } };
  await writeFile(path, JSON.stringify({ owner: 'smoke', zones, roles: { smoke: 'smoke' } }));
  return path;
}

async function cdk(command: string, config: string, ...more: string[]): Promise<void> {
  const context = ['-c', `config=${config}`, '-c', `stack=${flags.stack}`, '-c', 'alarms=off'];
  const child = spawn('npx', ['cdk', command, flags.stack, ...context, ...more], { stdio: ['ignore', 2, 2] });
  const code = await new Promise((done) => child.once('close', done));
  if (code !== 0) throw new Error(`cdk ${command} ended with ${String(code)}.`);
}

async function zoneId(): Promise<string> {
  const { StackResources = [] } = await cloudFormation.send(
    new DescribeStackResourcesCommand({ StackName: flags.stack }),
  );
  const zone = StackResources.find(({ ResourceType }) => ResourceType === 'AWS::Route53::HostedZone');
  if (zone?.PhysicalResourceId === undefined) throw new Error(`The stack ${flags.stack} has no hosted zone.`);
  return zone.PhysicalResourceId;
}

/** A first member creates the name; a second swaps its set (DELETE and CREATE in one batch); then both go. */
async function tryNames(zone: string, launched: string[]): Promise<void> {
  const first = await launch();
  launched.push(first);
  await timed('a launched instance has its name', () => until(zone, 1));
  const second = await launch();
  launched.push(second);
  await timed('a second one joins it', () => until(zone, 2));
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [first] }));
  await timed('a terminated one is gone from it', () => until(zone, 1));
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [second] }));
  await timed('the last one takes the name along', () => until(zone, 0));
}

/** What EC2 says of an association with a pending instance is documented nowhere. */
async function tryPendingAssociation(launched: string[]): Promise<void> {
  const { AllocationId } = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }));
  try {
    const instance = await launch();
    launched.push(instance);
    const outcome = await ec2
      .send(new AssociateAddressCommand({ AllocationId, InstanceId: instance, AllowReassociation: false }))
      .then(
        () => 'no error',
        (error: unknown) => String(error),
      );
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [instance] }));
    const state = Reservations?.[0]?.Instances?.[0]?.State?.Name;
    console.log(`an association at once, while the instance is ${state}: ${outcome}`);
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [instance] }));
  } finally {
    await timed('release the address', async () => await released(AllocationId));
  }
}

async function released(AllocationId: string | undefined): Promise<void> {
  const startedMs = Date.now();
  for (;;) {
    try {
      await ec2.send(new ReleaseAddressCommand({ AllocationId }));
      return;
    } catch (error) {
      if (Date.now() - startedMs > LONGEST_MS) throw error;
      await pause();
    }
  }
}

async function launch(): Promise<string> {
  const { Instances } = await ec2.send(
    new RunInstancesCommand({
      ImageId: IMAGE,
      InstanceType: 't4g.nano',
      MinCount: 1,
      MaxCount: 1,
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'rolecall:role', Value: 'smoke' }] }],
    }),
  );
  const id = Instances?.[0]?.InstanceId;
  if (id === undefined) throw new Error('EC2 launched no instance.');
  return id;
}

/** @throws Error when the name does not have so many addresses within five minutes. */
async function until(zone: string, addresses: number): Promise<void> {
  const startedMs = Date.now();
  for (;;) {
    const { ResourceRecordSets = [] } = await route53.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: zone, StartRecordName: NAME, StartRecordType: 'A' }),
    );
    const set = ResourceRecordSets.find(({ Name, Type }) => Name === NAME && Type === 'A');
    if ((set?.ResourceRecords?.length ?? 0) === addresses) return;
    if (Date.now() - startedMs > LONGEST_MS)
      throw new Error(`${NAME} does not have ${addresses} addresses after 5 minutes.`);
    await pause();
  }
}

async function pause(): Promise<void> {
  await new Promise((done) => setTimeout(done, 500));
}

async function timed(what: string, work: () => Promise<void>): Promise<void> {
  const startedMs = Date.now();
  await work();
  console.log(`${what}: ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
}
