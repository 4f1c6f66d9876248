/** What the commands use of this client: see ec2.ts. */
export { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
