/**
 * What the commands use of this client. A module that is imported when it is needed is bundled with all that it
 * exports, and a client exports its whole service: hence a file that exports what is used.
 */
export {
  CreateTagsCommand,
  EC2Client,
  paginateDescribeInstances,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
