import { Aws, type CustomResource, Fn, Validations } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Configuration } from '../config/configuration.ts';
import { RECORD_NAMES_SEPARATOR, recordNamePatterns } from '../config/record-names.ts';
import { nameScope } from '../config/resolve.ts';
import { RECORD_TYPES } from '../model/record-set.ts';
import type { Functions } from './functions.ts';
import type { Queues } from './queues.ts';
import { endpointRegistryAccess, registryAccess } from './registry-access.ts';

export interface PermissionsProps {
  readonly functions: Functions;
  readonly table: dynamodb.Table;
  readonly queues: Queues;
  readonly zoneArns: readonly string[];
  readonly configuration: Configuration;
}

/**
 * What each Lambda may do, and no more.
 *
 * ```
 *             registry  send  receive       Route 53      EC2
 * observe     yes       yes   events,later  -             reads instances
 * reconcile   yes       yes   work          read, change  reads and moves addresses of the pools; see below
 * sweep       yes       yes   -             read          reads both
 * configure   yes       yes   -             read, change  -
 * update      some      work  -             -             -
 * ```
 *
 * λ update reaches some partitions of the registry only: see `endpointRegistryAccess`.
 *
 * Where a pool wants reverse DNS, λ reconcile gives it to the addresses of that pool. It also asks Route 53 how far a
 * change has come, and lets instances go on from lifecycle hooks; where the configuration allows it, it terminates
 * drained instances that carry a role.
 */
export function grantPermissions(props: PermissionsProps): void {
  const { observe, reconcile, sweep, configure, update } = props.functions;
  const { events, work, later } = props.queues;
  for (const each of [observe, reconcile, sweep, configure]) {
    each.addToRolePolicy(registryAccess(props.table));
    each.addToRolePolicy(sending([work, later]));
  }

  observe.addToRolePolicy(receiving([events, later]));
  observe.addToRolePolicy(ec2Reads(['ec2:DescribeInstances']));

  reconcile.addToRolePolicy(receiving([work]));
  reconcile.addToRolePolicy(recordReads(props.zoneArns));
  reconcile.addToRolePolicy(recordChanges(props.zoneArns, strictNames(props.configuration)));
  allowCheckRemoval([reconcile, configure]);
  if (mayHaveChecks(props.configuration)) allowChecks([reconcile, configure]);
  const addressReads = ['ec2:DescribeAddresses', ...reverseDnsReads(props.configuration)];
  reconcile.addToRolePolicy(ec2Reads(['ec2:DescribeInstances', ...addressReads]));
  for (const statement of addressMoves(props.configuration)) reconcile.addToRolePolicy(statement);
  for (const statement of reverseDns(props.configuration)) reconcile.addToRolePolicy(statement);
  for (const statement of drains(props.configuration)) reconcile.addToRolePolicy(statement);

  sweep.addToRolePolicy(recordReads(props.zoneArns));
  sweep.addToRolePolicy(checkReads());
  sweep.addToRolePolicy(ec2Reads(['ec2:DescribeInstances', 'ec2:DescribeInstanceStatus', ...addressReads]));
  if (asksAlarms(props.configuration)) sweep.addToRolePolicy(alarmReads());

  configure.addToRolePolicy(recordReads(props.zoneArns));
  configure.addToRolePolicy(recordChanges(props.zoneArns));

  for (const statement of endpointRegistryAccess(props.table)) update?.addToRolePolicy(statement);
  update?.addToRolePolicy(sending([work]));

  for (const each of [observe, reconcile, sweep])
    explainWildcard(each, '*', 'The Describe actions of EC2 know no resources.');
  explainAddressWildcards(reconcile);
  explainDrainWildcards(reconcile);
}

function sending(queues: readonly sqs.IQueue[]): PolicyStatement {
  return new PolicyStatement({
    sid: 'Send',
    actions: ['sqs:SendMessage'],
    resources: queues.map((queue) => queue.queueArn),
  });
}

