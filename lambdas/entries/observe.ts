import { dynamodbClient, ec2Client, sqsClient } from '../clients.ts';
import { settingsFrom } from '../environment.ts';
import { createHandler } from '../observe.ts';
import { systemRuntime } from '../runtime.ts';

export const handler = createHandler(
  settingsFrom(process.env),
  { dynamodb: dynamodbClient(), ec2: ec2Client(), sqs: sqsClient() },
  systemRuntime,
);
