import { dynamodbClient, ec2Client, route53Client, sqsClient } from '../clients.ts';
import { settingsFrom } from '../environment.ts';
import { createHandler } from '../reconcile.ts';
import { systemRuntime } from '../runtime.ts';

export const handler = createHandler(
  settingsFrom(process.env),
  { dynamodb: dynamodbClient(), ec2: ec2Client(), route53: route53Client(), sqs: sqsClient() },
  systemRuntime,
);