/** What "Using Lambda with Amazon SQS" (AWS Lambda Developer Guide) asks of the execution role. */
function receiving(queues: readonly sqs.IQueue[]): PolicyStatement {
  return new PolicyStatement({
    sid: 'Receive',
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    resources: queues.map((queue) => queue.queueArn),
  });
}

function recordReads(zoneArns: readonly string[]): PolicyStatement {
  return new PolicyStatement({
    sid: 'ReadRecords',
    actions: ['route53:ListResourceRecordSets'],
    resources: [...zoneArns],
  });
}

/**
 * Never UPSERT, and only the types that Rolecall writes. `ForAllValues` also holds where a key is missing from the
 * request, so `Null` asks for it: see "Using IAM policy conditions for fine-grained access control" (Amazon Route 53
 * Developer Guide) and "Multivalued context keys" (IAM User Guide).
 */
function recordChanges(zoneArns: readonly string[], names?: readonly string[]): PolicyStatement {
  const recordNames = 'route53:ChangeResourceRecordSetsNormalizedRecordNames';
  const actions = 'route53:ChangeResourceRecordSetsActions';
  const types = 'route53:ChangeResourceRecordSetsRecordTypes';
  return new PolicyStatement({
    sid: 'ChangeRecords',
    actions: ['route53:ChangeResourceRecordSets'],
    resources: [...zoneArns],
    conditions: {
      'ForAllValues:StringEquals': { [actions]: ['CREATE', 'DELETE'], [types]: [...RECORD_TYPES] },
      ...(names === undefined ? {} : { 'ForAllValues:StringLike': { [recordNames]: names } }),
      Null: { [actions]: 'false', [types]: 'false', ...(names === undefined ? {} : { [recordNames]: 'false' }) },
    },
  });
}

/** The names that the configuration can produce, where it asks for that limit. */
function strictNames(configuration: Configuration): readonly string[] | undefined {
  return configuration.strictNames === true ? recordNamePatterns(nameScope(configuration)) : undefined;
}

/**
 * With `strictNames`: what λ reconcile may write besides, until it is removed: the names of the configuration before, as
 * the custom resource knows them from the registry. A policy of its own, since it can only be written after the
 * configuration is in; the one that came before it stays until then, so that no name is ever without a permission.
 */
export function grantEarlierNames(scope: Construct, props: PermissionsProps & { installation: CustomResource }): void {
  if (props.configuration.strictNames !== true) return;
  const names = Fn.split(RECORD_NAMES_SEPARATOR, props.installation.getAttString('RecordNames'));
  const { role } = props.functions.reconcile;
  if (role === undefined) return;
  new Policy(scope, 'EarlierNames', { statements: [recordChanges(props.zoneArns, names)], roles: [role] });
}

/** EC2's Describe actions know no resources: "Actions, resources, and condition keys for Amazon EC2". */
function ec2Reads(actions: readonly string[]): PolicyStatement {
  return new PolicyStatement({ sid: 'ReadEc2', actions: [...actions], resources: ['*'] });
}

function asksAlarms({ defaults, roles }: Configuration): boolean {
  const policies = [
    defaults?.health,
    ...Object.values(roles).map((role) => (typeof role === 'string' ? undefined : role.health)),
  ];
  return policies.some((health) => typeof health === 'object' && 'alarms' in health);
}

/** Where names have a set for each member: there a role may have Route 53's health checks. */
function mayHaveChecks({ roles }: Configuration): boolean {
  return Object.values(roles).some(
    (role) =>
      typeof role !== 'string' &&
      (role.names ?? []).some(({ routing }) => routing !== undefined && routing !== 'simple'),
  );
}

/** A check is created before it has a name: "Actions, resources, and condition keys for Amazon Route 53". */
function allowChecks(functions: readonly lambda.Function[]): void {
  for (const each of functions) {
    each.addToRolePolicy(
      new PolicyStatement({ sid: 'CreateChecks', actions: ['route53:CreateHealthCheck'], resources: ['*'] }),
    );
    explainWildcard(each, '*', 'A health check has no name before it is created.');
  }
}

