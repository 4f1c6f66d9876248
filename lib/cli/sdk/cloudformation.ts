/** What the commands use of this client: see ec2.ts. */
export { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
