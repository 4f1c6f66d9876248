import { CreateTableCommand, DeleteTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateHostedZoneCommand, DeleteHostedZoneCommand, type Route53Client } from '@aws-sdk/client-route-53';
import { CreateQueueCommand, DeleteQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { InvalidInput } from '../../lib/model/errors.ts';
import type { Timeline } from '../timeline.ts';
import type { CustomResource, CustomResourceDesk } from './custom-resource.ts';
import type { LambdaHost } from './lambda-host.ts';
import { QueueMapping, type MessageSource } from './queue-mapping.ts';
import {
  CUSTOM_RESOURCE,
  FUNCTION,
  FUNCTION_URL,
  HOSTED_ZONE,
  MAPPING,
  QUEUE,
  readProperties,
  RULE,
  TABLE,
} from './properties.ts';
import { every, ratePeriodMs } from './schedule.ts';

/** Takes an event that a rule matched. */
export type RuleTarget = (event: Readonly<Record<string, unknown>>) => void;

/** The account that a stack is created in, as far as its resources need it. */
export interface StackHome {
  readonly timeline: Timeline;
  readonly newId: () => string;
  readonly accountId: string;
  readonly region: string;
  readonly clients: { readonly dynamodb: DynamoDBClient; readonly route53: Route53Client; readonly sqs: SQSClient };
  readonly host: LambdaHost;
  /** Where custom resources are asked for. */
  readonly desk: Pick<CustomResourceDesk, 'request'>;
  queue(arn: string): MessageSource;
  /** Puts a message into a queue, as EventBridge does. */
  send(queueArn: string, body: string): void;
  /** The returned function takes the rule away. */
  addRule(name: string, pattern: unknown, target: RuleTarget): () => void;
  /** Opens a URL at which a function answers. */
  serveUrl(functionName: string): Promise<{ readonly url: string; close(): Promise<void> }>;
  readonly onFailure: (functionName: string, error: unknown) => void;
}

/** What a resource is created from: the properties are resolved. */
export interface ResourceRequest {
  readonly stackName: string;
  readonly stackId: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly assetFolder: (objectKey: string) => string;
}

export interface Resource {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
  remove(): Promise<void>;
  /** Where it does something by itself: it no longer does. */
  halt?(): void;
  /** Where a change of properties is carried out in place. */
  update?(request: ResourceRequest, before: Readonly<Record<string, unknown>>): Promise<void>;
}

type Maker = (request: ResourceRequest, home: StackHome) => Promise<Resource>;

/** Types that have no effect here, nor has a change of them: nobody is refused, logs are this process's output, and nobody watches alarms. */
const INERT = new Set([
  'AWS::CDK::Metadata',
  'AWS::CloudWatch::Alarm',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::SQS::QueuePolicy',
]);

const MAKERS: Readonly<Record<string, Maker>> = {
  'AWS::DynamoDB::Table': makeTable,
  'AWS::Events::Rule': makeRule,
  'AWS::Lambda::EventSourceMapping': makeMapping,
  'AWS::Lambda::Function': makeFunction,
  'AWS::Lambda::Url': makeFunctionUrl,
  'AWS::Route53::HostedZone': makeHostedZone,
  'AWS::SQS::Queue': makeQueue,
};

/** @throws InvalidInput for a type that would have an effect in AWS and has none here. */
export async function createResource(request: ResourceRequest, home: StackHome): Promise<Resource> {
  const make = request.type.startsWith('Custom::') ? makeCustomResource : MAKERS[request.type];
  if (make !== undefined) return await make(request, home);
  if (INERT.has(request.type)) return inert(request, home);
  throw new InvalidInput(
    `${request.logicalId} is a ${request.type}, which the local account does not have; it has ${Object.keys(MAKERS).join(', ')}.`,
  );
}

function inert({ type, ...request }: ResourceRequest, home: StackHome): Resource {
  const name = physicalName(request, home);
  const service = type.split('::')[1]?.toLowerCase() ?? '';
  const attributes = { Arn: arnOf(home, service, name) };
  return { ref: name, attributes, update: async () => {}, remove: async () => {} };
}

async function makeTable(request: ResourceRequest, home: StackHome): Promise<Resource> {
  const { AttributeDefinitions, KeySchema, BillingMode } = readProperties(TABLE, request);
  const name = physicalName(request, home);
  const { dynamodb } = home.clients;
  await dynamodb.send(new CreateTableCommand({ TableName: name, AttributeDefinitions, KeySchema, BillingMode }));
  return {
    ref: name,
    attributes: { Arn: arnOf(home, 'dynamodb', `table/${name}`) },
    remove: async () => {
      await dynamodb.send(new DeleteTableCommand({ TableName: name }));
    },
  };
}

async function makeQueue(request: ResourceRequest, home: StackHome): Promise<Resource> {
  const { Tags: _tags, ...properties } = readProperties(QUEUE, request);
  const name = `${physicalName(request, home)}${properties.FifoQueue === true ? '.fifo' : ''}`;
  const Attributes = Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, attributeText(value)]));
  const { sqs } = home.clients;
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
  return {
    ref: QueueUrl,
    attributes: { Arn: arnOf(home, 'sqs', name), QueueName: name, QueueUrl },
    remove: async () => {
      await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    },
  };
}