/**
 * Whatever the configuration says: the last name with a check may just have left it, and its check goes only after the
 * deployment, when no set refers to it any more.
 */
function allowCheckRemoval(functions: readonly lambda.Function[]): void {
  const checks = `arn:${Aws.PARTITION}:route53:::healthcheck/*`;
  for (const each of functions) {
    each.addToRolePolicy(
      new PolicyStatement({ sid: 'DeleteChecks', actions: ['route53:DeleteHealthCheck'], resources: [checks] }),
    );
    explainWildcard(
      each,
      'arn:<AWS::Partition>:route53:::healthcheck/*',
      'Route 53 gives the ids; the registry knows which are ours, and only those are deleted.',
    );
  }
}

/** A list is asked of all health checks: "Actions, resources, and condition keys for Amazon Route 53". */
function checkReads(): PolicyStatement {
  return new PolicyStatement({ sid: 'ReadChecks', actions: ['route53:ListHealthChecks'], resources: ['*'] });
}

/** A list is asked of all alarms: "Actions, resources, and condition keys for Amazon CloudWatch". */
function alarmReads(): PolicyStatement {
  return new PolicyStatement({ sid: 'ReadAlarms', actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] });
}

/** Moving the addresses of the pools, and those alone; to instances that carry a role. */
function addressMoves(configuration: Configuration): readonly PolicyStatement[] {
  const pools = elasticIpPools(configuration);
  const addresses = addressStatements(pools, 'Move', ['ec2:AssociateAddress', 'ec2:DisassociateAddress']);
  if (addresses.length === 0) return [];
  return [
    ...addresses,
    new PolicyStatement({
      sid: 'GiveAddress',
      actions: ['ec2:AssociateAddress'],
      resources: [ec2Arn('instance', '*')],
      conditions: { Null: { 'aws:ResourceTag/rolecall:role': 'false' } },
    }),
    // Taken back also from an instance that has lost its role.
    new PolicyStatement({
      sid: 'TakeAddress',
      actions: ['ec2:DisassociateAddress'],
      resources: [ec2Arn('instance', '*')],
    }),
    new PolicyStatement({
      sid: 'ReachInterface',
      actions: ['ec2:AssociateAddress', 'ec2:DisassociateAddress'],
      resources: [ec2Arn('network-interface', '*')],
    }),
  ];
}

/** Where there is a pool, it may want reverse DNS, or have wanted it: what was given then is taken back. */
function reverseDnsReads({ roles }: Configuration): readonly string[] {
  const hasPool = Object.values(roles).some((role) => typeof role !== 'string' && role.elasticIp !== undefined);
  return hasPool ? ['ec2:DescribeAddressesAttribute'] : [];
}

/** An address that left its pool has lost the tag: which ones were given a name, the registry knows. */
function reverseDns(configuration: Configuration): readonly PolicyStatement[] {
  if (reverseDnsReads(configuration).length === 0) return [];
  const wanting = Object.values(configuration.roles).flatMap((role) =>
    typeof role === 'string' || role.elasticIp?.ptr === undefined ? [] : [role.elasticIp],
  );
  return [
    ...addressStatements(poolsOf(wanting), 'Name', ['ec2:ModifyAddressAttribute']),
    new PolicyStatement({
      sid: 'ResetReverseDns',
      actions: ['ec2:ResetAddressAttribute'],
      resources: [ec2Arn('elastic-ip', '*')],
    }),
  ];
}

function addressStatements(
  pools: ElasticIpPools,
  verb: 'Move' | 'Name',
  actions: readonly string[],
): readonly PolicyStatement[] {
  const statements: PolicyStatement[] = [];
  if (pools.allocationIds.length > 0) {
    const resources = pools.allocationIds.map((allocationId) => ec2Arn('elastic-ip', allocationId));
    statements.push(new PolicyStatement({ sid: `${verb}ListedAddresses`, actions: [...actions], resources }));
  }
  if (pools.tags.length > 0) {
    statements.push(
      new PolicyStatement({
        sid: `${verb}PoolAddresses`,
        actions: [...actions],
        resources: [ec2Arn('elastic-ip', '*')],
        conditions: { StringEquals: { 'aws:ResourceTag/rolecall:pool': [...pools.tags] } },
      }),
    );
  }
  return statements;
}

