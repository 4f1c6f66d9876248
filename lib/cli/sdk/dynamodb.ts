/** What the commands use of this client: see ec2.ts. */
export { DynamoDBClient } from '@aws-sdk/client-dynamodb';