function attributeText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

async function makeHostedZone(request: ResourceRequest, home: StackHome): Promise<Resource> {
  const { Name, VPCs } = readProperties(HOSTED_ZONE, request);
  const { route53 } = home.clients;
  const { HostedZone, DelegationSet } = await route53.send(
    new CreateHostedZoneCommand({ Name, CallerReference: home.newId(), ...(VPCs?.[0] ? { VPC: VPCs[0] } : {}) }),
  );
  const id = (HostedZone?.Id ?? '').replace('/hostedzone/', '');
  return {
    ref: id,
    attributes: { Id: id, NameServers: (DelegationSet?.NameServers ?? []).join(',') },
    remove: async () => {
      await route53.send(new DeleteHostedZoneCommand({ Id: id }));
    },
  };
}

async function makeFunction(request: ResourceRequest, home: StackHome): Promise<Resource> {
  const { Code, Handler, Timeout, MemorySize, Environment } = readProperties(FUNCTION, request);
  const name = physicalName(request, home);
  const arn = arnOf(home, 'lambda', `function:${name}`);
  home.host.create({
    name,
    arn,
    folder: request.assetFolder(Code.S3Key),
    handler: Handler,
    timeoutMs: Timeout * 1000,
    memoryMegabytes: MemorySize,
    environment: Environment.Variables,
  });
  return { ref: name, attributes: { Arn: arn }, remove: () => home.host.remove(name) };
}

async function makeFunctionUrl(request: ResourceRequest, home: StackHome): Promise<Resource> {
  const { TargetFunctionArn } = readProperties(FUNCTION_URL, request);
  const served = await home.serveUrl(functionNameOf(TargetFunctionArn));
  return {
    ref: TargetFunctionArn,
    attributes: { FunctionArn: TargetFunctionArn, FunctionUrl: served.url },
    remove: () => served.close(),
  };
}

async function makeMapping(request: ResourceRequest, home: StackHome): Promise<Resource> {
  const properties = readProperties(MAPPING, request);
  const mapping = new QueueMapping({
    source: home.queue(properties.EventSourceArn),
    host: home.host,
    functionName: functionNameOf(properties.FunctionName),
    region: home.region,
    batchSize: properties.BatchSize,
    maxConcurrency: properties.ScalingConfig.MaximumConcurrency,
    reportsBatchItemFailures: properties.FunctionResponseTypes.includes('ReportBatchItemFailures'),
    onFailure: home.onFailure,
  });
  return { ref: home.newId(), attributes: {}, remove: () => mapping.stop(), halt: () => mapping.halt() };
}

