import { dynamodbClient, route53Client, sqsClient } from '../clients.ts';
import { settingsFrom } from '../environment.ts';
import { createHandler } from '../configure.ts';
import { systemRuntime } from '../runtime.ts';

export const handler = createHandler(
  settingsFrom(process.env),
  { dynamodb: dynamodbClient(), route53: route53Client(), sqs: sqsClient() },
  systemRuntime,
);
