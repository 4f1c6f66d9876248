import * as v from 'valibot';
import { InvalidInput } from '../../lib/model/errors.ts';

/**
 * The properties of each resource type, resolved. Every property that the local account knows is listed, also those
 * without an effect here; any other is refused, so that none is passed over in silence.
 */
const text = v.string();
const noEffect = v.optional(v.unknown());
const record = v.record(text, v.unknown());

export const TABLE = v.strictObject({
  AttributeDefinitions: v.array(v.object({ AttributeName: text, AttributeType: v.picklist(['S', 'N', 'B']) })),
  KeySchema: v.array(v.object({ AttributeName: text, KeyType: v.picklist(['HASH', 'RANGE']) })),
  BillingMode: v.literal('PAY_PER_REQUEST'),
  // Items are kept past their time, as DynamoDB may for days.
  TimeToLiveSpecification: noEffect,
  PointInTimeRecoverySpecification: noEffect,
  SSESpecification: noEffect,
  DeletionProtectionEnabled: noEffect,
  Tags: noEffect,
});

/** Passed on as the attributes of CreateQueue, which refuses those that it does not know. */
export const QUEUE = v.objectWithRest({ FifoQueue: v.optional(v.boolean()), Tags: noEffect }, v.unknown());

export const HOSTED_ZONE = v.strictObject({
  Name: text,
  VPCs: v.optional(v.array(v.object({ VPCId: text, VPCRegion: v.literal('us-east-1') }))),
  HostedZoneConfig: noEffect,
  HostedZoneTags: noEffect,
});

export const FUNCTION = v.strictObject({
  Code: v.object({ S3Key: text }),
  Handler: text,
  // AWS Lambda's own defaults.
  Timeout: v.optional(v.number(), 3),
  MemorySize: v.optional(v.number(), 128),
  Environment: v.optional(v.object({ Variables: v.optional(v.record(text, text), {}) }), {}),
  Architectures: noEffect,
  Description: noEffect,
  LoggingConfig: noEffect,
  Role: noEffect,
  Runtime: noEffect,
  Tags: noEffect,
});

export const MAPPING = v.strictObject({
  EventSourceArn: text,
  FunctionName: text,
  BatchSize: v.optional(v.number(), 10),
  FunctionResponseTypes: v.optional(v.array(text), []),
  // Five is what AWS Lambda starts with where no maximum is set.
  ScalingConfig: v.optional(v.object({ MaximumConcurrency: v.optional(v.number(), 5) }), {}),
  Enabled: v.optional(v.literal(true)),
  Tags: noEffect,
});

export const FUNCTION_URL = v.strictObject({
  AuthType: v.literal('NONE'),
  InvokeMode: v.optional(v.literal('BUFFERED')),
  TargetFunctionArn: text,
});

export const RULE = v.strictObject({
  EventPattern: v.optional(record),
  ScheduleExpression: v.optional(text),
  State: v.optional(v.picklist(['ENABLED', 'DISABLED']), 'ENABLED'),
  // Delivery never fails here, so there is nothing to retry.
  Targets: v.optional(
    v.array(v.strictObject({ Arn: text, Id: text, RetryPolicy: noEffect, DeadLetterConfig: noEffect })),
    [],
  ),
  Description: noEffect,
  Name: noEffect,
});

export const CUSTOM_RESOURCE = v.objectWithRest(
  // CloudFormation waits for an hour where a resource says nothing else.
  { ServiceToken: text, ServiceTimeout: v.optional(text, '3600') },
  v.unknown(),
);

/** @throws InvalidInput naming the resource, the property and what is allowed. */
export function readProperties<Schema extends v.GenericSchema>(
  schema: Schema,
  { logicalId, type, properties }: { readonly logicalId: string; readonly type: string; readonly properties: unknown },
): v.InferOutput<Schema> {
  const read = v.safeParse(schema, properties);
  if (read.success) return read.output;
  const problems = read.issues.map((issue) => `${v.getDotPath(issue) ?? ''}: ${issue.message}`);
  throw new InvalidInput(
    `the local account cannot create ${logicalId} (${type}) as the template has it: ${problems.join('; ')}.`,
  );
}
