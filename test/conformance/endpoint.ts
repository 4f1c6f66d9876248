import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { Route53Client } from '@aws-sdk/client-route-53';
import { SQSClient } from '@aws-sdk/client-sqs';
import { Account } from '../../local/account.ts';
import { type Clients, clientsFor } from '../../local/in-process.ts';

/**
 * The conformance suites say what AWS documents. They run against the local account, or against the endpoint that
 * `CONFORMANCE_ENDPOINT` names, such as `http://127.0.0.1:5001` of `moto_server -H 127.0.0.1 -p 5001`.
 */
const ENDPOINT = process.env['CONFORMANCE_ENDPOINT'];

export type Emulator = 'local' | 'moto' | 'other';

/** Who answers. */
export const EMULATOR: Emulator = ENDPOINT === undefined ? 'local' : (await isMoto(ENDPOINT)) ? 'moto' : 'other';

async function isMoto(endpoint: string): Promise<boolean> {
  return (await fetch(`${endpoint}/moto-api/config`)).ok;
}

/** Clients of the endpoint under test; a local account is new each time. */
export function conformanceClients(): Clients {
  if (ENDPOINT === undefined) return clientsFor(new Account(), 'conformance');
  const settings = {
    endpoint: ENDPOINT,
    region: 'us-east-1',
    credentials: { accessKeyId: 'conformance', secretAccessKey: 'conformance' },
    maxAttempts: 1,
  };
  return {
    autoScaling: new AutoScalingClient(settings),
    cloudwatch: new CloudWatchClient(settings),
    dynamodb: new DynamoDBClient(settings),
    ec2: new EC2Client(settings),
    route53: new Route53Client(settings),
    sqs: new SQSClient(settings),
  };
}

/** A name that no other test of a shared endpoint has. */
export function freshName(prefix: string): string {
  return `${prefix}-${crypto.randomUUID().slice(0, 8)}`;
}

type Check = () => Promise<void>;

/**
 * For what AWS does and an emulator other than ours is known not to do. There the check must still fail: an exception
 * that is no longer needed is to be removed.
 */
export function exceptFor(emulator: Exclude<Emulator, 'local'>, reason: string, check: Check): Check {
  if (emulator !== EMULATOR) return check;
  return async () => {
    const passed = await check().then(
      () => true,
      () => false,
    );
    if (passed) throw new Error(`${emulator} now does as AWS does; it was declared that it ${reason}`);
    console.info(`Declared: ${emulator} ${reason}.`);
  };
}
