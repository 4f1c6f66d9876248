import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { Route53Client } from '@aws-sdk/client-route-53';
import { SQSClient } from '@aws-sdk/client-sqs';

const CONNECT_MS = 1_000;

/** Shorter than the SDK's defaults: a pass has 20 seconds in all. */
const timeouts = (requestMs: number) => ({
  requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: requestMs, throwOnRequestTimeout: true },
});

export const dynamodbClient = (): DynamoDBClient => new DynamoDBClient({ ...timeouts(3_000), maxAttempts: 4 });
export const sqsClient = (): SQSClient => new SQSClient({ ...timeouts(3_000), maxAttempts: 4 });

/** Sent once: a repetition by the client would hide that a call whose answer was lost took effect. */
export const route53Client = (): Route53Client => new Route53Client({ ...timeouts(4_000), maxAttempts: 1 });
export const autoScalingClient = (): AutoScalingClient => new AutoScalingClient({ ...timeouts(4_000), maxAttempts: 1 });
export const ec2Client = (): EC2Client => new EC2Client({ ...timeouts(4_000), maxAttempts: 1 });
export const cloudwatchClient = (): CloudWatchClient => new CloudWatchClient({ ...timeouts(4_000), maxAttempts: 1 });
