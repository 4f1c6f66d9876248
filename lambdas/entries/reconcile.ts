import { autoScalingClient, dynamodbClient, ec2Client, route53Client, sqsClient } from '../clients.ts';
import { settingsFrom } from '../environment.ts';
import { createHandler } from '../reconcile.ts';
import { metered } from '../metrics.ts';
import { systemRuntime } from '../runtime.ts';

const settings = settingsFrom(process.env);
const clients = {
  autoScaling: autoScalingClient(),
  dynamodb: dynamodbClient(),
  ec2: ec2Client(),
  route53: route53Client(),
  sqs: sqsClient(),
};

export const handler = metered(systemRuntime, settings.metricsService, (runtime) =>
  createHandler(settings, clients, runtime),
);
