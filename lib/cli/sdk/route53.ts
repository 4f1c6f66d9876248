/** What the commands use of this client: see ec2.ts. */
export {
  GetAccountLimitCommand,
  GetHostedZoneLimitCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
