import { dynamodbClient, sqsClient } from '../clients.ts';
import { addressPolicyFrom, settingsFrom } from '../environment.ts';
import { systemRuntime } from '../runtime.ts';
import { createHandler } from '../update.ts';

export const handler = createHandler(
  settingsFrom(process.env),
  { dynamodb: dynamodbClient(), sqs: sqsClient() },
  systemRuntime,
  addressPolicyFrom(process.env),
);