interface ElasticIpPools {
  readonly tags: readonly string[];
  readonly allocationIds: readonly string[];
}

function elasticIpPools(configuration: Configuration): ElasticIpPools {
  return poolsOf(
    Object.values(configuration.roles).flatMap((role) =>
      typeof role === 'string' || role.elasticIp === undefined ? [] : [role.elasticIp],
    ),
  );
}

function poolsOf(
  definitions: readonly { readonly pool?: string; readonly allocationIds?: readonly string[] }[],
): ElasticIpPools {
  return {
    tags: distinct(definitions.flatMap(({ pool }) => (pool === undefined ? [] : [pool]))),
    allocationIds: distinct(definitions.flatMap(({ allocationIds }) => allocationIds ?? [])),
  };
}

function explainAddressWildcards(reconcile: lambda.Function): void {
  const ec2 = 'arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>';
  const reasons = {
    'elastic-ip':
      'Addresses whose tag puts them into a pool of the configuration, which may change after the deployment; or those that had one, to take back the reverse DNS that they were given.',
    instance: 'Any instance may hold a role; the condition admits those with the tag of one.',
    'network-interface': 'EC2 asks for the interface of the instance too, and it carries no tag of ours.',
  };
  for (const [type, reason] of Object.entries(reasons)) explainWildcard(reconcile, `${ec2}:${type}/*`, reason);
}

/** "Actions, resources, and condition keys" for Amazon Route 53, for Amazon EC2 Auto Scaling, and for Amazon EC2. */
function drains({ allowTerminate }: Configuration): readonly PolicyStatement[] {
  const statements = [
    new PolicyStatement({ sid: 'FollowChanges', actions: ['route53:GetChange'], resources: [CHANGES] }),
    new PolicyStatement({
      sid: 'CompleteHooks',
      actions: ['autoscaling:CompleteLifecycleAction', 'autoscaling:RecordLifecycleActionHeartbeat'],
      resources: [SCALING_GROUPS],
    }),
    new PolicyStatement({ sid: 'ReadHooks', actions: ['autoscaling:DescribeLifecycleHooks'], resources: ['*'] }),
  ];
  if (allowTerminate !== true) return statements;
  return [
    ...statements,
    new PolicyStatement({
      sid: 'TerminateDrained',
      actions: ['ec2:TerminateInstances'],
      resources: [ec2Arn('instance', '*')],
      conditions: { Null: { 'aws:ResourceTag/rolecall:role': 'false' } },
    }),
  ];
}

function explainDrainWildcards(reconcile: lambda.Function): void {
  const partition = 'arn:<AWS::Partition>';
  explainWildcard(reconcile, `${partition}:route53:::change/*`, 'A change has an id only once it is made.');
  const groups = `${partition}:autoscaling:<AWS::Region>:<AWS::AccountId>:autoScalingGroup:*:autoScalingGroupName/*`;
  explainWildcard(reconcile, groups, 'Any Auto Scaling group may have a hook that waits for Rolecall.');
}

/** Answers cdk-nag, which wants a reason for each wildcard. */
function explainWildcard(each: lambda.Function, resource: string, reason: string): void {
  if (each.role === undefined) return;
  Validations.of(each.role).acknowledge({ id: `AwsSolutions::AwsSolutions-IAM5[Resource::${resource}]`, reason });
}

const CHANGES = `arn:${Aws.PARTITION}:route53:::change/*`;
const SCALING_GROUPS = `arn:${Aws.PARTITION}:autoscaling:${Aws.REGION}:${Aws.ACCOUNT_ID}:autoScalingGroup:*:autoScalingGroupName/*`;

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}

function ec2Arn(type: string, id: string): string {
  return `arn:${Aws.PARTITION}:ec2:${Aws.REGION}:${Aws.ACCOUNT_ID}:${type}/${id}`;
}
