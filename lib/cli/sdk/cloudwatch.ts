/** What the commands use of this client: see ec2.ts. */
export { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