async function makeRule(request: ResourceRequest, home: StackHome): Promise<Resource> {
  const { EventPattern, ScheduleExpression, State, Targets } = readProperties(RULE, request);
  const name = physicalName(request, home);
  const arn = arnOf(home, 'events', `rule/${name}`);
  const targets = Targets.map((target) => targetOf(target.Arn, home));
  const deliver: RuleTarget = (event) => {
    for (const target of targets) target(event);
  };
  const ends: (() => void)[] = [];
  if (State !== 'DISABLED' && EventPattern !== undefined) ends.push(home.addRule(name, EventPattern, deliver));
  if (State !== 'DISABLED' && ScheduleExpression !== undefined) {
    ends.push(every(home.timeline, ratePeriodMs(ScheduleExpression), () => deliver(scheduledEvent(arn, home))));
  }
  const halt = (): void => {
    for (const end of ends) end();
  };
  return { ref: name, attributes: { Arn: arn }, halt, remove: async () => halt() };
}

function targetOf(arn: string, home: StackHome): RuleTarget {
  const service = arn.split(':')[2];
  if (service === 'sqs') return (event) => home.send(arn, JSON.stringify(event));
  if (service === 'lambda') {
    const name = functionNameOf(arn);
    return (event) => {
      home.host.invoke(name, event).catch((error: unknown) => home.onFailure(name, error));
    };
  }
  throw new InvalidInput(`a rule has the target ${arn}; the local account delivers to queues and functions only.`);
}

/** "Scheduled Event", in the form that a rule with a schedule sends ("Schedule rules", Amazon EventBridge User Guide). */
function scheduledEvent(ruleArn: string, { newId, accountId, region, timeline }: StackHome): Record<string, unknown> {
  return {
    version: '0',
    id: newId(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: accountId,
    time: new Date(timeline.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
    region,
    resources: [ruleArn],
    detail: {},
  };
}

async function makeCustomResource(request: ResourceRequest, home: StackHome): Promise<Resource> {
  let resource = describeCustomResource(request);
  const created = await home.desk.request(resource, { RequestType: 'Create' });
  const PhysicalResourceId = created.physicalId;
  let { attributes } = created;
  return {
    ref: PhysicalResourceId,
    get attributes() {
      return attributes;
    },
    update: async (changed, OldResourceProperties) => {
      resource = describeCustomResource(changed);
      const change = { RequestType: 'Update', PhysicalResourceId, OldResourceProperties } as const;
      ({ attributes } = await home.desk.request(resource, change));
    },
    remove: async () => {
      await home.desk.request(resource, { RequestType: 'Delete', PhysicalResourceId });
    },
  };
}

function describeCustomResource(request: ResourceRequest): CustomResource {
  const { ServiceToken, ServiceTimeout, ...properties } = readProperties(CUSTOM_RESOURCE, request);
  return {
    functionName: functionNameOf(ServiceToken),
    serviceToken: ServiceToken,
    stackId: request.stackId,
    logicalId: request.logicalId,
    resourceType: request.type,
    properties,
    timeoutMs: Number(ServiceTimeout) * 1000,
  };
}

function functionNameOf(nameOrArn: string): string {
  return nameOrArn.split(':').at(-1) ?? nameOrArn;
}

const MAX_NAME = 64;
const SUFFIX = 12;

/** As CloudFormation names what a template leaves unnamed: stack, logical id, and something random. */
function physicalName(
  { stackName, logicalId }: Pick<ResourceRequest, 'stackName' | 'logicalId'>,
  home: StackHome,
): string {
  const suffix = home.newId().replaceAll('-', '').slice(0, SUFFIX).toUpperCase();
  return `${`${stackName}-${logicalId}`.slice(0, MAX_NAME - SUFFIX - 1)}-${suffix}`;
}

function arnOf({ region, accountId }: StackHome, service: string, resource: string): string {
  return `arn:aws:${service}:${region}:${accountId}:${resource}`;
}
